import { bytesOf, type MemberId, type WorkspaceId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx } from '@fermata/storage/port'
import { memberById } from './store.sql.ts'
import type { MemberTable } from './tables.ts'

/** The only way to get a member: by somebody of the same workspace. */
export async function accessMember(
  tx: ReadTx,
  caller: { readonly workspace: WorkspaceId },
  id: MemberId,
): Promise<Result<MemberTable, Refusal>> {
  const row = await tx.get(memberById, { workspace: bytesOf(caller.workspace), id: bytesOf(id) })
  return row === undefined ? refused(refusal('not_found')) : ok(row)
}
