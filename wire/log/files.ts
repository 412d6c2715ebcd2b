import type { Disk, DiskFile } from './disk.ts'
import { DiskFailure } from './disk.ts'

/** Keeps a bounded number of files open, however many there are. */
export interface FilePool {
  /** Does something with a file, which stays open at least as long. */
  use<T>(path: string, work: (file: DiskFile) => Promise<T>): Promise<T>
  /** Makes a file, empty. */
  create(path: string): Promise<void>
  /** Whoever uses the path from now on gets what has that name from now on. */
  forget(path: string): Promise<void>
  /** Waits for those who use files, and closes all. */
  close(): Promise<void>
}

interface Opened {
  readonly file: Promise<DiskFile>
  users: number
  isForgotten: boolean
}

/** Makes a pool that holds at most `filesMax` files open that nobody uses at the moment. */
export function filePool(disk: Disk, filesMax: number): FilePool {
  let users = 0
  /** Called when the last user has left a pool that is to be closed. */
  let onLeft: (() => void) | undefined
  /** By path; the least recently used first. */
  const opened = new Map<string, Opened>()

  const closeOne = async (path: string, entry: Opened): Promise<void> => {
    if (opened.get(path) === entry) opened.delete(path)
    const file = await entry.file.catch(() => undefined)
    await file?.close()
  }
  const closeIdle = async (keep: number): Promise<void> => {
    for (const [path, entry] of opened) {
      if (opened.size <= keep) return
      if (entry.users === 0) await closeOne(path, entry)
    }
  }
  /** When the system has no descriptor left, ours that are idle are given back first. */
  const openAnyway = async (path: string, create: boolean): Promise<DiskFile> => {
    try {
      return await disk.open(path, { create })
    } catch (error) {
      if (!(error instanceof DiskFailure) || error.code !== 'files_exhausted') throw error
      await closeIdle(0)
      return disk.open(path, { create })
    }
  }
  const enter = (path: string, create: boolean): Opened => {
    const found = opened.get(path)
    const entry = found ?? { file: openAnyway(path, create), users: 0, isForgotten: false }
    opened.delete(path)
    opened.set(path, entry)
    entry.users += 1
    users += 1
    return entry
  }
  const leave = async (path: string, entry: Opened): Promise<void> => {
    entry.users -= 1
    if (entry.users === 0 && entry.isForgotten) await closeOne(path, entry)
    users -= 1
    if (users === 0) onLeft?.()
    if (entry.users > 0 || entry.isForgotten) return
    if (opened.size > filesMax) await closeIdle(filesMax)
  }
  const run = async <T>(
    path: string,
    create: boolean,
    work: (file: DiskFile) => Promise<T>,
  ): Promise<T> => {
    const entry = enter(path, create)
    try {
      const file = await entry.file.catch((error: unknown) => {
        if (opened.get(path) === entry) opened.delete(path)
        throw error
      })
      return await work(file)
    } finally {
      await leave(path, entry)
    }
  }

  return {
    use: (path, work) => run(path, false, work),
    create: (path) => run(path, true, () => Promise.resolve()),
    async forget(path) {
      const entry = opened.get(path)
      if (entry === undefined) return
      opened.delete(path)
      entry.isForgotten = true
      if (entry.users === 0) await closeOne(path, entry)
    },
    async close() {
      if (users > 0) await new Promise<void>((resolve) => void (onLeft = resolve))
      for (const [path, entry] of opened) await closeOne(path, entry)
    },
  }
}
