import type { ContactId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import type { ReadTx } from '@fermata/storage/port'
import { listPage } from './lists.ts'

/** Whether somebody sees any conversation with a contact: so a guest knows them, and no other. */
export async function seesTalkWith(
  tx: ReadTx,
  caller: Caller,
  contact: ContactId,
): Promise<boolean> {
  const page = await listPage(tx, caller, { list: 'all', contact, limit: 1 })
  return page.ok && page.value.rows.length > 0
}
