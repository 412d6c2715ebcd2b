import { idList, inIdList } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import type { ReadTx } from '@fermata/storage/port'
import type { TeamMemberTable, TeamsTables, TeamTable } from './tables.ts'

const query = queriesOver<TeamsTables>()

interface TeamKey {
  workspace: Uint8Array
  id: Uint8Array
}

interface InTeam {
  workspace: Uint8Array
  team: Uint8Array
  member: Uint8Array
}

export const insertTeam = query<TeamTable>()((db, p) =>
  db.insertInto('teams').values({
    workspace: p.workspace,
    id: p.id,
    name: p.name,
    created_at: p.created_at,
    lease_ms: p.lease_ms,
  }),
)

export const teamById = query<TeamKey>()((db, p) =>
  db.selectFrom('teams').selectAll().where('workspace', '=', p.workspace).where('id', '=', p.id),
)

export const updateTeam = query<TeamKey & Pick<TeamTable, 'name' | 'lease_ms'>>()((db, p) =>
  db
    .updateTable('teams')
    .set({ name: p.name, lease_ms: p.lease_ms })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const deleteTeam = query<TeamKey>()((db, p) =>
  db.deleteFrom('teams').where('workspace', '=', p.workspace).where('id', '=', p.id),
)

export const deleteMembersOfTeam = query<TeamKey>()((db, p) =>
  db.deleteFrom('team_members').where('workspace', '=', p.workspace).where('team', '=', p.id),
)

export const countTeams = query<{ workspace: Uint8Array }>()((db, p) =>
  db
    .selectFrom('teams')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace', '=', p.workspace),
)

export const teamsOfWorkspace = query<{ workspace: Uint8Array; limit: number }>()((db, p) =>
  db
    .selectFrom('teams')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .orderBy('id')
    .limit(p.limit),
)

/** Who is in which team of a workspace; as many as there are, for each is a member in a team. */
export const teamMembersOfWorkspace = query<{ workspace: Uint8Array }>()((db, p) =>
  db
    .selectFrom('team_members')
    .select(['team', 'member'])
    .where('workspace', '=', p.workspace)
    .orderBy('team')
    .orderBy('member'),
)

/** The teams that somebody is in. */
export const teamsOfMember = query<{ workspace: Uint8Array; member: Uint8Array }>()((db, p) =>
  db
    .selectFrom('team_members')
    .select('team')
    .where('workspace', '=', p.workspace)
    .where('member', '=', p.member),
)

const teamsByIds = query<{ workspace: Uint8Array; ids: string }>()((db, p, dialect) =>
  db
    .selectFrom('teams')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where(inIdList('id', p.ids, dialect)),
)

const membersOfTeams = query<{ workspace: Uint8Array; ids: string }>()((db, p, dialect) =>
  db
    .selectFrom('team_members')
    .select(['team', 'member'])
    .where('workspace', '=', p.workspace)
    .where(inIdList('team', p.ids, dialect))
    .orderBy('team')
    .orderBy('member'),
)

/** The rows of some teams and who is in them. */
export async function teamRows(
  tx: ReadTx,
  workspace: Uint8Array,
  ids: readonly Uint8Array[],
): Promise<{ teams: TeamTable[]; members: Pick<TeamMemberTable, 'team' | 'member'>[] }> {
  const asked = { workspace, ids: idList(ids) }
  return { teams: await tx.all(teamsByIds, asked), members: await tx.all(membersOfTeams, asked) }
}

/** Puts a member into a team; changes no row when they are in it already. */
export const insertTeamMember = query<TeamMemberTable>()((db, p) =>
  db
    .insertInto('team_members')
    .values({
      workspace: p.workspace,
      team: p.team,
      member: p.member,
      joined_at: p.joined_at,
      joined_by: p.joined_by,
    })
    .onConflict((conflict) => conflict.columns(['workspace', 'team', 'member']).doNothing()),
)

export const deleteTeamMember = query<InTeam>()((db, p) =>
  db
    .deleteFrom('team_members')
    .where('workspace', '=', p.workspace)
    .where('team', '=', p.team)
    .where('member', '=', p.member),
)

/** Those who are in a team with a member, the member too if there is one. */
export const fellowsOfMember = query<{ workspace: Uint8Array; member: Uint8Array }>()((db, p) =>
  db
    .selectFrom('team_members as own')
    .innerJoin('team_members as fellow', (join) =>
      join.onRef('fellow.workspace', '=', 'own.workspace').onRef('fellow.team', '=', 'own.team'),
    )
    .select('fellow.member')
    .distinct()
    .where('own.workspace', '=', p.workspace)
    .where('own.member', '=', p.member),
)
