import { bytesOf, idBytes, idText } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { ContactView } from '@fermata/contract/contacts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx } from '@fermata/storage/port'
import { emailKey } from '../accounts/index.ts'
import { byOf } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import { accessContact } from './access.ts'
import { addContact, addVisitor, changeContact, proveIdentity } from './actions.ts'
import {
  addAddress,
  mergeContacts,
  preferredAddress,
  removeAddress,
  unmergeContacts,
} from './actions.persons.ts'
import type { ContactsDeps } from './deps.ts'
import {
  contactByExternalId,
  newestContacts,
  newestContactsWithEmail,
  type ContactsPage,
} from './store.sql.ts'
import type { ContactTable } from './tables.ts'
import { cardOf, personOf } from './persons.ts'
import { contactView } from './views.ts'

/** The routes of this room. */
export type ContactsRoute =
  | 'visitors.add'
  | 'identity.prove'
  | 'contacts.list'
  | 'contacts.get'
  | 'contacts.add'
  | 'contacts.change'
  | 'contacts.card'
  | 'contacts.merge'
  | 'unions.undo'
  | 'addresses.add'
  | 'addresses.remove'
  | 'addresses.prefer'

/** The handlers of this room's routes. */
export function contactsHandlers(deps: ContactsDeps): Handlers<ContactsRoute> {
  const { storage } = deps
  return {
    'visitors.add': ({ params, body }) => addVisitor(deps, params.key, body),
    'identity.prove': ({ body, caller }) => proveIdentity(deps, caller, body),
    'contacts.list': ({ query, caller }) =>
      storage.read(async (tx) => {
        const listed = await listContacts(tx, caller, query)
        if (!listed.ok) return listed
        const { head } = await storage.bounds(tx, bytesOf(caller.workspace))
        return ok({ ...listed.value, position: head })
      }),
    'contacts.get': ({ params, caller }) =>
      storage.read((tx) => accessContact(tx, caller, params.contact)),
    'contacts.add': ({ body, caller }) => addContact(deps, caller, body),
    'contacts.change': ({ params, body, caller }) =>
      changeContact(deps, caller, params.contact, body),
    ...personHandlers(deps),
  }
}

type PersonRoute = Extract<
  ContactsRoute,
  'contacts.card' | 'contacts.merge' | `${'unions' | 'addresses'}.${string}`
>

function personHandlers(deps: ContactsDeps): Handlers<PersonRoute> {
  return {
    'contacts.card': ({ params, caller }) =>
      deps.storage.read(async (tx) => {
        const person = await personOf(tx, caller.workspace, bytesOf(params.contact))
        return person === undefined ? refused(refusal('not_found')) : ok(await cardOf(tx, person))
      }),
    'contacts.merge': (asked) =>
      mergeContacts(deps, byOf(asked), { ...asked.params, ...asked.body }),
    'unions.undo': async (asked) => {
      const undone = await unmergeContacts(deps, byOf(asked), asked.params.union)
      return undone.ok ? ok({ union: undone.value }) : undone
    },
    'addresses.add': ({ params, body, caller }) => addAddress(deps, caller, params.contact, body),
    'addresses.remove': ({ params, caller }) => removeAddress(deps, caller, params),
    'addresses.prefer': ({ params, caller }) => preferredAddress(deps, caller, params),
  }
}

interface ListAsked {
  readonly page?: string
  readonly limit?: number
  readonly externalId?: string
  readonly email?: string
}

/** A page of contacts, newest first; its token is the id of the page's last contact. */
async function listContacts(
  tx: ReadTx,
  caller: Caller,
  asked: ListAsked,
): Promise<Result<{ rows: ContactView[]; next: string | null }, Refusal>> {
  const before = asked.page === undefined ? lastId : idBytes(asked.page)
  if (before === undefined || (asked.page !== undefined && !asked.page.startsWith('ctc_'))) {
    const message = 'This page token does not belong to this list.'
    return refused(refusal('invalid_field', { field: 'query.page', message }))
  }
  const limit = asked.limit ?? limits.pageRowsDefault
  const page = { workspace: bytesOf(caller.workspace), before, limit: limit + 1 }
  const found = await contactsAsked(tx, page, asked)
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  const more = found.length > limit && last !== undefined
  return ok({
    rows: rows.map((row) => contactView(row, 'ours')),
    next: more ? idText('ctc', last.id) : null,
  })
}

/** Sorts after every id there is. */
const lastId = new Uint8Array(16).fill(0xff)

async function contactsAsked(
  tx: ReadTx,
  page: ContactsPage,
  { externalId, email }: ListAsked,
): Promise<ContactTable[]> {
  const email_key = email === undefined ? undefined : emailKey(email)
  if (externalId === undefined) {
    return email_key === undefined
      ? tx.all(newestContacts, page)
      : tx.all(newestContactsWithEmail, { ...page, email_key })
  }
  const asked = { workspace: page.workspace, external_id: externalId }
  const row = await tx.get(contactByExternalId, asked)
  const fits =
    row !== undefined &&
    (email_key === undefined || row.email_key === email_key) &&
    Buffer.compare(row.id, page.before) < 0
  return fits ? [row] : []
}
