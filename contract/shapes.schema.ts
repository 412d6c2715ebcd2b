import { Type, type TSchema } from 'typebox'
import { idPattern, uuidv7Pattern, type Id, type IdKinds } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'

/** An id of one kind in its text form. */
export function id<Prefix extends keyof IdKinds>(prefix: Prefix) {
  return Type.Unsafe<Id<Prefix>>(Type.String({ pattern: idPattern(prefix), maxLength: 30 }))
}

/** An id of whoever acts. */
export const actorId = Type.Unsafe<Id<'mbr'> | Id<'ctc'> | Id<'app'>>(
  Type.String({ pattern: idPattern('mbr', 'ctc', 'app'), maxLength: 30 }),
)

/** A time: milliseconds since the epoch. */
export const time = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })

/** A value or null. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

/** One of a fixed list of words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return Type.Unsafe<Words[number]>(Type.String({ enum: [...words] }))
}

/** An object that takes no other fields than those named. */
export function closed<const P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false })
}

/** The id that the client gave to what it sends, so that a repeat is known as one. */
export const clientId = Type.String({ pattern: uuidv7Pattern, maxLength: 36 })

/** The pattern of a text in one line, without control characters. */
export const line = String.raw`^[^\u0000-\u001f\u007f]*$`

/** A name that people read: one line, with something to see in it. */
export const name = Type.String({
  minLength: 1,
  maxLength: limits.nameCharsMax,
  pattern: String.raw`^[^\u0000-\u001f\u007f]*[^\s\u0000-\u001f\u007f][^\u0000-\u001f\u007f]*$`,
})

/** An e-mail address, as loosely as a mail server takes one. */
export const email = Type.String({
  minLength: 3,
  maxLength: limits.emailCharsMax,
  pattern: String.raw`^[^\s@\u0000-\u001f]+@[^\s@\u0000-\u001f]+$`,
})

/** The token that asks for the next page of a list. */
export const pageToken = Type.String({ minLength: 1, maxLength: limits.pageTokenCharsMax })

/** How many rows a page may hold. */
export const pageLimit = Type.Integer({ minimum: 1, maximum: limits.pageRowsMax })
