import { bytesOf, idText, type MemberId, type TeamId, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Caller } from '@fermata/contract/actors'
import type { TeamView } from '@fermata/contract/teams.schema'
import type { ReadTx } from '@fermata/storage/port'
import { seesDirectory } from '../accounts/index.ts'
import { fellowsOfMember, teamMembersOfWorkspace, teamRows, teamsOfWorkspace } from './store.sql.ts'
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
    return { id, name: row.name, members: membersOf.get(id) ?? [], leaseMs: row.lease_ms }
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

/** The teams that a caller may see, oldest first: all, or for a guest their own. */
export async function visibleTeams(
  tx: ReadTx,
  caller: Exclude<Caller, { kind: 'contact' }>,
): Promise<TeamView[]> {
  const workspace = bytesOf(caller.workspace)
  const limit = limits.teamsPerWorkspaceMax
  const teams = await tx.all(teamsOfWorkspace, { workspace, limit })
  const all = viewsOf(teams, await tx.all(teamMembersOfWorkspace, { workspace }))
  return seesDirectory(caller) ? all : all.filter(({ members }) => isAmong(members, caller.id))
}

function isAmong(members: readonly MemberId[], id: string): boolean {
  return members.some((member) => member === id)
}

/** The ids of those who share a team with a member, and of the member. */
export async function fellowsOf(
  tx: ReadTx,
  workspace: Uint8Array,
  member: Uint8Array,
): Promise<Uint8Array[]> {
  const fellows = await tx.all(fellowsOfMember, { workspace, member })
  return [member, ...fellows.map((row) => row.member)]
}
