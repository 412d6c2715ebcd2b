import { queriesOver } from '@fermata/storage/query'
import type { BulkTable, BulkTables } from './bulk.tables.ts'

const query = queriesOver<BulkTables>()

interface BulkKey {
  actor: string
  client: Uint8Array
  conversation: Uint8Array
}

export const bulkItem = query<BulkKey>()<BulkTable>((db, p) =>
  db
    .selectFrom('bulk_items')
    .selectAll()
    .where('actor', '=', p.actor)
    .where('client', '=', p.client)
    .where('conversation', '=', p.conversation),
)

export const insertBulkItem = query<BulkTable>()((db, p) =>
  db.insertInto('bulk_items').values({
    actor: p.actor,
    client: p.client,
    conversation: p.conversation,
    act: p.act,
    at: p.at,
    before: p.before,
    after: p.after,
    refusal: p.refusal,
    undone_at: p.undone_at,
  }),
)

export const undoBulkItem = query<BulkKey & { undone_at: number }>()((db, p) =>
  db
    .updateTable('bulk_items')
    .set({ undone_at: p.undone_at })
    .where('actor', '=', p.actor)
    .where('client', '=', p.client)
    .where('conversation', '=', p.conversation),
)

/** What somebody did so long ago that it can neither be repeated nor undone. */
export const forgetBulkItems = query<{ actor: string; at: number }>()((db, p) =>
  db.deleteFrom('bulk_items').where('actor', '=', p.actor).where('at', '<', p.at),
)
