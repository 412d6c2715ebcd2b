import { open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { failureOf } from './disk.errors.ts'
import type { Disk, DiskEntry, DiskFile } from './disk.ts'

/** What is needed to look at a log's files. */
export type ReadingDisk = Pick<Disk, 'open' | 'list'>

/** The file system below a folder, for looking only: whatever would change something is refused. */
export function openReadingDisk(root: string): ReadingDisk {
  const tried = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw failureOf(error, path)
    }
  }
  return {
    open: (path) => tried(path, async () => fileOver(await open(join(root, path), 'r'))),
    list: (folder) => tried(folder, () => listFolder(join(root, folder))),
  }
}

function fileOver(handle: FileHandle): DiskFile {
  const never = (): Promise<never> => Promise.reject(new Error('this disk is for reading'))
  return {
    async read(position, bytes) {
      const buffer = Buffer.allocUnsafeSlow(bytes)
      let done = 0
      while (done < bytes) {
        const left = bytes - done
        const { bytesRead } = await handle.read(buffer, done, left, position + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
      return new Uint8Array(buffer.buffer, buffer.byteOffset, done)
    },
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
    write: never,
    flush: never,
    truncate: never,
  }
}

async function listFolder(folder: string): Promise<DiskEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = entries.map(async (entry) => {
    const isFolder = entry.isDirectory()
    const bytes = isFolder ? 0 : (await stat(join(folder, entry.name))).size
    return { name: entry.name, bytes, isFolder }
  })
  return (await Promise.all(found)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
