import type { Caller, ContactActor } from '@fermata/contract/actors'
import { may } from '@fermata/contract/may'
import {
  appViews,
  memberViews,
  visibleMembers,
  type FellowsOf,
} from '@fermata/people/accounts/index'
import { accessContact } from '@fermata/people/contacts/index'
import {
  conversationsNow,
  directFellowsOf,
  hearersOfDirect,
  seesTalkWith,
} from '@fermata/people/conversations/index'
import { draftsNow } from '@fermata/people/drafts/index'
import { accessLabel, labelView, visibleLabels } from '@fermata/people/labels/index'
import { accessReply, replyView, visibleReplies } from '@fermata/people/replies/index'
import type { NowSource } from '@fermata/people/feed/index'
import {
  channelFellowsOf,
  channelForCaller,
  hearersOfChannel,
  inboxForCaller,
  visibleChannels,
  visibleInboxes,
} from '@fermata/people/places/index'
import { fellowsOf, teamViews, visibleTeams } from '@fermata/people/teams/index'
import { bytesOf, idText, type MemberId } from '@fermata/base/ids'

/** The ids of those whom a guest knows: from teams, from channels, and from talking directly. */
export const knownOf: FellowsOf = async (tx, workspace, member) => [
  ...(await fellowsOf(tx, workspace, member)),
  ...(await channelFellowsOf(tx, workspace, member)),
  ...(await directFellowsOf(tx, idText('mbr', member))).map((id) => bytesOf(id as MemberId)),
]

/** Contacts are told of their conversations and of themselves, never of who works here and how. */
function isStranger(caller: Caller): caller is ContactActor {
  return caller.kind === 'contact'
}

/**
 * How the feed learns what things are now: by the look-ups of the rooms that hold them, each with the eyes
 * of whoever reads.
 */
export const nowSource: NowSource = {
  ...conversationsNow,
  ...draftsNow,
  async contact(tx, caller, id) {
    if (caller.kind === 'member' && !may(caller, 'contacts:read')) {
      if (!(await seesTalkWith(tx, caller, id))) return null
    }
    const accessed = await accessContact(tx, caller, id)
    return accessed.ok ? accessed.value : null
  },
  async inbox(tx, caller, id) {
    if (isStranger(caller)) return null
    return (await inboxForCaller(tx, caller, bytesOf(id))) ?? null
  },
  inboxes: (tx, caller) => visibleInboxes(tx, caller),
  async channel(tx, caller, id) {
    return (await channelForCaller(tx, caller, bytesOf(id)))?.channel ?? null
  },
  channels: (tx, caller) => visibleChannels(tx, caller),
  async hearers(tx, { workspace, place, conversation }) {
    const isDirect = conversation !== null && Buffer.compare(conversation, place) === 0
    return isDirect ? hearersOfDirect(tx, place) : hearersOfChannel(tx, workspace, place)
  },
  async directory(tx, caller) {
    if (isStranger(caller)) return { members: [], teams: [] }
    return {
      members: await visibleMembers(tx, caller, knownOf),
      teams: await visibleTeams(tx, caller),
    }
  },
  async label(tx, caller, id) {
    const accessed = await accessLabel(tx, caller, id)
    return accessed.ok && accessed.value.removed_at === null ? labelView(accessed.value) : null
  },
  async reply(tx, caller, id) {
    const accessed = await accessReply(tx, caller, id)
    return accessed.ok && accessed.value.removed_at === null ? replyView(accessed.value) : null
  },
  async prepared(tx, caller) {
    return { labels: await visibleLabels(tx, caller), replies: await visibleReplies(tx, caller) }
  },
  async team(tx, caller, id) {
    if (isStranger(caller)) return null
    return (await teamViews(tx, caller.workspace, [id]))[0] ?? null
  },
  async member(tx, caller, id) {
    if (isStranger(caller)) return null
    return (await memberViews(tx, caller.workspace, [id]))[0] ?? null
  },
  async app(tx, caller, id) {
    if (isStranger(caller)) return null
    return (await appViews(tx, caller.workspace, [id]))[0] ?? null
  },
}
