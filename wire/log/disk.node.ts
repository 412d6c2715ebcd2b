import {
  close,
  fdatasync,
  fsync,
  fstat,
  ftruncate,
  mkdir,
  open,
  read,
  readdir,
  rename,
  rm,
  stat,
  writev,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DiskFailure, type Disk, type DiskEntry, type DiskFile } from './disk.ts'
import { failureOf } from './disk.errors.ts'
import { isShared } from './disk.memory.ts'
import { lockLog } from './lock.ts'
import { openFlushThread, type FlushThread } from './disk.thread.ts'
import { openWriteThread, type WriteThread } from './disk.writes.ts'

const fs = {
  close: promisify(close),
  fdatasync: promisify(fdatasync),
  fsync: promisify(fsync),
  fstat: promisify(fstat),
  ftruncate: promisify(ftruncate),
  mkdir: promisify(mkdir),
  open: promisify(open),
  read: promisify(read),
  readdir: promisify(readdir),
  rename: promisify(rename),
  rm: promisify(rm),
  stat: promisify(stat),
  writev: promisify(writev),
}

/** A disk that is closed when nothing uses it any more. */
export interface NodeDisk extends Disk {
  close(): Promise<void>
}

/** As many parts as one call of the system takes. */
const partsMax = 1_024

/** The file system below a folder, which is there. Throws `LogInUse` while somebody else has it. */
export async function openNodeDisk(root: string): Promise<NodeDisk> {
  const unlock = lockLog(root)
  const [thread, writes] = await Promise.all([openFlushThread(), openWriteThread()])
  const at = (path: string): string => join(root, path)
  return {
    async open(path, { create = false } = {}) {
      // `a+` would write at the end only, and `w+` would empty the file.
      const flags = create ? openOrCreate : 'r+'
      const descriptor = await tried(path, () => fs.open(at(path), flags))
      return openFile(writes, descriptor, path)
    },
    openFlushed: (path) => openFlushed(thread, at(path), path),
    list: (folder) => tried(folder, () => listFolder(at(folder))),
    async makeFolder(folder) {
      await tried(folder, () => fs.mkdir(at(folder), { recursive: true }))
    },
    rename: (from, to) => tried(from, () => fs.rename(at(from), at(to))),
    remove: (path) => tried(path, () => fs.rm(at(path), { recursive: true, force: true })),
    flushFolder: (folder) => flushFolder(at(folder), folder),
    async close() {
      await Promise.all([thread.close(), writes.close()])
      unlock()
    },
  }
}

/** O_RDWR | O_CREAT, as numbers because there is no word for them. */
const openOrCreate = 0o2 | 0o100

async function tried<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw failureOf(error, path)
  }
}

/** Whatever the system says about a flush, what is on disk is not known any more. */
async function flushed(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    throw new DiskFailure('failed', `${path} could not be flushed`, { cause })
  }
}

function openFile(writes: WriteThread, descriptor: number, path: string): DiskFile {
  return {
    read: (position, bytes) => tried(path, () => readFully(descriptor, position, bytes)),
    async write(position, parts) {
      if (parts.every(isShared)) return writes.write({ descriptor, path }, position, parts)
      for (let from = 0, to = position; from < parts.length; from += partsMax) {
        const some = parts.slice(from, from + partsMax)
        await tried(path, () => writeFully(descriptor, to, some))
        to += bytesIn(some)
      }
    },
    flush: () => flushed(path, () => fs.fdatasync(descriptor)),
    truncate: (bytes) => tried(path, () => fs.ftruncate(descriptor, bytes)),
    size: () => tried(path, async () => (await fs.fstat(descriptor)).size),
    close: () => tried(path, () => fs.close(descriptor)),
  }
}

async function readFully(descriptor: number, position: number, bytes: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(bytes)
  let done = 0
  while (done < bytes) {
    const { bytesRead } = await fs.read(descriptor, buffer, done, bytes - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return new Uint8Array(buffer.buffer, buffer.byteOffset, done)
}

async function writeFully(
  descriptor: number,
  position: number,
  parts: readonly Uint8Array[],
): Promise<void> {
  const left = [...parts]
  let at = position
  while (left.length > 0) {
    let { bytesWritten } = await fs.writev(descriptor, left, at)
    at += bytesWritten
    // The system may take a part of what it is given.
    for (let [first] = left; first !== undefined && bytesWritten >= first.length; [first] = left) {
      bytesWritten -= first.length
      left.shift()
    }
    const [first] = left
    if (first !== undefined && bytesWritten > 0) left[0] = first.subarray(bytesWritten)
  }
}

function bytesIn(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}

async function listFolder(folder: string): Promise<DiskEntry[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true })
  const found: DiskEntry[] = []
  for (const entry of entries) {
    const isFolder = entry.isDirectory()
    const bytes = isFolder ? 0 : (await fs.stat(join(folder, entry.name))).size
    found.push({ name: entry.name, bytes, isFolder })
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

async function flushFolder(folder: string, path: string): Promise<void> {
  // Windows has no such call; there the names of files are in the journal of the file system.
  if (process.platform === 'win32') return
  const descriptor = await tried(path, () => fs.open(folder, 'r'))
  try {
    await flushed(path, () => fs.fsync(descriptor))
  } finally {
    await fs.close(descriptor)
  }
}

async function openFlushed(
  thread: FlushThread,
  file: string,
  path: string,
): ReturnType<Disk['openFlushed']> {
  const id = await thread.open(file, path)
  return {
    put: (position, parts) => thread.put(id, position, parts),
    close: () => thread.closeFile(id),
  }
}
