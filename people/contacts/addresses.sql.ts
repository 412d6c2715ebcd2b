import { idList, inIdList } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import type { ReadTx } from '@fermata/storage/port'
import type { AddressTable, ContactsTables, ContactTable, UnionTable } from './tables.ts'

const query = queriesOver<ContactsTables>()

interface Key {
  workspace: Uint8Array
  id: Uint8Array
}

export const insertAddress = query<AddressTable>()((db, p) =>
  db.insertInto('contact_addresses').values({
    workspace: p.workspace,
    id: p.id,
    contact: p.contact,
    kind: p.kind,
    value: p.value,
    value_key: p.value_key,
    verified_at: p.verified_at,
    preferred_at: p.preferred_at,
    added_at: p.added_at,
  }),
)

export const addressById = query<Key>()<AddressTable>((db, p) =>
  db
    .selectFrom('contact_addresses')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const addressByKey = query<{
  workspace: Uint8Array
  kind: string
  value_key: string
}>()<AddressTable>((db, p) =>
  db
    .selectFrom('contact_addresses')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('kind', '=', p.kind as never)
    .where('value_key', '=', p.value_key),
)

export const deleteAddress = query<Key>()((db, p) =>
  db.deleteFrom('contact_addresses').where('workspace', '=', p.workspace).where('id', '=', p.id),
)

export const preferAddress = query<Key & { at: number }>()((db, p) =>
  db
    .updateTable('contact_addresses')
    .set({ preferred_at: p.at })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const verifyAddress = query<Key & { at: number }>()((db, p) =>
  db
    .updateTable('contact_addresses')
    .set({ verified_at: p.at })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

/** Hands the addresses of a visitor to the contact they turned out to be. */
export const rehomeAddresses = query<{
  workspace: Uint8Array
  from: Uint8Array
  to: Uint8Array
}>()((db, p) =>
  db
    .updateTable('contact_addresses')
    .set({ contact: p.to })
    .where('workspace', '=', p.workspace)
    .where('contact', '=', p.from),
)

const addressesOf = query<{ workspace: Uint8Array; contacts: string }>()<AddressTable>(
  (db, p, dialect) =>
    db
      .selectFrom('contact_addresses')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where(inIdList('contact', p.contacts, dialect))
      .orderBy('kind')
      .orderBy('preferred_at', 'desc')
      .orderBy('id'),
)

/** The addresses of some contacts; the preferred of each kind first. */
export function addressRows(
  tx: ReadTx,
  workspace: Uint8Array,
  contacts: readonly Uint8Array[],
): Promise<AddressTable[]> {
  return tx.all(addressesOf, { workspace, contacts: idList(contacts) })
}

/** Those who are one person with another, who comes first of them. */
export const contactsOfPerson = query<{
  workspace: Uint8Array
  person: Uint8Array
}>()<ContactTable>((db, p) =>
  db
    .selectFrom('contacts')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('person', '=', p.person)
    .where('merged_into', 'is', null)
    .orderBy('id'),
)

export const joinContact = query<
  Key & { joined_to: Uint8Array | null; person: Uint8Array | null }
>()((db, p) =>
  db
    .updateTable('contacts')
    .set({ joined_to: p.joined_to, person: p.person })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const insertUnion = query<Omit<UnionTable, 'undone_by' | 'undone_at'>>()((db, p) =>
  db.insertInto('contact_unions').values({
    workspace: p.workspace,
    id: p.id,
    contact: p.contact,
    into_contact: p.into_contact,
    by_id: p.by_id,
    at: p.at,
    undone_by: null,
    undone_at: null,
  }),
)

export const unionById = query<Key>()<UnionTable>((db, p) =>
  db
    .selectFrom('contact_unions')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

/** The union by which a contact is part of another now. */
export const unionOf = query<{ workspace: Uint8Array; contact: Uint8Array }>()<UnionTable>(
  (db, p) =>
    db
      .selectFrom('contact_unions')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('contact', '=', p.contact)
      .where('undone_at', 'is', null),
)

export const undoneUnion = query<Key & { by: string; at: number }>()((db, p) =>
  db
    .updateTable('contact_unions')
    .set({ undone_by: p.by, undone_at: p.at })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

/** What was said of one contact by joining is said of another. */
export const passUnion = query<{ workspace: Uint8Array; from: Uint8Array; to: Uint8Array }>()(
  (db, p) =>
    db
      .updateTable('contact_unions')
      .set({ contact: p.to })
      .where('workspace', '=', p.workspace)
      .where('contact', '=', p.from)
      .where('undone_at', 'is', null),
)

/** What was joined to one contact is joined to another. */
export const passUnionsInto = query<{ workspace: Uint8Array; from: Uint8Array; to: Uint8Array }>()(
  (db, p) =>
    db
      .updateTable('contact_unions')
      .set({ into_contact: p.to })
      .where('workspace', '=', p.workspace)
      .where('into_contact', '=', p.from)
      .where('undone_at', 'is', null),
)

const countVisits = query<{ workspace: Uint8Array; contacts: string }>()<{ n: number }>(
  (db, p, dialect) =>
    db
      .selectFrom('visits')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('workspace', '=', p.workspace)
      .where(inIdList('contact', p.contacts, dialect)),
)

/** How many tokens open what these contacts take part in. */
export async function visitsOf(
  tx: ReadTx,
  workspace: Uint8Array,
  contacts: readonly Uint8Array[],
): Promise<number> {
  return (await tx.get(countVisits, { workspace, contacts: idList(contacts) }))?.n ?? 0
}
