import { bytesOf, idText, type MemberId, type TeamId, type WorkspaceId } from '@fermata/base/ids'
import type { TeamView } from '@fermata/contract/teams.schema'
import type { ReadTx } from '@fermata/storage/port'
import { teamRows } from './store.sql.ts'
import type { TeamMemberTable, TeamTable } from './tables.ts'

/** Teams with their members, in the order of the teams. */
export function viewsOf(
  teams: readonly TeamTable[],
  members: readonly Pick<TeamMemberTable, 'team' | 'member'>[],
): TeamView[] {
  const membersOf = new Map<TeamId, MemberId[]>()
  for (const { team, member } of members) {
    const id = idText('tea', team)
    const list = membersOf.get(id)
    if (list === undefined) membersOf.set(id, [idText('mbr', member)])
    else list.push(idText('mbr', member))
  }
  return teams.map((row) => {
    const id = idText('tea', row.id)
    return { id, name: row.name, members: membersOf.get(id) ?? [] }
  })
}

/** What teams are now, in no order; those of other workspaces are left out. */
export async function teamViews(
  tx: ReadTx,
  workspace: WorkspaceId,
  ids: readonly TeamId[],
): Promise<TeamView[]> {
  if (ids.length === 0) return []
  const { teams, members } = await teamRows(tx, bytesOf(workspace), ids.map(bytesOf))
  return viewsOf(teams, members)
}
