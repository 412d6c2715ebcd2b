import { Type, type Static } from 'typebox'
import { contactView } from './contacts.schema.ts'
import { actorId, closed, email, id, nullable, oneOf, time } from './shapes.schema.ts'
import { addressKinds } from './words.ts'

/** A telephone number as people write it; spaces and signs between the digits do not matter. */
const phone = Type.String({
  minLength: 5,
  maxLength: 40,
  pattern: String.raw`^\+?[0-9(][0-9 ()./-]*[0-9]$`,
})

/** Where a contact is reached. It belongs to one contact of the workspace. */
export const addressView = closed({
  id: id('adr'),
  contact: id('ctc'),
  kind: oneOf(addressKinds),
  value: Type.String(),
  /** When somebody proved that it is theirs; null where it was only said. */
  verifiedAt: nullable(time),
  /** Whether it comes first among those of its kind. */
  primary: Type.Boolean(),
  addedAt: time,
})
export type AddressView = Static<typeof addressView>

/** A contact of whom a member said that they are the same person as another. */
export const unionView = closed({
  id: id('uni'),
  /** Who it is, and whose person they were joined to. */
  contact: contactView,
  into: id('ctc'),
  by: actorId,
  at: time,
  undone: nullable(closed({ by: actorId, at: time })),
})
export type UnionView = Static<typeof unionView>

/** All that is known about one person. */
export const cardView = closed({
  contact: contactView,
  addresses: Type.Array(addressView),
  /** In how many inboxes' widgets they are known by a token. */
  visits: Type.Integer({ minimum: 0 }),
  /** Those who are the same person. */
  joined: Type.Array(unionView),
  /** Others who go by one of these addresses, and so may be the same person. */
  alike: Type.Array(contactView),
})
export type CardView = Static<typeof cardView>

const ofContact = closed({ contact: id('ctc') })
const toAddress = closed({ contact: id('ctc'), address: id('adr') })

/** What the routes of addresses and of joined contacts take and give. */
export const addressSchemas = {
  'contacts.card': { params: ofContact, answer: cardView },
  'contacts.merge': {
    params: ofContact,
    body: closed({ into: id('ctc') }),
    answer: closed({ union: unionView, contact: contactView }),
  },
  'unions.undo': { params: closed({ union: id('uni') }), answer: closed({ union: unionView }) },
  'addresses.add': {
    params: ofContact,
    body: Type.Union([
      closed({ kind: Type.Literal('email'), value: email }),
      closed({ kind: Type.Literal('phone'), value: phone }),
    ]),
    answer: addressView,
  },
  'addresses.remove': { params: toAddress },
  'addresses.prefer': { params: toAddress, answer: addressView },
} as const
