import { batchBytesAt, batchHeaderBytes, readBatchHeader } from './batch.ts'
import { DiskFailure, type DiskFile } from './disk.ts'
import type { FilePartition, Hole, LogParts } from './partition.file.ts'
import { segmentAt, type Segment } from './segment.ts'
import { findOffset } from './segment.index.ts'
import { findValidBatch, isExpected } from './walk.ts'

/** What is read of a partition: whole batches that begin before `before`, at least one if there is any. */
export interface ReadRange {
  readonly offset: number
  readonly before: number
  readonly bytesMax: number
}

/** Hears of a place where there is no valid batch. */
export type OnHole = (partition: FilePartition, hole: Hole) => Promise<void>

/** Where the search for a batch goes on. */
interface Search {
  readonly position: number
  /** The offset that the batch there must have. */
  readonly offset: number
}

/** Reads whole batches from memory or from the file where the first of them stands. Checks each one that a file gave. */
export async function readBatches(
  parts: LogParts,
  partition: FilePartition,
  range: ReadRange,
  onHole: OnHole,
): Promise<Uint8Array> {
  let { offset } = range
  for (;;) {
    const inMemory = readTail(partition, { ...range, offset })
    if (inMemory !== undefined) return inMemory
    const segment = segmentAt(partition.segments, offset)
    if (segment === undefined) return new Uint8Array()
    const bytes = await readSegment(parts, partition, segment, { ...range, offset }, onHole)
    if (bytes.length > 0) return bytes
    // Compacted meanwhile: what was asked for stands in another file.
    if (!partition.segments.includes(segment)) continue
    // Whatever follows in this segment was damaged or compacted away: the next one, or the tail.
    const next = partition.segments.find((other) => other.base > segment.base)
    if (next === undefined) {
      const first = partition.tail.first()
      if (first === undefined || first.base <= offset) return bytes
      offset = first.base
    } else offset = Math.max(offset, next.base)
    if (offset >= range.before) return bytes
  }
}

/** What memory holds from an offset on; undefined where the file must be asked. */
function readTail(partition: FilePartition, range: ReadRange): Uint8Array | undefined {
  const first = partition.tail.first()
  if (first === undefined || range.offset < first.base) return undefined
  const found: Uint8Array[] = []
  let bytes = 0
  for (const batch of partition.tail.from(range.offset)) {
    const isEnough = found.length > 0 && bytes + batch.bytes > range.bytesMax
    if (isEnough || batch.base >= range.before) break
    found.push(batch.arena.bytes.subarray(batch.at, batch.at + batch.bytes))
    bytes += batch.bytes
  }
  // A copy: the arena is used again once the batches stand in their segment.
  const copy = Buffer.concat(found, bytes)
  return new Uint8Array(copy.buffer, copy.byteOffset, bytes)
}

async function readSegment(
  parts: LogParts,
  partition: FilePartition,
  segment: Segment,
  range: ReadRange,
  onHole: OnHole,
): Promise<Uint8Array> {
  const end = segment.settled
  if (end === 0) return new Uint8Array()
  const start = await searchFrom(parts, partition, segment, range.offset)
  try {
    return await parts.files.use(segment.path, (file) => {
      const reader = { parts, partition, segment, file, end, onHole }
      return readFrom(reader, start, range)
    })
  } catch (error) {
    if (!(error instanceof DiskFailure) || error.code !== 'absent') throw error
    // The whole file is gone, and nothing says that it should be.
    await onHole(partition, lostSegment(segment))
    return new Uint8Array()
  }
}

/** The last place at or before an offset of which it is known what stands there. */
async function searchFrom(
  parts: LogParts,
  partition: FilePartition,
  segment: Segment,
  offset: number,
): Promise<Search> {
  const resumed = partition.resume.get(offset)
  if (resumed?.segment === segment) return { position: resumed.position, offset }
  const entries = await parts.indexes.entries(segment)
  return findOffset(entries, offset) ?? { position: 0, offset: segment.base }
}

interface SegmentReader {
  readonly parts: LogParts
  readonly partition: FilePartition
  readonly segment: Segment
  readonly file: DiskFile
  /** Up to here the file holds batches. */
  readonly end: number
  readonly onHole: OnHole
}

async function readFrom(
  reader: SegmentReader,
  start: Search,
  range: ReadRange,
): Promise<Uint8Array> {
  const { parts, segment, end } = reader
  let { position, offset } = start
  let wanted = 0
  while (position < end && offset < range.before) {
    const least = offset < range.offset ? parts.sizes.indexEveryBytes : 0
    // At least a header, so that it is known how long a batch is that the chunk cuts off.
    const bytes = Math.max(wanted, batchHeaderBytes, range.bytesMax + least)
    const chunk = await reader.file.read(position, Math.min(bytes, end - position))
    const run = takeRun(chunk, offset, { ...range, isDense: !segment.isCompacted })
    if (run.to > run.from) {
      rememberPlace(reader, run.offset, position + run.to)
      return chunk.subarray(run.from, run.to)
    }
    if (run.isPastEnd) break
    position += run.to
    offset = run.offset
    if (position >= end) break
    // What was passed is not read again: the next chunk begins with the batch that this one may have cut off.
    wanted = run.to > 0 ? 0 : cutBatch(chunk, wanted, end - position, parts.sizes.batchBytesMax)
    if (run.to > 0 || wanted > 0) continue
    ;({ position, offset } = await passHole(reader, { position, offset }))
  }
  return new Uint8Array()
}

/** Part of a chunk. */
interface Run {
  /** Where the first batch begins that is wanted, and where the last one that fits ends. */
  readonly from: number
  readonly to: number
  /** The offset after the last batch that was passed or taken. */
  readonly offset: number
  /** The next batch is valid and not wanted. */
  readonly isPastEnd: boolean
}

/** Passes the batches of a chunk that end before the range and takes those inside it. */
function takeRun(
  chunk: Uint8Array,
  offset: number,
  range: ReadRange & { readonly isDense: boolean },
): Run {
  let from = 0
  let at = 0
  let next = offset
  while (at < chunk.length && isExpected(chunk, at, next, range.isDense)) {
    const header = readBatchHeader(chunk, at)
    if (header.baseOffset >= range.before) {
      return { from, to: at, offset: next, isPastEnd: true }
    }
    if (at > from && at + header.bytes - from > range.bytesMax) break
    at += header.bytes
    next = header.baseOffset + header.lastOffsetDelta + 1
    if (next <= range.offset) from = at
  }
  return { from, to: at, offset: next, isPastEnd: false }
}

/** How many bytes must be read to see the batch whole that the chunk begins with; 0 where more bytes would not help. */
function cutBatch(chunk: Uint8Array, read: number, left: number, batchBytesMax: number): number {
  const bytes = batchBytesAt(chunk, 0)
  const isCut = bytes > chunk.length && bytes <= Math.min(left, batchBytesMax)
  return isCut && bytes > read ? bytes : 0
}

/** Where the next valid batch stands after a place where there is none. Damage is looked at once and then known. */
async function passHole(reader: SegmentReader, at: Search): Promise<Search> {
  const { partition, segment, file, end, parts } = reader
  const known = partition.holes.find(
    (hole) => hole.segment === segment && hole.fromPosition === at.position,
  )
  if (known !== undefined) return { position: known.toPosition, offset: known.toOffset }
  const offsetMax = segment.last + 1
  const found = await findValidBatch(file, at.position, end, {
    offsetMin: at.offset,
    offsetMax,
    batchBytesMax: parts.sizes.batchBytesMax,
  })
  const hole: Hole = {
    segment,
    fromPosition: at.position,
    toPosition: found?.position ?? end,
    fromOffset: at.offset,
    toOffset: found?.offset ?? offsetMax,
  }
  partition.holes.push(hole)
  await reader.onHole(partition, hole)
  return { position: hole.toPosition, offset: hole.toOffset }
}

const placesMax = 16

/** A reader mostly goes on where it ended: the next read from there needs no index. */
function rememberPlace(reader: SegmentReader, offset: number, position: number): void {
  const { resume } = reader.partition
  resume.delete(offset)
  resume.set(offset, { segment: reader.segment, position })
  const [oldest] = resume.keys()
  if (resume.size > placesMax && oldest !== undefined) resume.delete(oldest)
}

function lostSegment(segment: Segment): Hole {
  return {
    segment,
    fromPosition: 0,
    toPosition: segment.settled,
    fromOffset: segment.base,
    toOffset: segment.last + 1,
  }
}
