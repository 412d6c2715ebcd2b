import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { messageBody, preview, type ConversationRow } from './conversations.schema.ts'
import { closed, id, line, name, nullable, oneOf, time } from './shapes.schema.ts'
import { visibilities } from './words.ts'

const purpose = Type.String({ maxLength: limits.purposeCharsMax, pattern: line })

/** A place where members talk among themselves. */
export const channelView = closed({
  id: id('chn'),
  name,
  /** What it is for, in a line; may be empty. */
  purpose,
  /** `public`: every member but guests sees it and may join; `private`: its members only. */
  visibility: oneOf(visibilities),
  /** Who made it. */
  by: id('mbr'),
  createdAt: time,
  /** Who put it out of use, and when; null while it is in use. */
  archive: nullable(closed({ by: id('mbr'), at: time })),
  /** How many members it has. */
  members: Type.Integer({ minimum: 0 }),
})
export type ChannelView = Static<typeof channelView>

/** A channel that I am a member of, and since when. What was said before counts as read. */
export const seatView = closed({ channel: id('chn'), at: time })
export type SeatView = Static<typeof seatView>

/** A member of a channel, who let them in, and when. */
export const channelMemberView = closed({ member: id('mbr'), by: id('mbr'), at: time })
export type ChannelMemberView = Static<typeof channelMemberView>

export const channelBody = closed({
  name,
  purpose: Type.Optional(purpose),
  visibility: Type.Optional(oneOf(visibilities)),
})
export const channelPatch = Type.Partial(
  closed({ name, purpose, visibility: oneOf(visibilities) }),
  { additionalProperties: false, minProperties: 1 },
)

/** Where members talk: in a channel, or directly, where the members are all the place there is. */
export const floorPlace = Type.Union([
  closed({ kind: Type.Literal('channel'), channel: id('chn') }),
  closed({
    kind: Type.Literal('direct'),
    members: Type.Array(id('mbr'), { maxItems: limits.directMembersMax }),
  }),
])
export type FloorPlace = Static<typeof floorPlace>

const subject = Type.String({ maxLength: limits.subjectCharsMax, pattern: line })

/** A conversation among members, as a list shows it. Nobody owes anything in it. */
export const floorRow = closed({
  id: id('cnv'),
  place: floorPlace,
  /** Empty for a direct conversation. */
  subject,
  /** 0 before the first word of a direct conversation. */
  lastNumber: Type.Integer({ minimum: 0 }),
  lastAt: time,
  preview: nullable(preview),
  createdAt: time,
})
export type FloorRow = Static<typeof floorRow>

/** A conversation of either kind. */
export type AnyRow = ConversationRow | FloorRow

/** What begins a conversation in a channel. */
export const topicBody = closed({
  subject: Type.String({ minLength: 1, maxLength: limits.subjectCharsMax, pattern: line }),
  message: messageBody,
})

/** With whom a direct conversation is; whoever asks need not name themselves. */
export const directBody = closed({
  members: Type.Array(id('mbr'), {
    minItems: 1,
    maxItems: limits.directMembersMax,
    uniqueItems: true,
  }),
})
