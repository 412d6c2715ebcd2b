import { idText } from '@fermata/base/ids'
import type { WriteTx } from '@fermata/storage/port'
import {
  contactsOfPerson,
  joinContact,
  passUnion,
  passUnionsInto,
  undoneUnion,
  unionOf,
} from './addresses.sql.ts'
import { contactById } from './store.sql.ts'
import type { ContactTable } from './tables.ts'

/** Who is joined to whom; null for whoever comes first of a person. By ids in text form. */
type Parents = ReadonlyMap<string, string | null>

function isBelow(parents: Parents, one: string, other: string): boolean {
  for (let at = parents.get(one) ?? null; at !== null; at = parents.get(at) ?? null) {
    if (at === other) return true
  }
  return false
}

/**
 * Who is joined to whom when a visitor turned out to be somebody whom members know: what was said of the visitor
 * holds for them, unless they are joined to somebody already. Pure.
 */
export function rejoined(parents: Parents, visitor: string, person: string): Parents {
  const above = parents.get(visitor) ?? null
  const own = parents.get(person) ?? null
  const isTheirs = isBelow(parents, person, visitor)
  const isOver = isBelow(parents, visitor, person)
  const parentOfPerson = isTheirs ? above : own === null && !isOver ? above : own
  const after = new Map<string, string | null>()
  for (const [one, parent] of parents) {
    if (one === visitor) continue
    after.set(one, one === person ? parentOfPerson : parent === visitor ? person : parent)
  }
  return after
}

function firstOf(parents: Parents, one: string): string {
  const parent = parents.get(one) ?? null
  return parent === null ? one : firstOf(parents, parent)
}

const keyOf = (id: Uint8Array): string => Buffer.from(id).toString('hex')

/** All rows of the person that a contact is part of. */
async function personRows(tx: WriteTx, row: ContactTable): Promise<readonly ContactTable[]> {
  const { workspace } = row
  const id = row.person ?? row.id
  const first = await tx.get(contactById, { workspace, id })
  const others = await tx.all(contactsOfPerson, { workspace, person: id })
  return [...(first === undefined ? [row] : [first]), ...others]
}

/** What members said by joining: it passes to the person, and what says no more than the proof does is over. */
async function passUnions(
  tx: WriteTx,
  rows: { readonly visitor: ContactTable; readonly person: ContactTable },
  to: { readonly takesPlace: boolean; readonly at: number },
): Promise<void> {
  const { workspace, id: from } = rows.visitor
  const { id: into } = rows.person
  const end = async (contact: Uint8Array): Promise<void> => {
    const union = await tx.get(unionOf, { workspace, contact })
    if (union === undefined) return
    await tx.run(undoneUnion, { workspace, id: union.id, by: idText('ctc', into), at: to.at })
  }
  if (to.takesPlace) {
    await end(into)
    await tx.run(passUnion, { workspace, from, to: into })
  } else await end(from)
  await tx.run(passUnionsInto, { workspace, from, to: into })
}

/**
 * Puts the person whom a visitor turned out to be where members had put the visitor; to be called before the
 * visitor is marked as merged. Answers those of whom there is something new.
 */
export async function rejoin(
  tx: WriteTx,
  visitor: ContactTable,
  person: ContactTable,
  at: number,
): Promise<readonly ContactTable[]> {
  const both = [...(await personRows(tx, visitor)), ...(await personRows(tx, person))]
  const rows = new Map(both.map((row) => [keyOf(row.id), row]))
  if (rows.size === 2 && visitor.person === null && person.person === null) return []
  const parents: Parents = new Map(
    [...rows].map(([key, { joined_to: to }]) => [key, to === null ? null : keyOf(to)]),
  )
  const [gone, stays] = [keyOf(visitor.id), keyOf(person.id)]
  const after = rejoined(parents, gone, stays)
  const above = parents.get(gone) ?? null
  const takesPlace = after.get(stays) === above && above !== parents.get(stays)
  await passUnions(tx, { visitor, person }, { takesPlace, at })
  for (const [key, parent] of after) {
    const { workspace, id } = rows.get(key) as ContactTable
    const first = firstOf(after, key)
    const joined_to = parent === null ? null : Buffer.from(parent, 'hex')
    const of = first === key ? null : Buffer.from(first, 'hex')
    await tx.run(joinContact, { workspace, id, joined_to, person: of })
  }
  await tx.run(joinContact, { ...visitor, joined_to: null, person: null })
  return [...rows.values()].filter((row) => row !== rows.get(gone))
}
