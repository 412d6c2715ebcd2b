import { sql, type RawBuilder } from 'kysely'
import type { Dialect, ReadTx } from '@fermata/storage/port'
import { jsonPlaces } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import type { KeysFrom, RowKey } from './lists.keys.ts'
import { beyond, shapes, type InboxList } from './lists.sql.ts'
import type { ConversationTables } from './tables.ts'

const query = queriesOver<ConversationTables>()

interface KeysAsked {
  /** A JSON list of `[inbox, a, b, id]`: after which key, in which inbox. */
  asked: string
  each: number
}

/** A key's id as text, and the keys of an inbox as one value. */
const words = {
  sqlite: {
    hex: sql<string>`hex(conversations.id)`,
    gathered: sql<string>`json_group_array(json_array(a, b, key_id))`,
  },
  postgres: {
    hex: sql<string>`upper(replace(cast(conversations.id as text), '-', ''))`,
    gathered: sql<string>`cast(json_agg(json_build_array(a, b, key_id)) as text)`,
  },
} as const satisfies Record<Dialect, object>

/** The columns of a list's order, as its index holds them. */
const columns: Record<InboxList, readonly [RawBuilder<number>, RawBuilder<number>]> = {
  free: [sql`conversations.due_key`, sql`conversations.turn_since`],
  ours: [sql`conversations.due_key`, sql`conversations.turn_since`],
  paused: [sql`conversations.pause_until_key`, sql`conversations.pause_at_key`],
  resolved: [sql`conversations.resolved_at`, sql`0`],
  all: [sql`conversations.last_at`, sql`0`],
}

/** The list's first keys in each of some inboxes, out of its index alone, but for what the reader put away. */
function keysQuery(list: InboxList) {
  const [a, b] = columns[list]
  return query<KeysAsked & { reader: string }>()<{ inbox: string; keys: string | null }>(
    (db, p, dialect) => {
      const { each, id, number, text } = jsonPlaces[dialect]
      const { hex, gathered } = words[dialect]
      const after = { a: number(1), b: number(2), id: id(3) }
      const some = db
        .selectFrom('conversations')
        .leftJoin('participants as own', (join) =>
          join.onRef('own.conversation', '=', 'conversations.id').on('own.actor', '=', p.reader),
        )
        .select([a.as('a'), b.as('b'), hex.as('key_id')])
        .where('conversations.inbox', '=', id(0))
        .where(shapes[list].holds)
        .where(beyond(list, after))
        .orderBy(shapes[list].order)
        .limit(p.each)
      return db
        .selectFrom(each(p.asked).as('place'))
        .select([
          text(0).as('inbox'),
          db.selectFrom(some.as('some')).select(gathered.as('keys')).as('keys'),
        ])
    },
  )
}

/** The first keys of each list, inbox by inbox. */
export const inboxKeys: Readonly<Record<InboxList, ReturnType<typeof keysQuery>>> = {
  free: keysQuery('free'),
  ours: keysQuery('ours'),
  paused: keysQuery('paused'),
  resolved: keysQuery('resolved'),
  all: keysQuery('all'),
}

/** Up to `each` keys of a list in each of some inboxes, by inbox. */
export async function readKeys(
  tx: ReadTx,
  list: InboxList,
  reader: string,
  places: readonly KeysFrom[],
  each: number,
): Promise<ReadonlyMap<string, RowKey[]>> {
  const asked = JSON.stringify(places.map(({ inbox, from }) => [inbox, ...from]))
  const rows = await tx.all(inboxKeys[list], { asked, reader, each })
  return new Map(
    rows.map(({ inbox, keys }) => [inbox, keys === null ? [] : (JSON.parse(keys) as RowKey[])]),
  )
}
