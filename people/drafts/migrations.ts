import type { ColumnTypes, Migration } from '@fermata/storage/port'

function drafts({ id, int, text }: ColumnTypes): string[] {
  return [
    `create table drafts (
      conversation ${id} not null,
      owner ${text} not null,
      workspace ${id} not null,
      kind ${text} not null,
      text ${text} not null,
      files ${text} not null,
      version ${int} not null,
      at ${int} not null,
      editor ${text} not null,
      editor_name ${text} not null,
      primary key (conversation, owner)
    )`,
    `create index drafts_of_owner on drafts (owner, at desc) where owner <> ''`,
  ]
}

function scheduled({ id, int, text, bytes }: ColumnTypes): string[] {
  return [
    `create table scheduled (
      id ${id} not null primary key,
      workspace ${id} not null,
      conversation ${id} not null,
      sender ${text} not null,
      client ${id} not null,
      asked_hash ${bytes} not null,
      kind ${text} not null,
      text ${text} not null,
      files ${text} not null,
      at ${int} not null,
      wall ${text},
      unless_answered ${int} not null,
      since ${int} not null,
      was_resolved ${int} not null,
      state ${text} not null,
      stopped_why ${text},
      stopped_at ${int} not null,
      stopped_by ${text},
      stopped_holder ${text},
      message ${id},
      version ${int} not null
    )`,
    'create unique index scheduled_by_client on scheduled (sender, client)',
    `create index scheduled_of_sender on scheduled (sender, at, id)
      where state in ('waiting', 'stopped')`,
    `create index scheduled_by_wall on scheduled (id)
      where state = 'waiting' and wall is not null`,
    `create index scheduled_over on scheduled (at) where state in ('sent', 'removed')`,
  ]
}

/** What is written and not yet said. */
export const draftsMigrations: readonly Migration[] = [
  { id: '0075-drafts', statements: (column) => [...drafts(column), ...scheduled(column)] },
  {
    id: '0077-scheduled-mark',
    statements: ({ id, text }) => [
      `alter table scheduled add column mark ${id}`,
      `alter table scheduled add column prepared ${text} not null default '[]'`,
    ],
  },
  {
    id: '0079-draft-home',
    statements: ({ id }) => [`alter table drafts add column home ${id}`],
  },
]
