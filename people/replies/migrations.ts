import type { Migration } from '@fermata/storage/port'

/** Prepared replies. */
export const repliesMigrations: readonly Migration[] = [
  {
    id: '0072-replies',
    statements: ({ id, int, text }) => [
      `create table replies (
        workspace ${id} not null,
        id ${id} not null,
        title ${text} not null,
        shortcut ${text} not null,
        body ${text} not null,
        owner ${id},
        created_at ${int} not null,
        created_by ${text} not null,
        removed_at ${int},
        uses ${int} not null,
        used_at ${int},
        used_by ${text},
        primary key (workspace, id)
      )`,
    ],
  },
]
