import { Type, type Static } from 'typebox'
import { appView, memberView } from './accounts.schema.ts'
import { channelView, floorRow, seatView } from './channels.schema.ts'
import { contactView } from './contacts.schema.ts'
import { conversationRow, messageView, mineView, participantView } from './conversations.schema.ts'
import { draftView, scheduledView } from './drafts.schema.ts'
import { labelView } from './labels.schema.ts'
import { replyView } from './replies.schema.ts'
import { leaseEnded, leaseTaken } from './leases.schema.ts'
import { moveEvents } from './moves.schema.ts'
import { inboxView } from './places.schema.ts'
import { actorId, closed, id, nullable, oneOf, time } from './shapes.schema.ts'
import { teamView } from './teams.schema.ts'
import { messageKinds } from './words.ts'

const aboutDraft = closed({ conversation: id('cnv'), shared: Type.Boolean() })
const aboutScheduled = closed({ conversation: id('cnv'), scheduled: id('sch') })

/**
 * The closed list of events: what each one's body holds. No body holds text that somebody wrote: a
 * reader gets what it may see now, in the frame's `now`, so that a deletion erases and an edit does not
 * leak what stood there before.
 */
export const eventBodies = {
  'conversation.opened': closed({}),
  'conversation.paused': closed({
    side: oneOf(['ours', 'theirs'] as const),
    until: nullable(time),
  }),
  'conversation.resumed': closed({ cause: oneOf(['hand', 'time', 'message'] as const) }),
  'conversation.resolved': closed({}),
  'conversation.reopened': closed({ cause: oneOf(['hand', 'message'] as const) }),
  'conversation.changed': closed({
    fields: Type.Array(oneOf(['subject', 'urgency', 'labels', 'contact', 'due', 'turn'] as const)),
  }),
  ...moveEvents,
  'lease.taken': leaseTaken,
  'lease.renewed': closed({}),
  'lease.ended': leaseEnded,
  'message.posted': closed({ message: id('msg'), kind: oneOf(messageKinds) }),
  'message.edited': closed({ message: id('msg') }),
  'message.deleted': closed({ message: id('msg') }),
  'participant.added': closed({ participant: actorId }),
  'participant.removed': closed({ participant: actorId }),
  'mine.changed': closed({}),
  /** A draft of mine, or the one that all share who answer there. */
  'draft.changed': aboutDraft,
  'draft.removed': aboutDraft,
  /** A message of mine that is to be sent later. */
  'scheduled.changed': aboutScheduled,
  'scheduled.sent': closed({ ...aboutScheduled.properties, message: id('msg') }),
  'scheduled.removed': aboutScheduled,
  'contact.added': closed({ contact: id('ctc') }),
  'contact.changed': closed({ contact: id('ctc') }),
  'inbox.added': closed({ inbox: id('ibx') }),
  'inbox.changed': closed({ inbox: id('ibx') }),
  'channel.added': closed({ channel: id('chn') }),
  'channel.changed': closed({ channel: id('chn') }),
  'channel.joined': closed({ channel: id('chn'), member: id('mbr') }),
  'channel.left': closed({ channel: id('chn'), member: id('mbr') }),
  'label.added': closed({ label: id('lbl') }),
  'label.changed': closed({ label: id('lbl') }),
  'label.removed': closed({ label: id('lbl') }),
  'reply.added': closed({ reply: id('rpl') }),
  'reply.changed': closed({ reply: id('rpl') }),
  'reply.removed': closed({ reply: id('rpl') }),
  'team.added': closed({ team: id('tea') }),
  'team.changed': closed({ team: id('tea') }),
  'team.removed': closed({ team: id('tea') }),
  'member.added': closed({ member: id('mbr') }),
  'member.changed': closed({ member: id('mbr') }),
  'app.added': closed({ app: id('app') }),
  'app.changed': closed({ app: id('app') }),
  'app.removed': closed({ app: id('app') }),
  'role.added': closed({ role: id('rol') }),
  'role.changed': closed({ role: id('rol') }),
  'role.removed': closed({ role: id('rol') }),
  'session.ended': closed({ session: id('ses') }),
  /**
   * Which inboxes and channels its reader may see may have changed; the frame's `now.inboxes` and
   * `now.channels` have them all. With `directory` so may have whom they may see, and `now.members` and
   * `now.teams` have them all. With `channel` it is about that one alone, and `now.channel` is null for
   * whoever sees it no more.
   */
  'access.changed': closed({
    directory: Type.Optional(Type.Literal(true)),
    channel: Type.Optional(id('chn')),
  }),
} as const

/** The name of an event. */
export type EventType = keyof typeof eventBodies

/** The names, for schemas and checks. */
export const eventTypes = Object.keys(eventBodies) as EventType[]

/** What an event's own body holds. */
export type EventBody<T extends EventType> = Static<(typeof eventBodies)[T]>

/**
 * The things the event is about, as this reader may see them at the moment of reading. Null: it
 * is gone, or no longer this reader's. Absent: the event is not about such a thing.
 */
export const now = Type.Partial(
  closed({
    conversation: nullable(Type.Union([conversationRow, floorRow])),
    message: nullable(messageView),
    participants: Type.Array(participantView),
    mine: nullable(mineView),
    /** A draft; of mine or shared, as the event says. */
    draft: nullable(draftView),
    /** A message that waits for its time or was stopped; null once it is over. */
    scheduled: nullable(scheduledView),
    contact: nullable(contactView),
    inbox: nullable(inboxView),
    /** Every inbox that the reader may see. */
    inboxes: Type.Array(inboxView),
    channel: nullable(channelView),
    /** Every channel that the reader may see. */
    channels: Type.Array(channelView),
    /** Those of which the reader is a member. */
    seats: Type.Array(seatView),
    /** All members and teams that the reader may see, where that may have changed. */
    members: Type.Array(memberView),
    teams: Type.Array(teamView),
    team: nullable(teamView),
    label: nullable(labelView),
    reply: nullable(replyView),
    /** All labels and replies that the reader has, where that may have changed. */
    labels: Type.Array(labelView),
    replies: Type.Array(replyView),
    member: nullable(memberView),
    app: nullable(appView),
  }),
  { additionalProperties: false },
)
export type Now = Static<typeof now>

/** An event as a reader of the feed gets it. */
export interface FeedEvent<T extends EventType = EventType> {
  readonly position: number
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Who acted; null for Fermata itself. */
  readonly actor: Static<typeof actorId> | null
  readonly type: T
  /** The conversation it is about, if any. */
  readonly conversation: Static<ReturnType<typeof id<'cnv'>>> | null
  readonly body: EventBody<T>
  readonly now: Now
}

/** An event of any type, each with the body that its type has. */
export type AnyEvent = { [T in EventType]: FeedEvent<T> }[EventType]

export const feedEvent = Type.Unsafe<AnyEvent>(
  Type.Union(
    eventTypes.map((type) =>
      closed({
        position: Type.Integer({ minimum: 1 }),
        at: time,
        actor: nullable(actorId),
        type: Type.Literal(type),
        conversation: nullable(id('cnv')),
        body: eventBodies[type],
        now,
      }),
    ),
  ),
)

/** Somebody writes, or looks at a conversation, at this moment; never stored. */
export const presence = closed({
  conversation: id('cnv'),
  actor: actorId,
  name: Type.String(),
  /** What they do: `reply` and `note` mean writing one. */
  doing: oneOf(['looking', 'reply', 'note', 'left'] as const),
})
export type Presence = Static<typeof presence>

/**
 * What the live feed sends. `position` is how far the feed has been scanned for this reader, also
 * past events that are not its own; it resumes from there.
 */
export const frame = Type.Union([
  closed({ type: Type.Literal('events'), position: Type.Integer(), events: Type.Array(feedEvent) }),
  closed({ type: Type.Literal('heartbeat'), position: Type.Integer() }),
  /** The position asked for is too old or unknown: fetch afresh, then go on from `position`. */
  closed({ type: Type.Literal('reset'), position: Type.Integer() }),
  closed({ type: Type.Literal('presence'), presence }),
  /** Access has ended: signed out, revoked or deactivated. The connection closes. */
  closed({ type: Type.Literal('ended') }),
])
export type Frame = Static<typeof frame>
