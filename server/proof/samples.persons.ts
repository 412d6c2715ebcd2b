import type { AddressId, ContactId, UnionId } from '@fermata/base/ids'
import { workspace, type Play } from './play.ts'
import type { Sample } from './samples.ts'

/** The routes of addresses, and of contacts who are one person. */
export type PersonRoute =
  | 'contacts.card'
  | 'contacts.merge'
  | 'unions.undo'
  | 'addresses.add'
  | 'addresses.remove'
  | 'addresses.prefer'

async function contact(play: Play): Promise<ContactId> {
  const body = { name: play.keep(play.word('contact'), [...workspace]) }
  return (await play.ask<'contacts.add'>('owner', 'POST /v1/contacts', body)).id
}

function emailOf(play: Play): { kind: 'email'; value: string } {
  const value = play.keep(`${play.word('address')}@person.example`, [...workspace])
  return { kind: 'email', value }
}

async function address(play: Play, of: ContactId): Promise<AddressId> {
  const path = `POST /v1/contacts/${of}/addresses`
  return (await play.ask<'addresses.add'>('owner', path, emailOf(play))).id
}

async function union(play: Play): Promise<UnionId> {
  const path = `PUT /v1/contacts/${await contact(play)}/merge`
  const merged = await play.ask<'contacts.merge'>('owner', path, { into: await contact(play) })
  return merged.union.id
}

/** The visitors are known to everybody who works here; no visitor is told of any of this. */
export const personSamples: Readonly<Record<PersonRoute, readonly Sample[]>> = {
  'contacts.card': [
    {
      may: workspace,
      async build(play) {
        const of = await contact(play)
        await address(play, of)
        return { path: [of], shows: { text: '@person.example', to: workspace } }
      },
    },
  ],
  'contacts.merge': [
    {
      may: workspace,
      async build(play) {
        return { path: [await contact(play)], body: { into: await contact(play) } }
      },
    },
  ],
  'unions.undo': [{ may: workspace, build: async (play) => ({ path: [await union(play)] }) }],
  'addresses.add': [
    {
      may: workspace,
      build: async (play) => ({ path: [await contact(play)], body: emailOf(play) }),
    },
  ],
  'addresses.remove': [
    {
      may: workspace,
      async build(play) {
        const of = await contact(play)
        return { path: [of, await address(play, of)] }
      },
    },
  ],
  'addresses.prefer': [
    {
      may: workspace,
      async build(play) {
        const of = await contact(play)
        return { path: [of, await address(play, of)] }
      },
    },
  ],
}
