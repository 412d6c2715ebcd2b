import { closeSync, existsSync, fdatasyncSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Another server, or something else, holds the data folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
}

/** Puts a folder's list of names on disk. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes the data folder, readable by its owner only, unless it is there. */
export function makeFolder(folder: string): void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (made === undefined) return
  const top = dirname(resolve(made))
  for (let at = resolve(folder); at !== top; at = dirname(at)) syncFolder(dirname(at))
}

/**
 * Holds the lock of a data folder until the answer is called or the process ends, however it ends:
 * the lock is the operating system's, taken through SQLite, and no file has to be cleared away.
 * Throws `FolderInUse`.
 */
export function lockFolder(folder: string): () => void {
  const db = new DatabaseSync(join(folder, 'server.lock'), { timeout: 0 })
  try {
    db.exec('pragma journal_mode = memory')
    db.exec('begin exclusive')
  } catch (cause) {
    db.close()
    throw new FolderInUse(`another Fermata server uses the data folder ${resolve(folder)}`, {
      cause,
    })
  }
  return () => db.close()
}

/**
 * Puts the WAL that an earlier process left on disk, before SQLite reads it. What the page cache
 * holds after a failed flush may differ from the disk; the checkpoint that follows writes all of it
 * anew into the database file, so that nothing is served that a power cut could take back.
 */
export function syncLeftWal(path: string): void {
  if (!existsSync(path)) return
  const descriptor = openSync(path, 'r+')
  try {
    fdatasyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
