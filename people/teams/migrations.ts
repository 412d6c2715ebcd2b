import type { Migration } from '@fermata/storage/port'

/** Teams and who is in them. */
export const teamsMigrations: readonly Migration[] = [
  {
    id: '0030-teams',
    statements: ({ id, int, text }) => [
      `create table teams (
        workspace ${id} not null,
        id ${id} not null,
        name ${text} not null,
        created_at ${int} not null,
        primary key (workspace, id)
      )`,
      `create table team_members (
        workspace ${id} not null,
        team ${id} not null,
        member ${id} not null,
        joined_at ${int} not null,
        joined_by ${text} not null,
        primary key (workspace, team, member)
      )`,
      'create index team_members_by_member on team_members (workspace, member, team)',
    ],
  },
  {
    id: '0076-team-leases',
    statements: ({ int }) => [
      `alter table teams add column lease_ms ${int} not null default ${8 * 3_600_000}`,
    ],
  },
]
