import type { FilePool } from './files.ts'
import type { Segment } from './segment.ts'
import { indexPath } from './segment.ts'
import { decodeIndex, encodeIndex, indexEntryBytes, type IndexEntry } from './segment.index.ts'
import type { LogSizes } from './sizes.ts'
import { walkFile } from './walk.ts'
import { DiskFailure } from './disk.ts'

/** Holds the indexes of the segments that were read lately, and reads or rebuilds those of others. */
export interface IndexCache {
  /** The entries of what stands in the file of a segment, in their order. */
  entries(segment: Segment): Promise<readonly IndexEntry[]>
  /** Writes the entries that the index file does not hold yet. They are not flushed: an index is a hint. */
  write(segment: Segment): Promise<void>
  /** Forgets a segment that is gone. */
  forget(segment: Segment): void
}

/** An index that lacks so many entries is made again. */
const rebuildEntries = 8

/** Makes a cache of at most `indexesMax` indexes. */
export function indexCache(files: FilePool, sizes: LogSizes): IndexCache {
  /** The least recently used first. */
  const held = new Set<Segment>()

  const remember = (segment: Segment): void => {
    held.delete(segment)
    held.add(segment)
    for (const other of held) {
      if (held.size <= sizes.indexesMax) break
      held.delete(other)
      other.index.loaded = undefined
    }
  }
  const read = async (segment: Segment): Promise<IndexEntry[]> => {
    try {
      const bytes = await files.use(indexPath(segment.path), async (file) =>
        file.read(0, await file.size()),
      )
      const entries = decodeIndex(segment.base, bytes)
      return entries.filter(({ position }) => position < segment.index.trustedBytes)
    } catch (error) {
      if (error instanceof DiskFailure && error.code === 'absent') return []
      throw error
    }
  }
  const load = async (segment: Segment): Promise<IndexEntry[]> => {
    const { index } = segment
    if (index.loaded !== undefined) return index.loaded
    if (index.written === 0) return []
    const found = await read(segment)
    index.written ??= found.length
    const from = found.at(-1)?.position ?? 0
    const end = index.pending[0]?.position ?? index.lastPosition
    // What is missing is found again once, rather than by every read.
    if (end - from < rebuildEntries * sizes.indexEveryBytes) return found
    try {
      return await rebuild(segment, found, end)
    } catch (error) {
      // Whoever reads the segment itself finds out what that means.
      if (error instanceof DiskFailure && error.code === 'absent') return found
      throw error
    }
  }
  /** Finds the entries that are missing by walking the file from the last one that is there. */
  const rebuild = async (
    segment: Segment,
    found: readonly IndexEntry[],
    end: number,
  ): Promise<IndexEntry[]> => {
    const entries = [...found]
    const from = entries.at(-1) ?? { offset: segment.base, position: 0, newestBefore: -1 }
    let newest = from.newestBefore
    await files.use(segment.path, async (file) => {
      const start = { ...from, isDense: false }
      const walkSizes = { chunkBytes: sizes.copyBytes, batchBytesMax: sizes.batchBytesMax }
      for await (const { header, position } of walkFile(file, start, end, walkSizes)) {
        const last = entries.at(-1)
        if (last === undefined || position - last.position >= sizes.indexEveryBytes) {
          entries.push({ offset: header.baseOffset, position, newestBefore: newest })
        }
        newest = Math.max(newest, header.maxTimestamp)
      }
    })
    return entries
  }

  return {
    async entries(segment) {
      const loaded = await load(segment)
      segment.index.loaded = loaded
      remember(segment)
      return segment.index.pending.length === 0 ? loaded : [...loaded, ...segment.index.pending]
    },
    async write(segment) {
      const { index } = segment
      const count = index.pending.length
      if (count === 0) return
      const path = indexPath(segment.path)
      const entries = index.pending.slice(0, count)
      if (index.written === undefined) await load(segment)
      const at = index.written ?? 0
      if (at === 0) await files.create(path)
      await files.use(path, (file) =>
        file.write(at * indexEntryBytes, [encodeIndex(segment.base, entries)]),
      )
      index.loaded?.push(...entries)
      index.pending.splice(0, count)
      index.written = at + count
    },
    forget(segment) {
      held.delete(segment)
      segment.index.loaded = undefined
    },
  }
}
