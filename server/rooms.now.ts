import type { Caller, ContactActor } from '@fermata/contract/actors'
import { may } from '@fermata/contract/may'
import { appViews, memberViews, visibleMembers } from '@fermata/people/accounts/index'
import { accessContact } from '@fermata/people/contacts/index'
import { conversationsNow, seesTalkWith } from '@fermata/people/conversations/index'
import { draftsNow } from '@fermata/people/drafts/index'
import type { NowSource } from '@fermata/people/feed/index'
import { inboxForCaller, visibleInboxes } from '@fermata/people/places/index'
import { fellowsOf, teamViews, visibleTeams } from '@fermata/people/teams/index'
import { bytesOf } from '@fermata/base/ids'

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
  async directory(tx, caller) {
    if (isStranger(caller)) return { members: [], teams: [] }
    return {
      members: await visibleMembers(tx, caller, fellowsOf),
      teams: await visibleTeams(tx, caller),
    }
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
