import { present } from '@fermata/base/assert'
import { bytesOf, idText, type ContactId, type WorkspaceId } from '@fermata/base/ids'
import type { AddressView, CardView, UnionView } from '@fermata/contract/addresses.schema'
import type { ReadTx } from '@fermata/storage/port'
import { contactRow } from './access.ts'
import { addressRows, contactsOfPerson, unionOf, visitsOf } from './addresses.sql.ts'
import { newestContactsWithEmail } from './store.sql.ts'
import type { AddressTable, ContactTable, UnionTable } from './tables.ts'
import { contactView } from './views.ts'

/** How many others who go by the same address are named. */
const alikeMax = 5

/** Sorts after every id there is. */
const lastId = new Uint8Array(16).fill(0xff)

/** A person: the contact who comes first, and those whom members joined to them. */
export interface Person {
  readonly first: ContactTable
  readonly others: readonly ContactTable[]
}

/** Who somebody is, whichever contact of theirs is asked for; undefined when there is none. */
export async function personOf(
  tx: ReadTx,
  workspace: WorkspaceId,
  id: Uint8Array,
): Promise<Person | undefined> {
  const row = await contactRow(tx, workspace, id)
  if (row === undefined) return undefined
  const first =
    row.person === null ? row : present(await contactRow(tx, workspace, row.person), 'a person')
  const key = { workspace: bytesOf(workspace), person: first.id }
  return { first, others: await tx.all(contactsOfPerson, key) }
}

/** The ids of all contacts who are one person with this one, the one that comes first before the others. */
export async function contactsJoined(
  tx: ReadTx,
  workspace: WorkspaceId,
  id: ContactId,
): Promise<ContactId[]> {
  const person = await personOf(tx, workspace, bytesOf(id))
  if (person === undefined) return [id]
  return [person.first, ...person.others].map((row) => idText('ctc', row.id))
}

/** An address; `isFirst` of its kind. */
export function addressView(row: AddressTable, isFirst: boolean): AddressView {
  return {
    id: idText('adr', row.id),
    contact: idText('ctc', row.contact),
    kind: row.kind,
    value: row.value,
    verifiedAt: row.verified_at,
    primary: isFirst,
    addedAt: row.added_at,
  }
}

/** That a contact was joined to another. */
export function unionView(union: UnionTable, contact: ContactTable): UnionView {
  const { undone_by: by, undone_at: at } = union
  return {
    id: idText('uni', union.id),
    contact: contactView(contact, 'ours'),
    into: idText('ctc', union.into_contact),
    by: union.by_id as UnionView['by'],
    at: union.at,
    undone: by === null || at === null ? null : { by: by as UnionView['by'], at },
  }
}

/** All that members may know of a person. */
export async function cardOf(tx: ReadTx, { first, others }: Person): Promise<CardView> {
  const { workspace } = first
  const ids = [first, ...others].map(({ id }) => id)
  const rows = await addressRows(tx, workspace, ids)
  const joined: UnionView[] = []
  for (const other of others) {
    const union = await tx.get(unionOf, { workspace, contact: other.id })
    if (union !== undefined) joined.push(unionView(union, other))
  }
  return {
    contact: contactView(first, 'ours'),
    addresses: rows.map((row, i) => addressView(row, rows[i - 1]?.kind !== row.kind)),
    visits: await visitsOf(tx, workspace, ids),
    joined,
    alike: await alike(tx, { first, others }),
  }
}

/** Others who say that an address of this person is theirs. */
async function alike(tx: ReadTx, { first, others }: Person): Promise<CardView['alike']> {
  const { workspace } = first
  const own = new Set([first, ...others].map(({ id }) => idText('ctc', id)))
  const keys = new Set([first, ...others].flatMap(({ email_key: key }) => key ?? []))
  const found = new Map<string, ContactTable>()
  for (const email_key of keys) {
    const limit = alikeMax + own.size
    const page = { workspace, email_key, before: lastId, limit }
    for (const row of await tx.all(newestContactsWithEmail, page)) {
      const id = idText('ctc', row.id)
      if (!own.has(id)) found.set(id, row)
    }
  }
  return [...found.values()].slice(0, alikeMax).map((row) => contactView(row, 'ours'))
}
