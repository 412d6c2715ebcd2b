import type { DatabaseSync } from 'node:sqlite'
import { pendingMigrations, type AppliedMigration } from './migrate.ts'
import type { Migration } from './port.ts'

/**
 * Brings the schema up to date, each step in a transaction of its own.
 * Throws `UnknownData` when another version wrote the data, and then changes nothing.
 */
export function migrateSqlite(
  db: DatabaseSync,
  migrations: readonly Migration[],
  atMs: number,
): void {
  db.exec(
    `create table if not exists migrations (
      id text not null primary key, checksum text not null, at integer not null
    ) without rowid`,
  )
  const applied = db.prepare('select id, checksum from migrations order by id').all()
  const pending = pendingMigrations(
    migrations,
    applied as unknown as readonly AppliedMigration[],
    'sqlite',
  )
  const note = db.prepare('insert into migrations (id, checksum, at) values (?, ?, ?)')
  for (const { id, checksum, statements } of pending) {
    db.exec('begin immediate')
    try {
      for (const statement of statements) db.exec(statement)
      note.run(id, checksum, atMs)
      db.exec('commit')
    } catch (cause) {
      if (db.isTransaction) db.exec('rollback')
      throw new Error(`the migration ${id} failed`, { cause })
    }
  }
}
