import { crc32c } from './crc32c.ts'

/** One line of an index: a batch that begins at `position`, and the newest time up to and with the batch before. */
export interface IndexEntry {
  readonly offset: number
  readonly position: number
  /** The newest timestamp in front of the position, -1 where there is none. */
  readonly newestBefore: number
}

/** How many bytes an entry takes in an index file. */
export const indexEntryBytes = 28

/**
 * Writes entries of an index.
 *
 *     entry = offset position newest check   ; u64 u64 f64 u32, check = CRC-32C of the rest seeded with the segment's base
 *
 * An index is a hint: it is never flushed, each entry is checked when it is read and the batch that it
 * points to is checked when it is used. What is missing is found by walking from the entry before.
 */
export function encodeIndex(base: number, entries: readonly IndexEntry[]): Uint8Array {
  const bytes = new Uint8Array(entries.length * indexEntryBytes)
  const view = new DataView(bytes.buffer)
  for (const [number, entry] of entries.entries()) {
    const at = number * indexEntryBytes
    view.setBigUint64(at, BigInt(entry.offset))
    view.setBigUint64(at + 8, BigInt(entry.position))
    view.setFloat64(at + 16, entry.newestBefore)
    view.setUint32(at + 24, checkOf(base, bytes, at))
  }
  return bytes
}

/** Reads the entries of an index file up to the first that is damaged or out of order. */
export function decodeIndex(base: number, bytes: Uint8Array): IndexEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: IndexEntry[] = []
  for (let at = 0; at + indexEntryBytes <= bytes.length; at += indexEntryBytes) {
    if (view.getUint32(at + 24) !== checkOf(base, bytes, at)) break
    const entry: IndexEntry = {
      offset: Number(view.getBigUint64(at)),
      position: Number(view.getBigUint64(at + 8)),
      newestBefore: view.getFloat64(at + 16),
    }
    const before = entries.at(-1)
    const isInOrder =
      before === undefined || (entry.offset > before.offset && entry.position > before.position)
    if (!isInOrder) break
    entries.push(entry)
  }
  return entries
}

/** The last entry at or before an offset. */
export function findOffset(entries: readonly IndexEntry[], offset: number): IndexEntry | undefined {
  return lastWhere(entries, (entry) => entry.offset <= offset)
}

/** The last entry before which all records are older than a time. */
export function findTimestamp(
  entries: readonly IndexEntry[],
  timestamp: number,
): IndexEntry | undefined {
  return lastWhere(entries, (entry) => entry.newestBefore < timestamp)
}

/** The last of the entries that a condition holds for, which holds for all before it. */
function lastWhere(
  entries: readonly IndexEntry[],
  holds: (entry: IndexEntry) => boolean,
): IndexEntry | undefined {
  let from = 0
  let to = entries.length
  while (from < to) {
    const middle = (from + to) >>> 1
    const entry = entries[middle]
    if (entry !== undefined && holds(entry)) from = middle + 1
    else to = middle
  }
  return entries[from - 1]
}

function checkOf(base: number, bytes: Uint8Array, at: number): number {
  return crc32c(bytes.subarray(at, at + indexEntryBytes - 4), base >>> 0)
}
