import { sql } from 'kysely'
import { lockForUpdate } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import type { HoldingTable, LeasesTables, LeaseTable } from './tables.ts'

const query = queriesOver<LeasesTables>()

/** A subject's lease, for changing: on PostgreSQL its row is locked until the transaction ends. */
export const leaseForChange = query<{ subject: Uint8Array }>()<LeaseTable>((db, p, dialect) =>
  lockForUpdate(db.selectFrom('leases').selectAll().where('subject', '=', p.subject), dialect),
)

function columns(p: LeaseTable): LeaseTable {
  return {
    subject: p.subject,
    workspace: p.workspace,
    token: p.token,
    holder: p.holder,
    holder_name: p.holder_name,
    since: p.since,
    until: p.until,
    span_ms: p.span_ms,
    note: p.note,
    note_by: p.note_by,
    note_by_name: p.note_by_name,
    client: p.client,
  }
}

export const putLease = query<LeaseTable>()((db, p) => {
  const { subject, workspace, ...changing } = columns(p)
  return db
    .insertInto('leases')
    .values({ subject, workspace, ...changing })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet(changing))
})

export const insertHolding = query<
  Omit<HoldingTable, 'ended_at' | 'ended_why' | 'ended_by' | 'reason'>
>()((db, p) =>
  db.insertInto('lease_holdings').values({
    subject: p.subject,
    token: p.token,
    workspace: p.workspace,
    holder: p.holder,
    holder_name: p.holder_name,
    began_at: p.began_at,
    began_why: p.began_why,
    began_by: p.began_by,
    note: p.note,
    ended_at: null,
    ended_why: null,
    ended_by: null,
    reason: '',
  }),
)

export const endHolding = query<
  Pick<HoldingTable, 'subject' | 'token' | 'ended_at' | 'ended_why' | 'ended_by' | 'reason'>
>()((db, p) =>
  db
    .updateTable('lease_holdings')
    .set({
      ended_at: p.ended_at,
      ended_why: p.ended_why,
      ended_by: p.ended_by,
      reason: p.reason,
    })
    .where('subject', '=', p.subject)
    .where('token', '=', p.token),
)

/** Who held a lease under a token. */
export const holdingOf = query<{ subject: Uint8Array; token: number }>()<HoldingTable>((db, p) =>
  db
    .selectFrom('lease_holdings')
    .selectAll()
    .where('subject', '=', p.subject)
    .where('token', '=', p.token),
)

/** Whether anybody else has held a lease after a token. */
export const heldSince = query<{ subject: Uint8Array; token: number; holder: string }>()<{
  token: number
}>((db, p) =>
  db
    .selectFrom('lease_holdings')
    .select('token')
    .where('subject', '=', p.subject)
    .where('token', '>', p.token)
    .where('holder', '<>', p.holder)
    .limit(1),
)

/** Everybody's time with a lease, the newest first. */
export const holdingsOf = query<{ subject: Uint8Array; limit: number }>()<HoldingTable>((db, p) =>
  db
    .selectFrom('lease_holdings')
    .selectAll()
    .where('subject', '=', p.subject)
    .orderBy('token', 'desc')
    .limit(p.limit),
)

/** What somebody holds, up to a limit. */
export const leasesOfHolder = query<{ holder: string; limit: number }>()<{ subject: Uint8Array }>(
  (db, p) =>
    db
      .selectFrom('leases')
      .select('subject')
      .where('holder', '=', p.holder)
      .orderBy('subject')
      .limit(p.limit),
)

/** Everybody who holds something in a workspace. */
export const holdersIn = query<{ workspace: Uint8Array }>()<{ holder: string | null }>((db, p) =>
  db
    .selectFrom('leases')
    .select('holder')
    .distinct()
    .where('workspace', '=', p.workspace)
    .where('holder', 'is not', null),
)

/** What somebody took under a client id and still holds. */
export const leaseByClient = query<{ holder: string; client: Uint8Array }>()<{
  subject: Uint8Array
}>((db, p) =>
  db
    .selectFrom('leases')
    .select('subject')
    .where('holder', '=', p.holder)
    .where('client', '=', p.client),
)

/**
 * Makes the takings of one holder wait for each other until the transaction ends, so that none of them
 * counts past the others. SQLite runs one action at a time and needs no lock.
 */
export const lockHolder = query<{ holder: string }>()<{ locked: number }>((db, p, dialect) =>
  db.selectNoFrom(
    dialect === 'postgres'
      ? sql<number>`case when pg_advisory_xact_lock(hashtextextended(cast(${p.holder} as text), 7300)) is null then 0 else 1 end`.as(
          'locked',
        )
      : sql<number>`case when ${p.holder} is null then 0 else 1 end`.as('locked'),
  ),
)
