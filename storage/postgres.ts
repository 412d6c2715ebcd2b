import { Kysely, PostgresDialect } from 'kysely'
import type { Pool } from 'pg'
import type { Clock } from '@fermata/base/clock'
import { eventsAfter, feedBounds, feedMigration } from './feed.ts'
import { trimFeed } from './feed.trim.ts'
import type { Migration, Storage } from './port.ts'
import { connection, openPool } from './postgres.connections.ts'
import { openSharedHeads, type SharedHeads } from './postgres.heads.ts'
import { migratePostgres } from './postgres.migrate.ts'
import { openStatements } from './postgres.statements.ts'
import { openTransactions } from './postgres.transactions.ts'

/** What the shared database needs. */
export interface PostgresOptions {
  /** The server's address: `postgres://user:password@host:port/database`. */
  readonly url: string
  readonly clock: Clock
  /** The rooms' steps of the schema; the feed's own is added. */
  readonly migrations: readonly Migration[]
}

/**
 * Opens the database on a PostgreSQL server, which several nodes may share. Its commits are on disk
 * when it acknowledges or shows them, so that the gate is always open.
 * Throws `UnsafeServer`, `UnknownData`, and errors of the connection with their cause.
 */
export async function openPostgres({ url, clock, migrations }: PostgresOptions): Promise<Storage> {
  const pool = openPool(url)
  try {
    const client = await connection(pool)
    try {
      await migratePostgres(client, [feedMigration, ...migrations], clock.now())
    } finally {
      client.release()
    }
    return assemble(pool, await openSharedHeads(url, clock), clock)
  } catch (error) {
    await pool.end()
    throw error
  }
}

function assemble(pool: Pool, heads: SharedHeads, clock: Clock): Storage {
  const transactions = openTransactions({
    pool,
    clock,
    bind: openStatements(),
    committed: (grown) => heads.grown(grown),
  })
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  let closed: Error | undefined
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    closed = new Error('the database is closed')
    await pool.end()
    await heads.close()
  }

  const storage: Storage = {
    dialect: 'postgres',
    durable: () => undefined,
    write: (action) => (closed === undefined ? transactions.write(action) : Promise.reject(closed)),
    read: (look) => transactions.read(look),
    events: (tx, after) => tx.all(eventsAfter, after),
    bounds: async (tx, workspace) =>
      (await tx.get(feedBounds, { workspace })) ?? { head: 0, tail: 0 },
    trim: (workspace, keep) => trimFeed(storage, workspace, keep),
    onHead: (listener) => heads.add(listener),
    kysely: () => kysely,
    figures: () => ({ ...transactions.figures(), listener_lost_total: heads.lost() }),
    close: () => (closing ??= close()),
  }
  return storage
}
