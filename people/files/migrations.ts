import type { Migration } from '@fermata/storage/port'

/** Files, what they hold, and what is to be removed of them. */
export const filesMigrations: readonly Migration[] = [
  {
    id: '0025-files',
    statements: ({ id, int, text, bytes }) => [
      `create table files (
        workspace ${id} not null,
        id ${id} not null primary key,
        owner ${text} not null,
        name ${text} not null,
        bytes ${int} not null,
        hash ${bytes},
        message ${id},
        made_at ${int} not null,
        touched_at ${int} not null
      )`,
      'create index files_unsent on files (owner) where message is null',
      'create index files_forgotten on files (touched_at) where message is null',
      'create index files_of_message on files (message) where message is not null',
      'create index files_of_blob on files (workspace, hash) where hash is not null',
      `create table file_blobs (
        workspace ${id} not null,
        hash ${bytes} not null,
        file ${id} not null,
        bytes ${int} not null,
        type ${text} not null,
        width ${int},
        height ${int},
        small ${int} not null,
        primary key (workspace, hash)
      )`,
      `create table file_usage (workspace ${id} not null primary key, bytes ${int} not null)`,
      `create table file_trash (file ${id} not null primary key)`,
    ],
  },
  {
    id: '0026-files-kept',
    statements: ({ text }) => [
      `alter table files add column keeper ${text}`,
      'create index files_kept on files (keeper) where keeper is not null',
    ],
  },
]
