import { bytesOf, type Ids } from '@fermata/base/ids'
import type { WriteTx } from '@fermata/storage/port'
import { addressByKey, insertAddress, preferAddress, verifyAddress } from './addresses.sql.ts'
import type { ContactTable } from './tables.ts'

/**
 * Makes the e-mail address that a contact is shown with theirs and preferred, unless somebody else has it: then
 * it stays what they say of themselves, and nobody is told. `isProven`: their host site signed it.
 */
export async function claimEmail(
  tx: WriteTx,
  ids: Ids,
  { workspace, id: contact, email, email_key: value_key }: ContactTable,
  { at, isProven = false }: { readonly at: number; readonly isProven?: boolean },
): Promise<void> {
  if (email === null || value_key === null) return
  const kind = 'email'
  const known = await tx.get(addressByKey, { workspace, kind, value_key })
  const verified_at = isProven ? at : null
  if (known === undefined) {
    const id = bytesOf(ids.next('adr'))
    const row = { workspace, id, contact, kind, value: email, value_key } as const
    await tx.run(insertAddress, { ...row, verified_at, preferred_at: at, added_at: at })
    return
  }
  if (Buffer.compare(known.contact, contact) !== 0) return
  await tx.run(preferAddress, { workspace, id: known.id, at })
  if (isProven && known.verified_at === null) {
    await tx.run(verifyAddress, { workspace, id: known.id, at })
  }
}
