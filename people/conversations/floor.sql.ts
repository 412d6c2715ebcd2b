import { sql, type SqlBool } from 'kysely'
import { queriesOver } from '@fermata/storage/query'
import { cut, shownColumns, shownRows, type ListRow } from './lists.sql.ts'
import type { ConversationTable, ConversationTables } from './tables.ts'

const query = queriesOver<ConversationTables>()

/** After which row, how many, and for whom. */
export interface FloorPage {
  reader: string
  at: number
  id: Uint8Array
  limit: number
}

/** What a message changes of a conversation among members. */
export const updateFloor = query<{
  id: Uint8Array
  last_number: number
  last_at: number
}>()((db, p) =>
  db
    .updateTable('conversations')
    .set({
      last_number: p.last_number,
      last_at: p.last_at,
      reply_count: p.last_number,
      last_reply: p.last_number,
      last_reply_at: p.last_at,
    })
    .where('id', '=', p.id),
)

export const directOf = query<{ workspace: Uint8Array; direct: string }>()<ConversationTable>(
  (db, p) =>
    db
      .selectFrom('conversations')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('direct', '=', p.direct),
)

export const insertDirectPart = query<{
  conversation: Uint8Array
  actor: string
  at: number
}>()((db, p) =>
  db.insertInto('participants').values({
    conversation: p.conversation,
    actor: p.actor,
    joined_at: p.at,
    cursor: 0,
    beyond: null,
    archived_number: null,
    snoozed_until: null,
    direct: 1,
  }),
)

function beyond(p: FloorPage) {
  return sql<SqlBool>`conversations.last_at <= ${p.at}
    and (conversations.last_at < ${p.at} or conversations.id > ${p.id})`
}

/** The conversations of a channel, those with the newest word first. */
export const floorOfChannel = query<FloorPage & { channel: Uint8Array }>()<ListRow>(
  (db, p, dialect) =>
    shownRows(db, p, dialect)
      .where('conversations.channel', '=', p.channel)
      .where(beyond(p))
      .orderBy('conversations.last_at', 'desc')
      .orderBy('conversations.id')
      .limit(p.limit),
)

/** The direct conversations of their reader in which something was said. */
export const directsOfReader = query<FloorPage>()<ListRow>((db, p, dialect) =>
  db
    .selectFrom('participants as own')
    .innerJoin('conversations', 'conversations.id', 'own.conversation')
    .leftJoin('messages as shown', (join) =>
      join
        .onRef('shown.conversation', '=', 'conversations.id')
        .onRef('shown.number', '=', 'conversations.last_number'),
    )
    .selectAll('conversations')
    .select([...shownColumns, cut(dialect).as('shown_text')])
    .where('own.actor', '=', p.reader)
    .where(sql<SqlBool>`own.direct = 1 and conversations.last_number > 0`)
    .where(beyond(p))
    .orderBy('conversations.last_at', 'desc')
    .orderBy('conversations.id')
    .limit(p.limit),
)

/** Between whom the direct conversations of somebody are. */
export const directsWith = query<{ actor: string }>()<{ direct: string | null }>((db, p) =>
  db
    .selectFrom('participants as own')
    .innerJoin('conversations', 'conversations.id', 'own.conversation')
    .select('conversations.direct')
    .where('own.actor', '=', p.actor)
    .where(sql<SqlBool>`own.direct = 1`),
)

/**
 * How many of the newest conversations of a channel hold something after a time that their reader has not
 * read; no more than `limit` of them are looked at.
 */
export const unreadInChannel = query<{
  channel: Uint8Array
  reader: string
  since: number
  limit: number
}>()<{ n: number }>((db, p) =>
  db
    .selectFrom(
      db
        .selectFrom('conversations')
        .select(['id', 'last_number'])
        .where('channel', '=', p.channel)
        .where('last_at', '>', p.since)
        .orderBy('last_at', 'desc')
        .orderBy('id')
        .limit(p.limit)
        .as('newest'),
    )
    .leftJoin('participants as own', (join) =>
      join.onRef('own.conversation', '=', 'newest.id').on('own.actor', '=', p.reader),
    )
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where(sql<SqlBool>`newest.last_number > coalesce(own.cursor, 0)`),
)
