import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Some process, perhaps this one, has the log in this folder open. */
export class LogInUse extends Error {
  override readonly name = 'LogInUse'
}

/** The file that the lock lies on. It is empty, and stays. */
export const lockFile = 'log.lock'

/**
 * Holds the lock of a log's folder until the answer is called or the process ends, however it ends: it is the
 * operating system's, taken through SQLite, because Node has no call for it. Throws `LogInUse`.
 */
export function lockLog(folder: string): () => void {
  return holding(folder, new DatabaseSync(join(folder, lockFile), { timeout: 0 }), [
    // Nothing is ever written, so nothing need be undone.
    'pragma journal_mode = memory',
    'begin exclusive',
  ])
}

/**
 * Keeps a log from being opened while it is read, and changes nothing for that: a folder without a lock's file
 * is that of a log that is not open. Throws `LogInUse`.
 */
export function lockForReading(folder: string): () => void {
  const path = join(folder, lockFile)
  if (!existsSync(path)) return () => undefined
  return holding(folder, new DatabaseSync(path, { timeout: 0, readOnly: true }), [
    'begin',
    'select count(*) from sqlite_schema',
  ])
}

function holding(folder: string, db: DatabaseSync, orders: readonly string[]): () => void {
  try {
    for (const order of orders) db.exec(order)
  } catch (cause) {
    db.close()
    throw new LogInUse(`the log in ${resolve(folder)} is open elsewhere`, { cause })
  }
  return () => db.close()
}
