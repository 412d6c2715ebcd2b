import { bytesOf, idText, type AddressId, type ContactId, type UnionId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import type { AddressView, UnionView } from '@fermata/contract/addresses.schema'
import type { ContactView } from '@fermata/contract/contacts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { AddressKind } from '@fermata/contract/words'
import type { WriteTx } from '@fermata/storage/port'
import { lockWorkspace } from '../accounts/index.ts'
import { record, type By } from '../audit/index.ts'
import { emit } from '../event.ts'
import { contactRow } from './access.ts'
import { addressKey } from './address.ts'
import {
  addressById,
  addressByKey,
  addressRows,
  deleteAddress,
  insertAddress,
  insertUnion,
  joinContact,
  preferAddress,
  undoneUnion,
  unionById,
} from './addresses.sql.ts'
import type { ContactsDeps } from './deps.ts'
import { addressView, personOf, unionView, type Person } from './persons.ts'
import { updateContact } from './store.sql.ts'
import type { AddressTable, ContactTable } from './tables.ts'
import { contactView } from './views.ts'

type Worker = MemberActor | AppActor

/** Tells members that there is something new about a contact. `too`: the contact themselves is told as well. */
function tell(
  tx: WriteTx,
  { workspace, id }: ContactTable,
  by: { readonly caller: Worker; readonly at: number; readonly too?: true },
): void {
  const { caller, at, too } = by
  const body = { contact: idText('ctc', id) }
  const contact = too === true ? id : null
  emit(tx, { workspace, at, actor: caller.id, type: 'contact.changed', body, contact })
}

/** The e-mail address that a contact is shown with is the preferred one of theirs. */
async function showPreferred(tx: WriteTx, row: ContactTable): Promise<void> {
  const rows = await addressRows(tx, row.workspace, [row.id])
  const first = rows.find(({ kind }) => kind === 'email')
  const [email, email_key] = [first?.value ?? null, first?.value_key ?? null]
  if (row.email_key !== email_key) await tx.run(updateContact, { ...row, email, email_key })
}

/** Adds an address to a contact. One that somebody else has is refused with `already_exists`. */
export async function addAddress(
  deps: ContactsDeps,
  caller: Worker,
  id: ContactId,
  { kind, value }: { readonly kind: AddressKind; readonly value: string },
): Promise<Result<AddressView, Refusal>> {
  const key = addressKey(kind, value)
  if (!key.ok) return key
  const workspace = bytesOf(caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<AddressView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const contact = await contactRow(tx, caller.workspace, bytesOf(id))
    if (contact === undefined) return refused(refusal('not_found'))
    const own = (await addressRows(tx, workspace, [contact.id])).filter((row) => row.kind === kind)
    const known = await tx.get(addressByKey, { workspace, kind, value_key: key.value })
    if (known !== undefined) {
      const isTheirs = own.find((row) => Buffer.compare(row.id, known.id) === 0)
      if (isTheirs !== undefined) return ok(addressView(known, own[0] === isTheirs))
      return refused(refusal('already_exists', { field: 'body.value' }))
    }
    const limit = limits.addressesPerContactMax
    if (own.length >= limit) {
      return refused(refusal('limit_reached', { field: 'addresses', limit }))
    }
    const at = deps.clock.now()
    const row: AddressTable = {
      ...{ workspace, id: bytesOf(deps.ids.next('adr')), contact: contact.id, kind, value },
      // The first of its kind is preferred; those that follow are not, until somebody says so.
      ...{ value_key: key.value, verified_at: null, preferred_at: own.length === 0 ? at : 0 },
      added_at: at,
    }
    await tx.run(insertAddress, row)
    if (kind === 'email') await showPreferred(tx, contact)
    tell(tx, contact, { caller, at, too: true })
    return ok(addressView(row, own.length === 0))
  })
}

/** Does something to an address of a contact. */
function withAddress<T>(
  deps: ContactsDeps,
  caller: Worker,
  at: { readonly contact: ContactId; readonly address: AddressId },
  act: (tx: WriteTx, row: AddressTable, now: number) => Promise<T>,
): Promise<Result<T, Refusal>> {
  const workspace = bytesOf(caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<T, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const row = await tx.get(addressById, { workspace, id: bytesOf(at.address) })
    const isTheirs = row !== undefined && idText('ctc', row.contact) === at.contact
    const contact = isTheirs ? await contactRow(tx, caller.workspace, row.contact) : undefined
    if (!isTheirs || contact === undefined) return refused(refusal('not_found'))
    const now = deps.clock.now()
    const done = await act(tx, row, now)
    if (row.kind === 'email') await showPreferred(tx, contact)
    tell(tx, contact, { caller, at: now, too: true })
    return ok(done)
  })
}

/** Removes an address of a contact. */
export function removeAddress(
  deps: ContactsDeps,
  caller: Worker,
  at: { readonly contact: ContactId; readonly address: AddressId },
): Promise<Result<undefined, Refusal>> {
  return withAddress(deps, caller, at, async (tx, row) => {
    await tx.run(deleteAddress, row)
    return undefined
  })
}

/** Puts an address of a contact first among those of its kind. */
export function preferredAddress(
  deps: ContactsDeps,
  caller: Worker,
  at: { readonly contact: ContactId; readonly address: AddressId },
): Promise<Result<AddressView, Refusal>> {
  return withAddress(deps, caller, at, async (tx, row, now) => {
    await tx.run(preferAddress, { workspace: row.workspace, id: row.id, at: now })
    return addressView(row, true)
  })
}

async function audited(
  tx: WriteTx,
  deps: ContactsDeps,
  by: By,
  done: {
    readonly action: 'contact.merged' | 'contact.unmerged'
    readonly contact: ContactTable
    readonly into: ContactTable
    readonly at: number
  },
): Promise<void> {
  const { action, contact, into, at } = done
  const nameOf = ({ id, name, email }: ContactTable) => name ?? email ?? idText('ctc', id)
  const to = idText('ctc', into.id)
  await record(tx, deps.ids, by, {
    ...{ workspace: by.caller.workspace, at, action, target: idText('ctc', contact.id) },
    targetName: nameOf(contact),
    changes: [{ field: 'into', from: '', to: `${nameOf(into)} (${to})` }],
  })
}

/** Says that a contact is the same person as another. Nothing of theirs is moved, and no token sees more. */
export async function mergeContacts(
  deps: ContactsDeps,
  by: By,
  asked: { readonly contact: ContactId; readonly into: ContactId },
): Promise<Result<{ union: UnionView; contact: ContactView }, Refusal>> {
  const { caller } = by
  const workspace = bytesOf(caller.workspace)
  const id = bytesOf(deps.ids.next('uni'))
  return deps.storage.write(
    async (tx): Promise<Result<{ union: UnionView; contact: ContactView }, Refusal>> => {
      await lockWorkspace(tx, workspace)
      const from = await personOf(tx, caller.workspace, bytesOf(asked.contact))
      const into = await personOf(tx, caller.workspace, bytesOf(asked.into))
      if (from === undefined || into === undefined) return refused(refusal('not_found'))
      if (Buffer.compare(from.first.id, into.first.id) === 0) {
        const message = 'These are one person already.'
        return refused(refusal('conflict', { message, field: 'body.into' }))
      }
      const limit = limits.contactsPerPersonMax
      if (from.others.length + into.others.length + 2 > limit) {
        return refused(refusal('limit_reached', { field: 'contactsPerPersonMax', limit }))
      }
      const at = deps.clock.now()
      const person = into.first.id
      const contact = { ...from.first, joined_to: person, person }
      await tx.run(joinContact, contact)
      for (const other of from.others) await tx.run(joinContact, { ...other, person })
      const row = { workspace, id, contact: contact.id, into_contact: person, by_id: caller.id, at }
      await tx.run(insertUnion, row)
      for (const one of [contact, ...from.others, into.first]) tell(tx, one, { caller, at })
      await audited(tx, deps, by, { action: 'contact.merged', contact, into: into.first, at })
      const union = unionView({ ...row, undone_by: null, undone_at: null }, contact)
      return ok({ union, contact: contactView(into.first, 'ours') })
    },
  )
}

/** Those of a person who came with a contact: whoever was joined to them, or to one of those. */
function cameWith(contact: ContactTable, { others }: Person): readonly ContactTable[] {
  const found = [contact]
  // Grows while it is walked.
  for (const one of found) {
    for (const other of others) {
      const isJoined = other.joined_to !== null && Buffer.compare(other.joined_to, one.id) === 0
      if (isJoined && !found.includes(other)) found.push(other)
    }
  }
  return found.slice(1)
}

/** Takes back that a contact is the same person as another. What was taken back already stays so. */
export async function unmergeContacts(
  deps: ContactsDeps,
  by: By,
  id: UnionId,
): Promise<Result<UnionView, Refusal>> {
  const { caller } = by
  const workspace = bytesOf(caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<UnionView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const union = await tx.get(unionById, { workspace, id: bytesOf(id) })
    if (union === undefined) return refused(refusal('not_found'))
    const contact = await contactRow(tx, caller.workspace, union.contact)
    const person = await personOf(tx, caller.workspace, union.contact)
    if (contact === undefined || person === undefined) return refused(refusal('not_found'))
    if (union.undone_at !== null) return ok(unionView(union, contact))
    const at = deps.clock.now()
    const came = cameWith(contact, person)
    const alone = { ...contact, joined_to: null, person: null }
    await tx.run(joinContact, alone)
    for (const other of came) await tx.run(joinContact, { ...other, person: contact.id })
    await tx.run(undoneUnion, { workspace, id: union.id, by: caller.id, at })
    for (const one of [alone, ...came, person.first]) tell(tx, one, { caller, at })
    await audited(tx, deps, by, { action: 'contact.unmerged', contact, into: person.first, at })
    return ok(unionView({ ...union, undone_by: caller.id, undone_at: at }, alone))
  })
}
