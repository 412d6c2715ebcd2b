import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { deleteEventsTo, eventsAfter, feedBounds, feedMigration, moveTail } from './feed.ts'
import { openFlusher, type Flusher } from './flush.ts'
import { openGate } from './gate.ts'
import { openHeads } from './heads.ts'
import type { Migration, Storage } from './port.ts'
import { migrateSqlite } from './sqlite.migrate.ts'
import { openReader } from './sqlite.reader.ts'
import { lockFolder, makeFolder, syncFolder, syncLeftWal } from './sqlite.start.ts'
import { openWriter } from './sqlite.writer.ts'

/** What the embedded database needs. */
export interface SqliteOptions {
  /** The data folder; made when it is not there. */
  readonly folder: string
  readonly clock: Clock
  /** The rooms' steps of the schema; the feed's own is added. */
  readonly migrations: readonly Migration[]
  /** Hears of a failed flush or a broken invariant; the process must end. */
  readonly fatal: (error: Error) => void
  /** Makes what flushes the WAL; a thread of its own unless a test brings another. */
  readonly flusher?: (walPath: string) => Promise<Flusher>
}

/** The name of the database file in the data folder. */
export const databaseFile = 'people.db'

/**
 * Opens the embedded database: locks the folder, puts on disk what an earlier process left, brings
 * the schema up to date, and only then answers.
 * Throws `FolderInUse`, `UnknownData`, and errors of the file system with their cause.
 */
export async function openSqlite(options: SqliteOptions): Promise<Storage> {
  const { folder, clock, migrations, fatal, flusher = openFlusher } = options
  makeFolder(folder)
  const unlock = lockFolder(folder)
  try {
    const path = join(folder, databaseFile)
    const writerDb = start(path, migrations, clock.now())
    syncFolder(folder)
    const flush = await flusher(`${path}-wal`)
    const readerDb = connect(path, true)
    return assemble({ writerDb, readerDb, flush, clock, fatal, unlock })
  } catch (error) {
    unlock()
    throw error
  }
}

/** Opens one connection with the settings that all share. */
function connect(path: string, readOnly: boolean): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly, timeout: 1_000 })
  db.exec('pragma synchronous = normal')
  db.exec('pragma wal_autocheckpoint = 0')
  db.exec('pragma foreign_keys = on')
  db.exec('pragma temp_store = memory')
  db.exec('pragma cache_size = -65536')
  return db
}

/** Opens the writer's connection over whatever the last process left, all of it on disk after. */
function start(path: string, migrations: readonly Migration[], atMs: number): DatabaseSync {
  syncLeftWal(`${path}-wal`)
  const db = connect(path, false)
  try {
    db.exec('pragma journal_mode = wal')
    db.exec('pragma wal_checkpoint(truncate)')
    migrateSqlite(db, [feedMigration, ...migrations], atMs)
    db.exec('pragma wal_checkpoint(truncate)')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

interface Parts {
  readonly writerDb: DatabaseSync
  readonly readerDb: DatabaseSync
  readonly flush: Flusher
  readonly clock: Clock
  readonly fatal: (error: Error) => void
  readonly unlock: () => void
}

function assemble({ writerDb, readerDb, flush, clock, fatal, unlock }: Parts): Storage {
  const gate = openGate({ flush: () => flush.flush(), fatal })
  const heads = openHeads()
  const reader = openReader(readerDb, clock)
  let closed: Error | undefined
  const writer = openWriter({
    db: writerDb,
    fatal,
    refusal: () => closed,
    between: () => {},
    committed(grown) {
      gate.committed()
      if (grown.length === 0 || !heads.any()) return
      void gate.durable()?.then(() => {
        for (const { workspace, head } of grown) heads.tell(workspace, head)
      })
    },
  })

  const storage: Storage = {
    dialect: 'sqlite',
    durable: () => gate.durable(),
    write: (action) => writer.write(action),
    read: (look) => reader.read(look),
    events: (tx, after) => tx.all(eventsAfter, after),
    bounds: async (tx, workspace) =>
      (await tx.get(feedBounds, { workspace })) ?? { head: 0, tail: 0 },
    trim: (workspace, keep) => trim(storage, workspace, keep),
    onHead: (listener) => heads.add(listener),
    kysely() {
      throw new Error('kysely() is being built')
    },
    figures: () => ({
      commits_total: gate.commits(),
      flushes_total: gate.flushes(),
      actions_waiting: writer.waiting(),
      reads_cut_off_total: reader.cutOff(),
    }),
    async close() {
      closed = new Error('the database is closed')
      await writer.takeTurn()
      await gate.durable()
      await flush.close()
      readerDb.close()
      writerDb.close()
      unlock()
    },
  }
  return storage
}

/** Removes events beyond `keep`, a bounded number in each action. */
async function trim(storage: Storage, workspace: Uint8Array, keep: number): Promise<number> {
  for (let removed = 0; ;) {
    const step = await storage.write(async (tx) => {
      const { head, tail } = await storage.bounds(tx, workspace)
      const to = Math.min(head - keep, tail + limits.feedTrimEventsPerStep)
      if (to <= tail) return 0
      await tx.run(moveTail, { workspace, tail: to })
      return tx.run(deleteEventsTo, { workspace, position: to })
    })
    if (step === 0) return removed
    removed += step
  }
}
