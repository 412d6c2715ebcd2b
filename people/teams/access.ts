import { bytesOf, idText, type TeamId, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx } from '@fermata/storage/port'
import { teamById, teamsOfMember } from './store.sql.ts'
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

/** The teams that somebody is in; apps and contacts are in none. */
export async function teamsOf(tx: ReadTx, caller: Caller): Promise<ReadonlySet<TeamId>> {
  if (caller.kind !== 'member') return new Set()
  const key = { workspace: bytesOf(caller.workspace), member: bytesOf(caller.id) }
  const rows = await tx.all(teamsOfMember, key)
  return new Set(rows.map(({ team }) => idText('tea', team)))
}

/** How long leases in an inbox last from their holder's last act, unless somebody asks for another time. */
export async function leaseMsIn(
  tx: ReadTx,
  workspace: WorkspaceId,
  { team }: { readonly team: TeamId | null },
): Promise<number> {
  if (team === null) return limits.leaseMsDefault
  const row = await tx.get(teamById, { workspace: bytesOf(workspace), id: bytesOf(team) })
  return row?.lease_ms ?? limits.leaseMsDefault
}
