import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { fileView } from './files.schema.ts'
import { actorId, clientId, closed, id, nullable, oneOf, time } from './shapes.schema.ts'
import { messageKinds, scheduledStates, scheduledStops, zoneSides } from './words.ts'

/** Markdown; may be empty where there are files. */
const text = Type.String({
  maxLength: limits.messageTextCharsMax,
  pattern: String.raw`^[^\u0000]*$`,
})
const files = Type.Array(id('fil'), { maxItems: limits.filesPerMessageMax, uniqueItems: true })

/** Grows with every change of a draft, also from one that was deleted to the next. */
const version = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** What somebody has begun to write in a conversation: for themselves, or for all who answer there. */
export const draftView = closed({
  conversation: id('cnv'),
  shared: Type.Boolean(),
  kind: oneOf(messageKinds),
  text,
  files: Type.Array(fileView),
  version,
  /** When it was changed last, and by whom. */
  at: time,
  by: closed({ id: actorId, name: Type.String({ maxLength: limits.nameCharsMax }) }),
})
export type DraftView = Static<typeof draftView>

export const draftBody = closed({
  kind: oneOf(messageKinds),
  text,
  files: Type.Optional(files),
  /** The version that this was written upon; 0 where there was none. */
  version,
})
export type DraftBody = Static<typeof draftBody>

/** A draft that all see carries no files: they are their uploader's until they are sent. */
export const sharedDraftBody = closed({
  kind: oneOf(messageKinds),
  text,
  version,
  /** Takes it from whoever is writing it at this moment. */
  take: Type.Optional(Type.Literal(true)),
})
export type SharedDraftBody = Static<typeof sharedDraftBody>

export const sharedSendBody = closed({
  client: clientId,
  /** The version of the draft that is sent. */
  version,
  /** As of a reply: the `token` of the conversation as its sender knows it. */
  token: Type.Optional(Type.Integer({ minimum: 0 })),
})
export type SharedSendBody = Static<typeof sharedSendBody>

export const versionQuery = Type.Partial(closed({ version }), { additionalProperties: false })

const zone = Type.String({ maxLength: 64, pattern: '^[A-Za-z0-9_+/-]+$' })

/** What a wall shows: `2026-03-29T09:00`. */
const wall = Type.String({
  maxLength: 16,
  pattern: String.raw`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$`,
})

/** A time as somebody says it: what the wall shows somewhere. Where its zone's rules change, it moves along. */
const wallTime = closed({
  wall,
  /** An IANA time zone: `Europe/Rome`. */
  zone,
  /** Whose zone it is. */
  whose: oneOf(zoneSides),
})

/** When to send: a moment, or what a wall shows. */
export const when = Type.Union([closed({ at: time }), wallTime])
export type When = Static<typeof when>

/** Under what condition it is not sent: `answered`: the other side has spoken before. */
const unless = nullable(oneOf(['answered'] as const))

/** A message that is sent later. */
export const scheduledView = closed({
  id: id('sch'),
  conversation: id('cnv'),
  kind: oneOf(messageKinds),
  text,
  files: Type.Array(fileView),
  /** When it is sent, by the rules of time zones as they are now. */
  at: time,
  /** How that was said; null for a moment. */
  wall: nullable(wallTime),
  unless,
  state: oneOf(scheduledStates),
  /** Why it will not be sent by itself; its text stays. */
  stopped: nullable(
    closed({
      why: oneOf(scheduledStops),
      at: time,
      by: nullable(actorId),
      /** Of `held`: who holds the conversation. */
      holder: nullable(Type.String({ maxLength: limits.nameCharsMax })),
    }),
  ),
  /** What it became. */
  message: nullable(id('msg')),
  /** The client id that the message has. */
  client: clientId,
  version,
})
export type ScheduledView = Static<typeof scheduledView>

export const scheduledBody = closed({
  /** The client's own id of the message: repeated, it is the same one. */
  client: clientId,
  kind: Type.Optional(oneOf(messageKinds)),
  text,
  /** The prepared replies that it was made of; the use of each is counted when it is said. */
  prepared: Type.Optional(
    Type.Array(id('rpl'), { maxItems: limits.repliesPerMessageMax, uniqueItems: true }),
  ),
  files: Type.Optional(files),
  when,
  unless: Type.Optional(unless),
})
export type ScheduledBody = Static<typeof scheduledBody>

export const scheduledPatch = Type.Partial(
  closed({ kind: oneOf(messageKinds), text, files, when, unless, version }),
  { additionalProperties: false, minProperties: 1 },
)
export type ScheduledPatch = Static<typeof scheduledPatch>
