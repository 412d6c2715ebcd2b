import { sql, type SqlBool } from 'kysely'
import { inIdList } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import { kept, shapes, type InboxList } from './lists.sql.ts'
import { notPutAway } from './store.sql.ts'
import type { ConversationTables } from './tables.ts'

const query = queriesOver<ConversationTables>()

interface CountAsked {
  inboxes: string
  limit: number
}

/** What is in a list of some inboxes, whoever put it away: out of its index alone. */
function keptQuery(list: InboxList) {
  return query<CountAsked>()<{ n: number }>((db, p, dialect) =>
    db
      .selectFrom(
        db
          .selectFrom('conversations')
          .select(sql<number>`1`.as('one'))
          .where(inIdList('conversations.inbox', p.inboxes, dialect))
          .where(kept[list])
          .limit(p.limit)
          .as('some'),
      )
      .select((eb) => eb.fn.countAll<number>().as('n')),
  )
}

/** What is in a list of some inboxes for its reader, who is asked of each. */
function seenQuery(list: InboxList) {
  return query<CountAsked & { reader: string }>()<{ n: number }>((db, p, dialect) =>
    db
      .selectFrom(
        db
          .selectFrom('conversations')
          .leftJoin('participants as own', (join) =>
            join.onRef('own.conversation', '=', 'conversations.id').on('own.actor', '=', p.reader),
          )
          .select(sql<number>`1`.as('one'))
          .where(inIdList('conversations.inbox', p.inboxes, dialect))
          .where(shapes[list].holds)
          .limit(p.limit)
          .as('some'),
      )
      .select((eb) => eb.fn.countAll<number>().as('n')),
  )
}

function ofEach<Q>(make: (list: InboxList) => Q): Readonly<Record<InboxList, Q>> {
  return {
    free: make('free'),
    ours: make('ours'),
    paused: make('paused'),
    resolved: make('resolved'),
    all: make('all'),
  }
}

/** How many rows each list holds in some inboxes, whoever put them away, counted up to a limit. */
export const keptCounts = ofEach(keptQuery)

/** How many rows each list holds in some inboxes for its reader, counted up to a limit. */
export const seenCounts = ofEach(seenQuery)

/** Whether a row of `own` has ever been put away; as the index `participants_put_away` says it. */
const everPutAway = sql<SqlBool>`(own.archived_number is not null or own.snoozed_until is not null)`

/** How much a reader has ever put away, counted up to a limit. */
export const putAwayCount = query<{ reader: string; limit: number }>()<{ n: number }>((db, p) =>
  db
    .selectFrom(
      db
        .selectFrom('participants as own')
        .select(sql<number>`1`.as('one'))
        .where('own.actor', '=', p.reader)
        .where(everPutAway)
        .limit(p.limit)
        .as('some'),
    )
    .select((eb) => eb.fn.countAll<number>().as('n')),
)

const sumOf = (holds: ReturnType<typeof sql<SqlBool>>) =>
  sql<number>`coalesce(sum(case when ${holds} then 1 else 0 end), 0)`

/** What a reader has put away of each list of some inboxes, and would be counted otherwise. */
export const putAwayCounts = query<{ reader: string; inboxes: string }>()<
  Record<'free' | 'ours' | 'paused', number>
>((db, p, dialect) =>
  db
    .selectFrom('participants as own')
    .innerJoin('conversations', 'conversations.id', 'own.conversation')
    .select([
      sumOf(kept.free).as('free'),
      sumOf(kept.ours).as('ours'),
      sumOf(kept.paused).as('paused'),
    ])
    .where('own.actor', '=', p.reader)
    .where(everPutAway)
    .where(sql<SqlBool>`not ${notPutAway}`)
    .where(inIdList('conversations.inbox', p.inboxes, dialect)),
)

/** How much its reader holds of each inbox. */
export const heldCounts = query<{ reader: string }>()<{ inbox: Uint8Array; n: number }>((db, p) =>
  db
    .selectFrom('conversations')
    .leftJoin('participants as own', (join) =>
      join.onRef('own.conversation', '=', 'conversations.id').on('own.actor', '=', p.reader),
    )
    .select((eb) => ['conversations.inbox', eb.fn.countAll<number>().as('n')])
    .where('conversations.holder', '=', p.reader)
    .where(shapes.held.holds)
    .groupBy('conversations.inbox'),
)
