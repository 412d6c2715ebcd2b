import type { ColumnTypes } from '@fermata/storage/port'

// Where two indexes promise SQLite the same, it takes the one that was made last: so the widest is made first.
const ofInboxes = [
  'create index conversations_all on conversations (inbox, last_at desc, id)',
  `create index conversations_ours on conversations (inbox, due_key, turn_since, id)
    where owed = 1`,
  `create index conversations_paused
    on conversations (inbox, pause_until_key, pause_at_key, id) where status = 'paused'`,
  `create index conversations_resolved on conversations (inbox, resolved_at desc, id)
    where status = 'resolved'`,
  `create index conversations_free on conversations (inbox, due_key, turn_since, id)
    where owed = 1 and holder is null`,
]

const ofContacts = [
  'create index conversations_of_contact on conversations (contact, last_reply_at desc, id)',
]

/** SQLite takes no `not null` away, so another column takes the place of the one there was. */
function freed(column: string, id: string): string[] {
  return [
    `alter table conversations add column free_${column} ${id}`,
    `update conversations set free_${column} = ${column}`,
    `alter table conversations drop column ${column}`,
    `alter table conversations rename column free_${column} to ${column}`,
  ]
}

function withoutPlace({ dialect, id }: ColumnTypes): string[] {
  if (dialect === 'postgres') {
    return ['inbox', 'contact'].map(
      (column) => `alter table conversations alter column ${column} drop not null`,
    )
  }
  const indexes = ['ours', 'paused', 'resolved', 'all', 'free', 'of_contact']
  return [
    ...indexes.map((name) => `drop index conversations_${name}`),
    ...freed('inbox', id),
    ...freed('contact', id),
    ...ofInboxes,
    ...ofContacts,
  ]
}

/** Conversations among members: in a channel, or direct, where they have no place but who takes part. */
export function floor(types: ColumnTypes): string[] {
  const { id, int, text } = types
  return [
    ...withoutPlace(types),
    `alter table conversations add column channel ${id}`,
    `alter table conversations add column direct ${text}`,
    `create index conversations_of_channel on conversations (channel, last_at desc, id)
      where channel is not null`,
    `create unique index conversations_direct on conversations (workspace, direct)
      where direct is not null`,
    `alter table participants add column direct ${int} not null default 0`,
    `create index participants_direct on participants (actor, conversation) where direct = 1`,
  ]
}
