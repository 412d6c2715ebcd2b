import { sql, type Kysely, type SqlBool } from 'kysely'
import { queriesOver } from '@fermata/storage/query'
import { inIdList, jsonList } from '@fermata/storage/lists'
import type { Dialect, Query, ReadTx } from '@fermata/storage/port'
import type { SortKey } from '@fermata/contract/lists'
import { farFuture } from '@fermata/contract/lists'
import type { List } from '@fermata/contract/words'
import { notPutAway } from './store.sql.ts'
import type { ConversationTable, ConversationTables, ParticipantTable } from './tables.ts'

const query = queriesOver<ConversationTables>()

/** A conversation's row with the message that its list shows, and the reader's own state. */
export interface ListRow extends ConversationTable {
  shown_kind: 'reply' | 'note' | null
  shown_author: string | null
  shown_author_name: string | null
  shown_text: string | null
  shown_files: string | null
  shown_deleted_at: number | null
  own_actor: ParticipantTable['actor'] | null
  own_cursor: number | null
  own_beyond: string | null
  own_archived: number | null
  own_snoozed: number | null
}

/** After which key, how many, and for whom. `a` and `b` are the key's numbers as the columns hold them. */
export interface ListPage {
  reader: string
  a: number
  b: number
  id: Uint8Array
  limit: number
}

/** The lists that one query finds: `myTurn` is put together from what is free and what is held. */
export type ListShape = Exclude<List, 'myTurn'> | 'held'

/** The lists that are kept inbox by inbox. */
export type InboxList = Exclude<ListShape, 'held'>

/** Where a query looks: at a contact's, or at what its reader holds. */
type Scope = 'contact' | 'reader'

const shownLength = 400

/** The lists' conditions and orders. They must give the same as `inList` and `sortKey`. */
const byDue = sql`conversations.due_key, conversations.turn_since, conversations.id`

/** What is in each list of inboxes, whoever put it away. */
export const kept = {
  free: sql<SqlBool>`conversations.owed = 1 and conversations.holder is null`,
  ours: sql<SqlBool>`conversations.owed = 1`,
  paused: sql<SqlBool>`conversations.status = 'paused'`,
  resolved: sql<SqlBool>`conversations.status = 'resolved'`,
  all: sql<SqlBool>`1 = 1`,
} as const satisfies Record<InboxList, unknown>

/** What each list holds, and its order. */
export const shapes = {
  free: {
    holds: sql<SqlBool>`${kept.free} and ${notPutAway}`,
    order: byDue,
  },
  /** What somebody holds; who it is stands beside it. */
  held: {
    holds: sql<SqlBool>`conversations.owed = 1 and ${notPutAway}`,
    order: byDue,
  },
  ours: {
    holds: sql<SqlBool>`${kept.ours} and ${notPutAway}`,
    order: byDue,
  },
  paused: {
    holds: sql<SqlBool>`${kept.paused} and ${notPutAway}`,
    order: sql`conversations.pause_until_key, conversations.pause_at_key, conversations.id`,
  },
  resolved: {
    holds: kept.resolved,
    order: sql`conversations.resolved_at desc, conversations.id`,
  },
  all: {
    holds: kept.all,
    order: sql`conversations.last_at desc, conversations.id`,
  },
} as const

/** "Beyond this key", so written that the index finds the place and no row is read twice. */
export function beyond(
  list: ListShape | 'replies',
  p: Readonly<Record<'a' | 'b' | 'id', unknown>>,
) {
  switch (list) {
    case 'free':
    case 'held':
    case 'ours':
      return sql<SqlBool>`(conversations.due_key, conversations.turn_since, conversations.id)
        > (${p.a}, ${p.b}, ${p.id})`
    case 'paused':
      return sql<SqlBool>`(conversations.pause_until_key, conversations.pause_at_key, conversations.id)
        > (${p.a}, ${p.b}, ${p.id})`
    case 'resolved':
      return descending(sql.ref('conversations.resolved_at'), p)
    case 'all':
      return descending(sql.ref('conversations.last_at'), p)
    case 'replies':
      return descending(sql.ref('conversations.last_reply_at'), p)
  }
}

function descending(column: ReturnType<typeof sql.ref>, p: Readonly<Record<'a' | 'id', unknown>>) {
  return sql<SqlBool>`${column} <= ${p.a} and (${column} < ${p.a} or conversations.id > ${p.id})`
}

/** On PostgreSQL a statement's text must say what a bare parameter is; SQLite does not mind. */
export function cut(dialect: Dialect) {
  return dialect === 'postgres'
    ? sql<string | null>`left(shown.text, ${sql.lit(shownLength)})`
    : sql<string | null>`substr(shown.text, 1, ${sql.lit(shownLength)})`
}

/** What a list shows of the last message, and what its reader has of their own. */
export const shownColumns = [
  'shown.kind as shown_kind',
  'shown.author as shown_author',
  'shown.author_name as shown_author_name',
  'shown.deleted_at as shown_deleted_at',
  'shown.files as shown_files',
  'own.actor as own_actor',
  'own.cursor as own_cursor',
  'own.beyond as own_beyond',
  'own.archived_number as own_archived',
  'own.snoozed_until as own_snoozed',
] as const

function within(scope: Scope, p: ListPage & { of: Uint8Array }) {
  switch (scope) {
    case 'contact':
      return sql<SqlBool>`conversations.contact = ${p.of}`
    case 'reader':
      return sql<SqlBool>`conversations.holder = ${p.reader}`
  }
}

/** Conversations as the lists of members and apps show them. */
export function shownRows(db: Kysely<ConversationTables>, p: { reader: string }, dialect: Dialect) {
  return db
    .selectFrom('conversations')
    .leftJoin('messages as shown', (join) =>
      join
        .onRef('shown.conversation', '=', 'conversations.id')
        .onRef('shown.number', '=', 'conversations.last_number'),
    )
    .leftJoin('participants as own', (join) =>
      join.onRef('own.conversation', '=', 'conversations.id').on('own.actor', '=', p.reader),
    )
    .selectAll('conversations')
    .select([...shownColumns, cut(dialect).as('shown_text')])
}

function listQuery(list: ListShape, scope: Scope): Query<ListPage & { of: Uint8Array }, ListRow> {
  return query<ListPage & { of: Uint8Array }>()<ListRow>((db, p, dialect) =>
    shownRows(db, p, dialect)
      .where(within(scope, p))
      .where(shapes[list].holds)
      .where(beyond(list, p))
      .orderBy(shapes[list].order)
      .limit(p.limit),
  )
}

const listRowsByIds = query<{ reader: string; ids: string }>()<ListRow>((db, p, dialect) =>
  shownRows(db, p, dialect).where(inIdList('conversations.id', p.ids, dialect)),
)

/** Rows of a list by their ids (as hexadecimal digits), as members and apps see them, in no order. */
export function listRows(tx: ReadTx, reader: string, ids: readonly string[]): Promise<ListRow[]> {
  return tx.all(listRowsByIds, { reader, ids: jsonList(ids) })
}

/** What its reader holds, in whatever inbox; the caller leaves out what is not theirs to see. */
export const listOfReader = listQuery('held', 'reader')

/** All conversations of one contact, as members see them; the caller leaves out what is not theirs. */
export const listOfContact = listQuery('all', 'contact')

/** A contact's own conversations, as it sees them. */
export const listForContact = query<ListPage & { of: Uint8Array }>()<ListRow>((db, p, dialect) =>
  db
    .selectFrom('conversations')
    .leftJoin('messages as shown', (join) =>
      join
        .onRef('shown.conversation', '=', 'conversations.id')
        .onRef('shown.number', '=', 'conversations.last_reply'),
    )
    .leftJoin('participants as own', (join) =>
      join.onRef('own.conversation', '=', 'conversations.id').on('own.actor', '=', p.reader),
    )
    .selectAll('conversations')
    .select([...shownColumns, cut(dialect).as('shown_text')])
    .where('conversations.contact', '=', p.of)
    .where(beyond('replies', p))
    .orderBy('conversations.last_reply_at', 'desc')
    .orderBy('conversations.id')
    .limit(p.limit),
)

const noId = new Uint8Array(16)

/** Whether the first number of a list's order grows from row to row. */
export function ascends(list: ListShape | 'myTurn'): boolean {
  return list !== 'resolved' && list !== 'all'
}

/** Where each list begins. */
export function firstKey(list: List): Pick<ListPage, 'a' | 'b' | 'id'> {
  return { a: ascends(list) ? -1 : farFuture, b: 0, id: noId }
}

/** A sort key as the columns hold it: descending lists negate their time in the key. */
export function keyColumns(
  list: List,
  key: SortKey,
  id: Uint8Array,
): Pick<ListPage, 'a' | 'b' | 'id'> {
  return { a: ascends(list) ? key[0] : -key[0], b: key[1], id }
}
