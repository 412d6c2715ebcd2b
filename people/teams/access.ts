import { bytesOf, type TeamId, type WorkspaceId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx } from '@fermata/storage/port'
import { teamById } from './store.sql.ts'
import type { TeamTable } from './tables.ts'

/** The only way to get a team: by somebody of the same workspace. */
export async function accessTeam(
  tx: ReadTx,
  caller: { readonly workspace: WorkspaceId },
  id: TeamId,
): Promise<Result<TeamTable, Refusal>> {
  const row = await tx.get(teamById, { workspace: bytesOf(caller.workspace), id: bytesOf(id) })
  return row === undefined ? refused(refusal('not_found')) : ok(row)
}
