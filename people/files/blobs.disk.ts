import { createHash } from 'node:crypto'
import { constants, rmSync } from 'node:fs'
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { assert } from '@fermata/base/assert'
import { BlobAbsent, BlobsFull, headBytes, Unwanted, type BlobName, type Blobs } from './blobs.ts'

/** What the blobs on disk are opened with. */
export interface DiskBlobsOptions {
  /** A folder of their own; it is made. */
  readonly folder: string
  /** Ends the process: after a flush that failed nobody knows what is on disk. */
  readonly fatal: (error: Error) => void
}

/** An open file, and its place, so that it can be taken away when a flush fails. */
interface Opened {
  readonly handle: FileHandle
  readonly path: string
}

const codesOfFull = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** The last two letters of an id are random, so that the folders fill evenly. */
function folderOf(name: BlobName): string {
  return name.slice(28, 30)
}

/**
 * Blobs as files, `ab/fil_…ab`, from the first byte in their final place: what makes a whole file of them
 * is the row in the database alone. A file's bytes are flushed before they are counted, and so is the
 * folder that names it.
 */
export async function openDiskBlobs(options: DiskBlobsOptions): Promise<Blobs> {
  const { folder } = options
  await mkdir(folder, { recursive: true })
  await flushFolder(folder, options)
  const pathOf = (name: BlobName): string => {
    // A name is no path: nothing that could leave the folder ever gets here.
    assert(/^fil_[0-9a-z]{26}(\.small)?$/.test(name), 'a blob is named after a file')
    return join(folder, folderOf(name), name)
  }

  /** Opens an upload for writing, and makes sure that its name is on disk before its bytes are. */
  async function openForWriting(name: BlobName): Promise<Opened> {
    const path = pathOf(name)
    const within = join(folder, folderOf(name))
    const made = await mkdir(within, { recursive: true })
    if (made !== undefined) await flushFolder(folder, options)
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT)
    if ((await handle.stat()).size === 0) await flushFolder(within, options)
    return { handle, path }
  }

  return {
    async size(file) {
      const found = await openForReading(pathOf(file))
      if (found === undefined) return 0
      try {
        // After a crash the file may be longer than what was ever flushed.
        await flush(found, options)
        return (await found.handle.stat()).size
      } finally {
        await found.handle.close()
      }
    },

    async append(file, at, source) {
      const opened = await openForWriting(file)
      try {
        assert((await opened.handle.stat()).size === at, 'an upload goes on where it ended')
        return await appendTo(opened, at, source, options)
      } finally {
        await opened.handle.close()
      }
    },

    async seal(file, bytes) {
      const found = await openForReading(pathOf(file))
      if (found === undefined) {
        assert(bytes === 0, 'an upload is sealed when all of it has come')
        const empty = await openForWriting(file)
        await empty.handle.close()
        return { hash: createHash('sha256').digest(), head: new Uint8Array() }
      }
      try {
        const { size } = await found.handle.stat()
        assert(size === bytes, 'an upload is sealed when all of it has come')
        await flush(found, options)
        return await digest(found.handle)
      } finally {
        await found.handle.close()
      }
    },

    async put(name, bytes) {
      const opened = await openForWriting(name)
      try {
        await opened.handle.truncate(0)
        await appendTo(opened, 0, [bytes], options)
      } finally {
        await opened.handle.close()
      }
    },

    async read(name, range) {
      const found = await openForReading(pathOf(name))
      if (found === undefined) throw new BlobAbsent(`there is no blob ${name}`)
      const part = range === undefined ? {} : { start: range.first, end: range.last }
      return found.handle.createReadStream({ ...part, autoClose: true })
    },

    async remove(name) {
      const within = join(folder, folderOf(name))
      await rm(pathOf(name), { force: true })
      if (!name.endsWith('.small')) await rm(pathOf(`${name}.small`), { force: true })
      await flushFolder(within, options).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error
      })
    },
  }
}

async function openForReading(path: string): Promise<Opened | undefined> {
  try {
    // Windows flushes only through a descriptor that may write.
    return { handle: await open(path, 'r+'), path }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Writes what comes behind the first `at` bytes. What is counted is on disk, also when it breaks off. */
async function appendTo(
  opened: Opened,
  at: number,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: DiskBlobsOptions,
): Promise<number> {
  let end = at
  try {
    for await (const chunk of source) {
      await writeAll(opened.handle, chunk, end)
      end += chunk.length
    }
  } catch (error) {
    const full = codesOfFull.has(codeOf(error))
    await opened.handle.truncate(full || error instanceof Unwanted ? at : end)
    await flush(opened, options)
    if (full) throw new BlobsFull('the disk that holds the files is full', { cause: error })
    throw error
  }
  await flush(opened, options)
  return end
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < chunk.length) {
    const left = chunk.length - done
    const { bytesWritten } = await handle.write(chunk, done, left, position + done)
    done += bytesWritten
  }
}

async function digest(handle: FileHandle): Promise<{ hash: Uint8Array; head: Uint8Array }> {
  const sha256 = createHash('sha256')
  const head = Buffer.alloc(headBytes)
  const { bytesRead } = await handle.read(head, 0, headBytes, 0)
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) {
    sha256.update(chunk as Uint8Array)
  }
  return { hash: sha256.digest(), head: head.subarray(0, bytesRead) }
}

/**
 * Flushes a file. When that fails, the system may hold pages that never reach the disk and call them
 * clean, so the file is taken away and the process ends: nobody may go on from there.
 */
async function flush({ handle, path }: Opened, { fatal }: DiskBlobsOptions): Promise<void> {
  try {
    await handle.datasync()
  } catch (cause) {
    const error = new Error('a file could not be flushed', { cause })
    rmSync(path, { force: true })
    fatal(error)
    throw error
  }
}

async function flushFolder(folder: string, { fatal }: DiskBlobsOptions): Promise<void> {
  // Windows has no such call; there the names of files are in the journal of the file system.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (cause) {
    const error = new Error('a folder could not be flushed', { cause })
    fatal(error)
    throw error
  } finally {
    await handle.close()
  }
}
