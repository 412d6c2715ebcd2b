import type { Migration } from '@fermata/storage/port'

/** What was done to one of many conversations. */
export interface BulkTable {
  /** Who did it, in text form, and under which id of theirs. */
  actor: string
  client: Uint8Array
  conversation: Uint8Array
  /** What was asked, as JSON. */
  act: string
  at: number
  /** What it was in before and after, as JSON; null when it was refused. */
  before: string | null
  after: string | null
  /** Why it was not done, as JSON. */
  refusal: string | null
  undone_at: number | null
}

export interface BulkTables {
  bulk_items: BulkTable
}

/** What was done to many conversations at once, for a day. */
export const bulkMigrations: readonly Migration[] = [
  {
    id: '0078-bulk',
    statements: ({ dialect, id, int, text }) => [
      `create table bulk_items (
        actor ${text} not null,
        client ${id} not null,
        conversation ${id} not null,
        act ${text} not null,
        at ${int} not null,
        before ${text},
        after ${text},
        refusal ${text},
        undone_at ${int},
        primary key (actor, client, conversation)
      )${dialect === 'sqlite' ? ' without rowid' : ''}`,
      'create index bulk_items_by_time on bulk_items (actor, at)',
    ],
  },
]
