import { bytesOf, type ContactId, type WorkspaceId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { ContactView } from '@fermata/contract/contacts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx } from '@fermata/storage/port'
import { contactById } from './store.sql.ts'
import type { ContactTable } from './tables.ts'
import { contactView } from './views.ts'

/** A contact's row, or that of the person a visitor turned out to be. */
export async function contactRow(
  tx: ReadTx,
  workspace: WorkspaceId,
  id: Uint8Array,
): Promise<ContactTable | undefined> {
  const key = { workspace: bytesOf(workspace), id }
  const row = await tx.get(contactById, key)
  // Whom a visitor is merged into is identified, and so never merged again.
  if (row === undefined || row.merged_into === null) return row
  return tx.get(contactById, { ...key, id: row.merged_into })
}

/**
 * The only way to get a contact: by a member or an app of the same workspace, or by themselves.
 * An id that a visitor once had leads to the person they turned out to be. Refuses with `not_found`.
 */
export async function accessContact(
  tx: ReadTx,
  caller: Caller,
  id: ContactId,
): Promise<Result<ContactView, Refusal>> {
  if (caller.kind === 'contact' && caller.id !== id) return refused(refusal('not_found'))
  const row = await contactRow(tx, caller.workspace, bytesOf(id))
  return row === undefined
    ? refused(refusal('not_found'))
    : ok(contactView(row, caller.kind === 'contact' ? 'theirs' : 'ours'))
}
