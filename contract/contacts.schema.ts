import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { closed, email, id, line, name, nullable, time } from './shapes.schema.ts'

const timeZone = Type.String({ maxLength: 64, pattern: '^[A-Za-z0-9_+/-]+$' })
const locale = Type.String({ maxLength: 35, pattern: '^[A-Za-z0-9-]+$' })
const externalId = Type.String({
  minLength: 1,
  maxLength: limits.externalIdCharsMax,
  pattern: line,
})

/** A customer; one without `identifiedAt` is a visitor. */
export const contactView = closed({
  id: id('ctc'),
  name: nullable(name),
  email: nullable(email),
  /** The host site's own id of this person, proven by a signed token. */
  externalId: nullable(externalId),
  identifiedAt: nullable(time),
  timeZone: nullable(timeZone),
  locale: nullable(locale),
  createdAt: time,
  /** Whose person they are by what a member said; null for one who is alone, and to themselves. */
  person: nullable(id('ctc')),
})
export type ContactView = Static<typeof contactView>

export const contactBody = closed({
  name: Type.Optional(name),
  email: Type.Optional(email),
  externalId: Type.Optional(externalId),
})
export const contactPatch = Type.Partial(closed({ name: nullable(name), email: nullable(email) }), {
  additionalProperties: false,
  minProperties: 1,
})
/** A visitor's token that their browser has made itself: 32 random bytes. */
const visitorToken = Type.String({ pattern: '^fmv_[A-Za-z0-9_-]{43}$', maxLength: 47 })
export const visitorBody = closed({
  /** Kept before it is sent, so that whoever missed the answer asks again and is the same visitor. */
  token: Type.Optional(visitorToken),
  timeZone: Type.Optional(timeZone),
  locale: Type.Optional(locale),
})
/** Who the host site says this visitor is: a JWT (HS256) or an HMAC-SHA-256 of the external id. */
export const identityBody = Type.Union([
  closed({ jwt: Type.String({ minLength: 1, maxLength: limits.identityTokenCharsMax }) }),
  closed({
    externalId,
    hmac: Type.String({ pattern: '^[0-9a-f]{64}$', maxLength: 64 }),
    name: Type.Optional(name),
    email: Type.Optional(email),
  }),
])
