import type { Migration } from '@fermata/storage/port'

/** The words that wake no conversation, where a workspace has lists of its own. */
export const smallTalkMigrations: readonly Migration[] = [
  {
    id: '0066-small-talk',
    statements: ({ id, int, text }) => [
      `create table small_talk (
        workspace ${id} not null,
        language ${text} not null,
        words ${text} not null,
        changed_at ${int} not null,
        changed_by ${text} not null,
        primary key (workspace, language)
      )`,
    ],
  },
]
