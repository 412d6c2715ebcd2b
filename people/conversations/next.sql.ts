import { sql, type SqlBool } from 'kysely'
import { queriesOver } from '@fermata/storage/query'
import type { Dialect, Query } from '@fermata/storage/port'
import type { LeasesTables } from '../leases/index.ts'
import { notPutAway } from './store.sql.ts'
import type { ConversationTable, ConversationTables } from './tables.ts'

const query = queriesOver<ConversationTables & Pick<LeasesTables, 'lease_holdings'>>()

interface NextParams {
  inbox: Uint8Array
  reader: string
}

/** How a query meets conversations that others are just changing. */
type Meeting = 'look' | 'skip' | 'wait'

/** Never what they passed themselves, and not what they put away. */
function nextQuery(meeting: Meeting): Query<NextParams, ConversationTable> {
  return query<NextParams>()<ConversationTable>((db, p, dialect: Dialect) => {
    const found = db
      .selectFrom('conversations')
      .leftJoin('participants as own', (join) =>
        join.onRef('own.conversation', '=', 'conversations.id').on('own.actor', '=', p.reader),
      )
      .selectAll('conversations')
      .where('conversations.inbox', '=', p.inbox)
      .where('conversations.owed', '=', sql.lit(1))
      .where('conversations.holder', 'is', null)
      .where(notPutAway)
      .where(
        sql<SqlBool>`not exists (select 1 from lease_holdings as passed
          where passed.subject = conversations.id and passed.holder = ${p.reader}
          and passed.ended_why = 'passed')`,
      )
      .orderBy('conversations.due_key')
      .orderBy('conversations.turn_since')
      .orderBy('conversations.id')
      .limit(sql.lit(1))
    if (dialect === 'sqlite' || meeting === 'look') return found
    const locked = found.forUpdate('conversations')
    return meeting === 'skip' ? locked.skipLocked() : locked
  })
}

/** The most urgent free conversation of an inbox for somebody, to look at. */
export const nextToSee = nextQuery('look')

/**
 * The same, locked for them. On PostgreSQL what others are just taking is passed over, so that nobody waits
 * for anybody; SQLite runs one action at a time.
 */
export const nextToTake = nextQuery('skip')

/** The same, having waited for whoever is at it, so that "there is none" is true. */
export const nextOfAll = nextQuery('wait')

/** Whether anything is free in an inbox at all, for whomever. */
export const anyFree = query<{ inbox: Uint8Array }>()<{ id: Uint8Array }>((db, p) =>
  db
    .selectFrom('conversations')
    .select('id')
    .where('inbox', '=', p.inbox)
    .where('owed', '=', sql.lit(1))
    .where('holder', 'is', null)
    .limit(sql.lit(1)),
)
