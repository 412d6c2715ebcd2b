import type {
  AppId,
  ChannelId,
  ContactId,
  ConversationId,
  InboxId,
  LabelId,
  ReplyId,
  MemberId,
  MessageId,
  ScheduledId,
  TeamId,
} from '@fermata/base/ids'
import { idText } from '@fermata/base/ids'
import type { AppView, MemberView } from '@fermata/contract/accounts.schema'
import type { Caller } from '@fermata/contract/actors'
import type { AnyRow, ChannelView, SeatView } from '@fermata/contract/channels.schema'
import type { ContactView } from '@fermata/contract/contacts.schema'
import type { MessageView, MineView, ParticipantView } from '@fermata/contract/conversations.schema'
import type { DraftView, ScheduledView } from '@fermata/contract/drafts.schema'
import type { AnyEvent, EventBody, Now } from '@fermata/contract/events.schema'
import type { LabelView } from '@fermata/contract/labels.schema'
import { may } from '@fermata/contract/may'
import type { Permission } from '@fermata/contract/permissions'
import type { InboxView } from '@fermata/contract/places.schema'
import type { ReplyView } from '@fermata/contract/replies.schema'
import type { TeamView } from '@fermata/contract/teams.schema'
import type { ReadTx, StoredEvent } from '@fermata/storage/port'
import type { Hearers } from './audience.ts'

/** The people whom somebody may see. */
export interface Directory {
  readonly members: readonly MemberView[]
  readonly teams: readonly TeamView[]
}

/** What somebody finds prepared for their work. */
export interface Prepared {
  readonly labels: readonly LabelView[]
  readonly replies: readonly ReplyView[]
}

/** Where something happened; a direct conversation is a place of its own. */
export type PlaceOfEvent = Pick<StoredEvent, 'workspace' | 'conversation'> & {
  readonly place: Uint8Array
}

type Look<Id, View> = (tx: ReadTx, caller: Caller, id: Id) => Promise<View | null>

/**
 * How the feed learns what things are now. The rooms that hold them lie downstream, so the
 * look-ups are given at assembly. Each answers null for what the caller may not see.
 */
export interface NowSource {
  readonly conversation: Look<ConversationId, AnyRow>
  readonly message: Look<MessageId, MessageView>
  readonly participants: Look<ConversationId, ParticipantView[]>
  readonly mine: Look<ConversationId, MineView>
  readonly contact: Look<ContactId, ContactView>
  /** A draft of one's own, and the shared one of a conversation. */
  readonly draft: Look<ConversationId, DraftView>
  readonly sharedDraft: Look<ConversationId, DraftView>
  /** What one says later, while it is not over. */
  readonly scheduled: Look<ScheduledId, ScheduledView>
  readonly inbox: Look<InboxId, InboxView>
  readonly channel: Look<ChannelId, ChannelView>
  readonly team: Look<TeamId, TeamView>
  readonly label: Look<LabelId, LabelView>
  readonly reply: Look<ReplyId, ReplyView>
  /** All labels and prepared replies that the caller has. */
  prepared(tx: ReadTx, caller: Caller): Promise<Prepared>
  readonly member: Look<MemberId, MemberView>
  readonly app: Look<AppId, AppView>
  /** All members and teams that the caller may see. */
  directory(tx: ReadTx, caller: Caller): Promise<Directory>
  /** Every inbox that the caller may see. */
  inboxes(tx: ReadTx, caller: Caller): Promise<InboxView[]>
  /** Every channel that the caller may see, and their own places in them. */
  channels(tx: ReadTx, caller: Caller): Promise<{ rows: ChannelView[]; seats: SeatView[] }>
  /** Who hears of a place where members talk; undefined for an inbox. */
  hearers(tx: ReadTx, at: PlaceOfEvent): Promise<Hearers | undefined>
}

/** Asks each thing once, however many events of a batch are about it. */
type Ask = <View>(
  what: string,
  id: string,
  look: (tx: ReadTx, caller: Caller) => Promise<View>,
) => Promise<View>

function asker(tx: ReadTx, caller: Caller): Ask {
  const known = new Map<string, Promise<unknown>>()
  return <View>(
    what: string,
    id: string,
    look: (tx: ReadTx, caller: Caller) => Promise<View>,
  ): Promise<View> => {
    const key = what + id
    const found = known.get(key) ?? look(tx, caller)
    known.set(key, found)
    return found as Promise<View>
  }
}

/** What a contact is told is cut down by whose it is, not by a permission. */
function allows(caller: Caller, permission: Permission): boolean {
  return caller.kind === 'contact' || may(caller, permission)
}

async function talkNow(
  source: NowSource,
  ask: Ask,
  caller: Caller,
  event: AnyEvent,
  id: ConversationId,
): Promise<Now> {
  const now: { -readonly [K in keyof Now]: Now[K] } = {}
  if (!allows(caller, 'conversations:read')) return now
  const row = await ask('conversation', id, (tx, who) => source.conversation(tx, who, id))
  now.conversation = row
  if (row === null) return now
  // Whoever sees a conversation knows who it is with; what a token may read is for its scopes to say.
  const isTold = caller.kind === 'member' || (caller.kind === 'app' && may(caller, 'contacts:read'))
  if (isTold && 'contact' in row) {
    const { contact } = row
    now.contact = await ask('contact', contact, (tx, who) => source.contact(tx, who, contact))
  }
  switch (event.type) {
    case 'message.posted':
    case 'message.edited':
    case 'message.deleted': {
      const { message } = event.body
      const is = await ask('message', message, (tx, who) => source.message(tx, who, message))
      // One that went to another conversation since is told of there.
      if (is === null || is.conversation === id) now.message = is
      break
    }
    case 'mine.changed':
      now.mine = await ask('mine', id, (tx, who) => source.mine(tx, who, id))
      break
    default:
  }
  const joined = event.type === 'message.posted' || event.type.startsWith('participant.')
  if (joined && caller.kind !== 'contact') {
    const there = await ask('participants', id, (tx, who) => source.participants(tx, who, id))
    now.participants = there ?? []
  }
  // Whoever talks with a guest is known to that guest.
  const isDirect = 'place' in row && row.place.kind === 'direct'
  const isMet = event.type === 'conversation.opened' && isDirect
  return isMet && isGuest(caller) ? { ...now, ...(await directoryNow(source, ask)) } : now
}

/** Everybody whom a guest may see: who joins a team may come into sight, and who leaves it out of it. */
async function directoryNow(source: NowSource, ask: Ask): Promise<Now> {
  const seen = await ask('directory', '', (tx, who) => source.directory(tx, who))
  return { members: [...seen.members], teams: [...seen.teams] }
}

async function preparedNow(source: NowSource, ask: Ask): Promise<Now> {
  const { labels, replies } = await ask('prepared', '', (tx, who) => source.prepared(tx, who))
  return { labels: [...labels], replies: [...replies] }
}

/** What is written and not yet said. */
async function writtenNow(
  source: NowSource,
  ask: Ask,
  caller: Caller,
  event: AnyEvent,
): Promise<Now> {
  switch (event.type) {
    case 'draft.changed':
    case 'draft.removed': {
      if (!allows(caller, 'conversations:read')) return {}
      const { conversation, shared } = event.body
      const look = shared ? source.sharedDraft : source.draft
      const what = shared ? 'shared draft' : 'draft'
      return { draft: await ask(what, conversation, (tx, who) => look(tx, who, conversation)) }
    }
    case 'scheduled.changed':
    case 'scheduled.sent':
    case 'scheduled.removed': {
      const { scheduled: id } = event.body
      return {
        scheduled: await ask('scheduled', id, (tx, who) => source.scheduled(tx, who, id)),
      }
    }
    default:
      return {}
  }
}

/** A channel, and for a guest whoever is in it with them. */
async function channelNow(
  source: NowSource,
  ask: Ask,
  caller: Caller,
  id: ChannelId,
): Promise<Now> {
  return {
    channel: await ask('channel', id, (tx, who) => source.channel(tx, who, id)),
    ...(isGuest(caller) ? await directoryNow(source, ask) : {}),
  }
}

/** Everything that somebody may see, where that may have changed. */
async function accessNow(
  source: NowSource,
  ask: Ask,
  caller: Caller,
  { channel, directory }: EventBody<'access.changed'>,
): Promise<Now> {
  if (channel !== undefined) return channelNow(source, ask, caller, channel)
  const { rows, seats } = await ask('channels', '', (tx, who) => source.channels(tx, who))
  return {
    inboxes: await ask('inboxes', '', (tx, who) => source.inboxes(tx, who)),
    channels: rows,
    seats,
    ...(directory === true || !allows(caller, 'inboxes:read')
      ? { ...(await directoryNow(source, ask)), ...(await preparedNow(source, ask)) }
      : {}),
  }
}

async function thingNow(
  source: NowSource,
  ask: Ask,
  caller: Caller,
  event: AnyEvent,
): Promise<Now> {
  switch (event.type) {
    case 'contact.added':
    case 'contact.changed': {
      if (caller.kind === 'app' && !may(caller, 'contacts:read')) return {}
      const { contact } = event.body
      return {
        contact: await ask('contact', contact, (tx, who) => source.contact(tx, who, contact)),
      }
    }
    case 'inbox.added':
    case 'inbox.changed': {
      if (caller.kind === 'app' && !may(caller, 'inboxes:read')) return {}
      const { inbox } = event.body
      return { inbox: await ask('inbox', inbox, (tx, who) => source.inbox(tx, who, inbox)) }
    }
    case 'label.added':
    case 'label.changed':
    case 'label.removed': {
      if (!allows(caller, 'conversations:read')) return {}
      const { label } = event.body
      return { label: await ask('label', label, (tx, who) => source.label(tx, who, label)) }
    }
    case 'reply.added':
    case 'reply.changed':
    case 'reply.removed': {
      const { reply } = event.body
      return { reply: await ask('reply', reply, (tx, who) => source.reply(tx, who, reply)) }
    }
    case 'channel.added':
    case 'channel.changed':
    case 'channel.joined':
    case 'channel.left': {
      return channelNow(source, ask, caller, event.body.channel)
    }
    case 'team.added':
    case 'team.changed':
    case 'team.removed': {
      if (!allows(caller, 'inboxes:read')) return directoryNow(source, ask)
      const { team } = event.body
      return { team: await ask('team', team, (tx, who) => source.team(tx, who, team)) }
    }
    case 'member.added':
    case 'member.changed': {
      if (!allows(caller, 'inboxes:read')) return directoryNow(source, ask)
      const { member } = event.body
      return { member: await ask('member', member, (tx, who) => source.member(tx, who, member)) }
    }
    case 'app.added':
    case 'app.changed':
    case 'app.removed': {
      const { app } = event.body
      return { app: await ask('app', app, (tx, who) => source.app(tx, who, app)) }
    }
    case 'access.changed':
      return accessNow(source, ask, caller, event.body)
    default:
      return writtenNow(source, ask, caller, event)
  }
}

/** Whether somebody sees of the workspace only what they were put into a team for. */
function isGuest(caller: Caller): boolean {
  return caller.kind === 'member' && !may(caller, 'inboxes:read')
}

/** Whether an event tells everybody to look again at a channel of which this reader never knew. */
function isUnknown(caller: Caller, event: AnyEvent, only: string | null): boolean {
  if (event.type !== 'access.changed' || event.body.channel === undefined) return false
  return only === null && !event.now.channel && !may(caller, 'channels:open')
}

/** Whether an event is about somebody or something that a guest does not know, and is not to hear of. */
function isOthers(event: AnyEvent): boolean {
  const { now } = event
  switch (event.type) {
    case 'contact.added':
    case 'contact.changed':
      return !now.contact
    case 'team.added':
    case 'team.changed':
    case 'team.removed':
      return now.teams?.some(({ id }) => id === event.body.team) !== true
    case 'member.added':
    case 'member.changed':
      return now.members?.some(({ id }) => id === event.body.member) !== true
    case 'app.added':
    case 'app.changed':
    case 'app.removed':
    case 'role.added':
    case 'role.changed':
    case 'role.removed':
    case 'reply.added':
    case 'reply.changed':
    case 'reply.removed':
      return true
    default:
      return false
  }
}

/** What an event says of itself. How many notes there are is nothing that a contact is told. */
function bodyFor({ kind }: Caller, { type, body }: StoredEvent): object {
  const told = JSON.parse(body) as { messages?: number }
  const isMove = type === 'conversation.merged' || type === 'conversation.split'
  if (kind !== 'contact' || !isMove) return told
  const { messages: _, ...rest } = told
  return rest
}

/** The events as a reader may have them: each with what it is about, as it is in the snapshot of `tx`. */
export async function withNow(
  tx: ReadTx,
  source: NowSource,
  caller: Caller,
  events: readonly StoredEvent[],
): Promise<AnyEvent[]> {
  const ask = asker(tx, caller)
  const told: AnyEvent[] = []
  for (const stored of events) {
    const id = stored.conversation === null ? null : idText('cnv', stored.conversation)
    const event = {
      position: stored.position,
      at: stored.at,
      actor: stored.actor,
      type: stored.type,
      conversation: id,
      body: bodyFor(caller, stored),
      now: {},
    } as AnyEvent
    const now =
      id === null
        ? await thingNow(source, ask, caller, event)
        : await talkNow(source, ask, caller, event, id)
    const isTheirs = stored.only !== null || !isGuest(caller)
    const known = { ...event, now }
    if (isUnknown(caller, known, stored.only)) continue
    if (isTheirs || !isOthers(known)) told.push(known)
  }
  return told
}
