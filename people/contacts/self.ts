import { bytesOf, idText } from '@fermata/base/ids'
import type { ContactActor } from '@fermata/contract/actors'
import type { WriteTx } from '@fermata/storage/port'
import { contactForChange } from './store.sql.ts'

/**
 * Who a contact is by now: as a visitor's words were on their way, the visitor may have turned out to be somebody
 * whom the workspace knows, who is to see them. It is true until the commit.
 */
export async function contactNow(tx: WriteTx, caller: ContactActor): Promise<ContactActor> {
  const workspace = bytesOf(caller.workspace)
  const own = await tx.get(contactForChange, { workspace, id: bytesOf(caller.id) })
  if (own === undefined || own.merged_into === null) return caller
  // Whom a visitor is merged into is identified, and so never merged again.
  const person = await tx.get(contactForChange, { workspace, id: own.merged_into })
  if (person === undefined) return caller
  return { ...caller, id: idText('ctc', person.id), name: person.name ?? '' }
}
