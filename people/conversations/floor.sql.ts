import { sql, type SqlBool } from 'kysely'
import { limits } from '@fermata/base/limits'
import { jsonPlaces } from '@fermata/storage/lists'
import type { ReadTx } from '@fermata/storage/port'
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
 * How many of the newest conversations of each of some channels hold something after a time that their reader has not read;
 * no more than `limit` of each are looked at. `asked` is a JSON list of `[channel, after]`.
 */
const unreadInChannels = query<{ asked: string; reader: string; limit: number }>()<{
  channel: string
  n: number
}>((db, p, dialect) => {
  const { each, id, number, text } = jsonPlaces[dialect]
  const newest = db
    .selectFrom('conversations')
    .select(['id', 'last_number'])
    .where('channel', '=', id(0))
    .where('last_at', '>', number(1))
    .orderBy('last_at', 'desc')
    .orderBy('id')
    .limit(p.limit)
  const unread = db
    .selectFrom(newest.as('newest'))
    .leftJoin('participants as own', (join) =>
      join.onRef('own.conversation', '=', 'newest.id').on('own.actor', '=', p.reader),
    )
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where(sql<SqlBool>`newest.last_number > coalesce(own.cursor, 0)`)
  return db
    .selectFrom(each(p.asked).as('place'))
    .select([text(0).as('channel'), sql<number>`${unread}`.as('n')])
})

/** How many conversations of each channel hold something unread, in the order in which they were asked for. */
export async function readUnread(
  tx: ReadTx,
  reader: string,
  channels: readonly { readonly channel: Uint8Array; readonly after: number }[],
): Promise<number[]> {
  const hex = (id: Uint8Array): string => Buffer.from(id).toString('hex')
  const asked = JSON.stringify(channels.map(({ channel, after }) => [hex(channel), after]))
  const limit = limits.unreadScanRowsMax
  const rows = await tx.all(unreadInChannels, { asked, reader, limit })
  const counted = new Map(rows.map(({ channel, n }) => [channel, n]))
  return channels.map(({ channel }) => counted.get(hex(channel)) ?? 0)
}
