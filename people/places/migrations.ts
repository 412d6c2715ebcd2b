import type { Migration } from '@fermata/storage/port'

/** Inboxes and channels. */
export const placesMigrations: readonly Migration[] = [
  {
    id: '0050-places',
    statements: ({ id, int, text, bytes }) => [
      `create table inboxes (
        workspace ${id} not null,
        id ${id} not null,
        name ${text} not null,
        medium ${text} not null,
        team ${id},
        public_key ${text} not null,
        greeting ${text} not null,
        origins ${text} not null,
        answer_low ${int},
        answer_normal ${int},
        answer_high ${int},
        answer_urgent ${int},
        secret_sealed ${bytes} not null,
        created_at ${int} not null,
        created_by ${text} not null,
        primary key (workspace, id)
      )`,
      'create unique index inboxes_by_id on inboxes (id)',
      'create unique index inboxes_by_key on inboxes (public_key)',
      'create index inboxes_of_team on inboxes (workspace, team) where team is not null',
    ],
  },
  {
    id: '0052-channels',
    statements: ({ id, int, text }) => [
      `create table channels (
        workspace ${id} not null,
        id ${id} not null,
        name ${text} not null,
        purpose ${text} not null,
        visibility ${text} not null,
        members ${int} not null,
        created_at ${int} not null,
        created_by ${id} not null,
        archived_at ${int},
        archived_by ${id},
        primary key (workspace, id)
      )`,
      `create table channel_members (
        workspace ${id} not null,
        channel ${id} not null,
        member ${id} not null,
        joined_at ${int} not null,
        joined_by ${id} not null,
        primary key (workspace, channel, member)
      )`,
      'create index channel_members_of on channel_members (workspace, member, channel)',
    ],
  },
]
