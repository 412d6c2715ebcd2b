import type { Migration } from '@fermata/storage/port'

/** Inboxes. */
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
]
