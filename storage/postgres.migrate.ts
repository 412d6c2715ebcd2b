import type { ClientBase } from 'pg'
import { pendingMigrations, type AppliedMigration } from './migrate.ts'
import type { Migration } from './port.ts'

/** The key of the lock under which one node at a time brings the schema up to date. */
const migrationLock = 0x6665726d

/**
 * Brings the schema up to date, each step in a transaction of its own; other nodes that start wait.
 * Throws `UnknownData` when another version wrote the data, and then changes nothing.
 */
export async function migratePostgres(
  client: ClientBase,
  migrations: readonly Migration[],
  atMs: number,
): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [migrationLock])
  try {
    await client.query(
      'create table if not exists migrations (id text primary key, checksum text not null, at bigint not null)',
    )
    const applied = await client.query<AppliedMigration>(
      'select id, checksum from migrations order by id',
    )
    for (const step of pendingMigrations(migrations, applied.rows, 'postgres')) {
      try {
        await client.query('begin')
        for (const statement of step.statements) await client.query(statement)
        await client.query('insert into migrations (id, checksum, at) values ($1, $2, $3)', [
          step.id,
          step.checksum,
          atMs,
        ])
        await client.query('commit')
      } catch (cause) {
        await client.query('rollback')
        throw new Error(`the migration ${step.id} failed`, { cause })
      }
    }
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock])
  }
}
