import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { present } from '@fermata/base/assert'
import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { openCheckpoints } from './checkpoints.ts'
import { openCheckpointThread, type CheckpointThread } from './checkpoint.thread.ts'
import { eventsAfter, feedBounds, feedMigration } from './feed.ts'
import { trimFeed } from './feed.trim.ts'
import { openFlusher, type Flusher } from './flush.ts'
import { openGate } from './gate.ts'
import { openHeads, type GrownHead } from './heads.ts'
import type { Migration, Storage } from './port.ts'
import { sqliteError } from './sqlite.errors.ts'
import { sqliteKysely } from './sqlite.kysely.ts'
import { migrateSqlite } from './sqlite.migrate.ts'
import { openReader } from './sqlite.reader.ts'
import { FolderInUse, lockFolder, makeFolder, syncFolder, syncLeftWal } from './sqlite.start.ts'
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
    const writerDb = openWriterDb(path, migrations, clock.now())
    syncFolder(folder)
    const flush = await flusher(`${path}-wal`)
    const checkpoints = openCheckpointThread(path)
    const readerDb = connect(path, true)
    return assemble({ path, writerDb, readerDb, flush, checkpoints, clock, fatal, unlock })
  } catch (error) {
    unlock()
    throw sqliteError(error)
  }
}

/** Opens one connection with the settings that all share. */
function connect(path: string, readOnly: boolean): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly, timeout: limits.databaseBusyMs })
  db.exec('pragma synchronous = normal')
  db.exec('pragma wal_autocheckpoint = 0')
  db.exec('pragma foreign_keys = on')
  db.exec('pragma temp_store = memory')
  db.exec('pragma cache_size = -65536')
  return db
}

/** Opens the writer's connection over whatever the last process left, all of it on disk after. */
function openWriterDb(path: string, migrations: readonly Migration[], atMs: number): DatabaseSync {
  syncLeftWal(`${path}-wal`)
  const db = connect(path, false)
  try {
    db.exec('pragma journal_mode = wal')
    emptyWal(db)
    migrateSqlite(db, [feedMigration, ...migrations], atMs)
    emptyWal(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Puts all that is in the WAL into the database file, and both on disk. */
function emptyWal(db: DatabaseSync): void {
  const answer = present(db.prepare('pragma wal_checkpoint(truncate)').get(), 'the answer')
  if (answer['busy'] === 0) return
  throw new FolderInUse(`another program has ${databaseFile} open and is in the way of the start`)
}

/** What an open database consists of. */
interface Parts {
  readonly path: string
  readonly writerDb: DatabaseSync
  readonly readerDb: DatabaseSync
  readonly flush: Flusher
  readonly checkpoints: CheckpointThread
  readonly clock: Clock
  readonly fatal: (error: Error) => void
  readonly unlock: () => void
}

function assemble(parts: Parts): Storage {
  const { path, writerDb, readerDb, flush, clock, fatal, unlock } = parts
  const gate = openGate({ flush: () => flush.flush(), fatal })
  const heads = openHeads()
  const reader = openReader(readerDb, clock)
  let closed: Error | undefined

  const committed = (grown: readonly GrownHead[]): void => {
    gate.committed()
    if (grown.length === 0 || !heads.any()) return
    void gate.durable()?.then(() => {
      for (const { workspace, head } of grown) heads.tell(workspace, head)
    })
  }
  const writer = openWriter({
    db: writerDb,
    fatal,
    committed,
    between: () => checkpoints.look(),
    refusal: () => closed ?? checkpoints.refusal(),
  })
  const checkpoints = openCheckpoints({
    clock,
    fatal,
    thread: parts.checkpoints,
    walBytes: walMeasure(writerDb),
    walFileBytes: () => statSync(`${path}-wal`).size,
    takeTurn: () => writer.takeTurn(),
  })
  const kysely = sqliteKysely({
    db: writerDb,
    clock,
    takeTurn: () => (closed === undefined ? writer.takeTurn() : Promise.reject(closed)),
    committed: () => committed([]),
  })

  const close = async (): Promise<void> => {
    closed = new Error('the database is closed')
    await writer.idle()
    await checkpoints.close()
    await writer.takeTurn()
    // After a failed flush the gate never opens again.
    if (!gate.failed()) await gate.durable()
    await Promise.all([flush.close(), parts.checkpoints.close()])
    reader.close()
    readerDb.close()
    writerDb.close()
    unlock()
  }
  let closing: Promise<void> | undefined

  const storage: Storage = {
    dialect: 'sqlite',
    durable: () => gate.durable(),
    write: (action) => writer.write(action),
    read: (look) => reader.read(look),
    events: (tx, after) => tx.all(eventsAfter, after),
    bounds: async (tx, workspace) =>
      (await tx.get(feedBounds, { workspace })) ?? { head: 0, tail: 0 },
    trim: (workspace, keep) => trimFeed(storage, workspace, keep),
    onHead: (listener) => heads.add(listener),
    kysely: () => kysely,
    figures: () => ({
      commits_total: gate.commits(),
      flushes_total: gate.flushes(),
      actions_waiting: writer.waiting(),
      reads_cut_off_total: reader.cutOff(),
      ...checkpoints.figures(),
    }),
    close: () => (closing ??= close()),
  }
  return storage
}

/** Makes the measure of the WAL: a checkpoint that does nothing tells its frames, in 1.4 µs. */
function walMeasure(db: DatabaseSync): () => number {
  const { page_size: pageBytes } = present(db.prepare('pragma page_size').get(), 'the page size')
  const frameBytes = 24 + Number(pageBytes)
  const measure = db.prepare('pragma wal_checkpoint(noop)')
  return () => frameBytes * Math.max(0, Number(measure.get()?.['log'] ?? 0))
}
