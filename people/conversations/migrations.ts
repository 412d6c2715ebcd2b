import { bulkMigrations } from './bulk.tables.ts'
import type { ColumnTypes, Migration } from '@fermata/storage/port'
import { floor } from './floor.migrations.ts'
import { moves, ofAll } from './moves.migrations.ts'

function conversations({ id, int, text }: ColumnTypes): string[] {
  return [
    `create table conversations (
      id ${id} not null primary key,
      workspace ${id} not null,
      inbox ${id} not null,
      contact ${id} not null,
      subject ${text} not null,
      urgency ${text} not null,
      labels ${text} not null,
      status ${text} not null,
      turn ${text} not null,
      turn_since ${int} not null,
      due ${int},
      owed ${int} not null,
      due_key ${int} not null,
      pauses ${text},
      pause_until_key ${int} not null,
      pause_at_key ${int} not null,
      resolved_by ${text},
      resolved_at ${int} not null,
      last_number ${int} not null,
      last_at ${int} not null,
      reply_count ${int} not null,
      last_reply ${int} not null,
      last_reply_at ${int} not null,
      last_reply_side ${text} not null,
      created_at ${int} not null
    )`,
    `create index conversations_ours on conversations (inbox, due_key, turn_since, id)
      where owed = 1`,
    `create index conversations_paused
      on conversations (inbox, pause_until_key, pause_at_key, id) where status = 'paused'`,
    `create index conversations_resolved on conversations (inbox, resolved_at desc, id)
      where status = 'resolved'`,
    'create index conversations_all on conversations (inbox, last_at desc, id)',
    'create index conversations_of_contact on conversations (contact, last_reply_at desc, id)',
  ]
}

function messages({ dialect, id, int, text, bytes }: ColumnTypes): string[] {
  // Rows of one conversation then lie together, which is how they are read.
  const clustered = dialect === 'sqlite' ? ' without rowid' : ''
  return [
    `create table messages (
      conversation ${id} not null,
      number ${int} not null,
      id ${id} not null,
      workspace ${id} not null,
      kind ${text} not null,
      author ${text} not null,
      author_name ${text} not null,
      text ${text} not null,
      at ${int} not null,
      revision ${int} not null,
      edited_at ${int},
      deleted_at ${int},
      deleted_by ${text},
      reply_number ${int} not null,
      client ${id} not null,
      sent_hash ${bytes} not null,
      primary key (conversation, number)
    )${clustered}`,
    'create unique index messages_by_id on messages (id)',
    'create unique index messages_by_client on messages (author, client)',
    `create table message_edits (
      conversation ${id} not null,
      number ${int} not null,
      revision ${int} not null,
      text ${text} not null,
      until ${int} not null,
      primary key (conversation, number, revision)
    )${clustered}`,
    `create table participants (
      conversation ${id} not null,
      actor ${text} not null,
      joined_at ${int},
      cursor ${int} not null,
      archived_number ${int},
      snoozed_until ${int},
      primary key (conversation, actor)
    )${clustered}`,
  ]
}

/** What the lists show of leases, and the lists by who holds what. */
function held({ int, text }: ColumnTypes): string[] {
  return [
    `alter table conversations add column holder ${text}`,
    `alter table conversations add column lease ${text}`,
    `alter table conversations add column token ${int} not null default 0`,
    `create index conversations_free on conversations (inbox, due_key, turn_since, id)
      where owed = 1 and holder is null`,
    `create index conversations_held on conversations (holder, due_key, turn_since, id)
      where owed = 1 and holder is not null`,
  ]
}

/** Conversations, messages and what each reader has of their own in them. */
export const conversationMigrations: readonly Migration[] = [
  {
    id: '0060-conversations',
    statements: (column) => [...conversations(column), ...messages(column)],
  },
  { id: '0062-held', statements: held },
  {
    id: '0064-message-files',
    statements: ({ text }) => [`alter table messages add column files ${text}`],
  },
  { id: '0065-floor', statements: floor },
  {
    id: '0067-message-small-talk',
    statements: ({ int }) => [
      `alter table messages add column small_talk ${int} not null default 0`,
    ],
  },
  { id: '0068-moves', statements: moves },
  ...bulkMigrations,
  { id: '0078-moves-undone', statements: () => ofAll },
  {
    id: '0080-moves-nth',
    statements: ({ int }) => [
      `alter table conversation_moves add column nth ${int} not null default 0`,
    ],
  },
  {
    id: '0081-put-away',
    statements: () => [
      `create index participants_put_away on participants (actor, conversation)
        where archived_number is not null or snoozed_until is not null`,
    ],
  },
]
