import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { actorId, closed, id, name, nullable, time } from './shapes.schema.ts'

/** What is typed behind a slash; empty for none. */
const shortcut = Type.String({
  maxLength: limits.shortcutCharsMax,
  pattern: String.raw`^[^\s/\u0000-\u001f\u007f]*$`,
})

/** Markdown with variables; see `reply-text.ts`. */
const body = Type.String({
  minLength: 1,
  maxLength: limits.replyBodyCharsMax,
  pattern: String.raw`^[^\u0000]*[^\s\u0000][^\u0000]*$`,
})

export const replyView = closed({
  id: id('rpl'),
  title: name,
  shortcut,
  body,
  /** Whose own it is; null when it is shared. */
  owner: nullable(id('mbr')),
})
export type ReplyView = Static<typeof replyView>

export const replyBody = closed({
  title: name,
  shortcut: Type.Optional(shortcut),
  body,
  shared: Type.Boolean(),
})
export const replyPatch = Type.Partial(closed({ title: name, shortcut, body }), {
  additionalProperties: false,
  minProperties: 1,
})

/** How often a reply was sent. */
export const replyUse = closed({
  reply: id('rpl'),
  count: Type.Integer({ minimum: 0 }),
  /** When last, and by whom; null when never. */
  last: nullable(closed({ at: time, by: actorId })),
})
export type ReplyUse = Static<typeof replyUse>
