import type { ColumnTypes } from '@fermata/storage/port'

/** Merges and splits, where what went away leads to, and what somebody read beyond their cursor. */
export function moves({ id, int, text, bytes }: ColumnTypes): string[] {
  return [
    `alter table participants add column beyond ${text}`,
    `create table conversation_moves (
      id ${id} not null primary key,
      workspace ${id} not null,
      kind ${text} not null,
      source ${id} not null,
      target ${id} not null,
      messages ${int} not null,
      by_id ${text} not null,
      at ${int} not null,
      client ${id},
      sent_hash ${bytes},
      was ${text} not null,
      undone_by ${text},
      undone_at ${int}
    )`,
    `create unique index conversation_moves_by_client on conversation_moves (by_id, client)
      where client is not null`,
    `create index conversation_moves_of_source on conversation_moves (source, id)
      where undone_at is null`,
    `create index conversation_moves_of_target on conversation_moves (target, id)
      where undone_at is null`,
    `create table conversation_redirects (
      id ${id} not null primary key,
      workspace ${id} not null,
      target ${id} not null,
      move ${id} not null
    )`,
  ]
}

/** What was taken back counts, too, for whoever asks whether a conversation was ever rearranged. */
export const ofAll: string[] = (['source', 'target'] as const).flatMap((role) => [
  `drop index conversation_moves_of_${role}`,
  `create index conversation_moves_of_${role} on conversation_moves (${role}, id)`,
])
