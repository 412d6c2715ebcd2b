import { batchBytesAt, checkBatchAt, lastOffsetOf, readBatchHeader } from './batch.ts'
import { DiskFailure, type DiskFile } from './disk.ts'
import type { ReadingDisk } from './disk.reading.ts'
import { applyStored } from './partition.stored.ts'
import { newPartitionState, type PartitionState } from './partition.ts'
import { decideSequence } from './producers.ts'
import { decodeIndex, indexEntryBytes, type IndexEntry } from './segment.index.ts'
import { indexPath, type Segment } from './segment.ts'
import type { LogSizes } from './sizes.ts'
import type { Gap } from './store.ts'
import type { Finding } from './verify.findings.ts'
import { findValidBatch, walkFile, type StoredBatch } from './walk.ts'

/** What is told of a partition while its files are walked. */
export interface Walked {
  state: PartitionState
  bytes: number
  batches: number
  records: number
  readonly gaps: readonly Gap[]
  /** The first offset that may be read: what is missing before was dropped. */
  readonly start: number
  /** Hears of every valid batch. */
  readonly onBatch: ((batch: Uint8Array) => void) | undefined
}

/** What walking needs. */
export interface Walking {
  readonly disk: ReadingDisk
  readonly sizes: LogSizes
  readonly find: (finding: Finding) => void
}

/** Where a segment ends of which nobody knows where it ends. */
export const openEnd = Number.MAX_SAFE_INTEGER

/** Does something with a file; undefined where it is absent. */
async function withFile<T>(
  disk: ReadingDisk,
  path: string,
  work: (file: DiskFile) => Promise<T>,
): Promise<T | undefined> {
  let file: DiskFile
  try {
    file = await disk.open(path)
  } catch (error) {
    if (error instanceof DiskFailure && error.code === 'absent') return undefined
    throw error
  }
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

/** Whether all offsets of a range were dropped, or are noted as a gap. */
function isKnown({ gaps, start }: Walked, from: number, to: number): boolean {
  return to <= start || gaps.some((gap) => gap.from <= from && gap.to >= to)
}

/** Reads a segment as far as it must hold batches, and its index. */
export async function verifySegment(
  walking: Walking,
  walked: Walked,
  segment: Segment,
): Promise<void> {
  const { disk, find } = walking
  const { path, bytes, base, last } = segment
  if (bytes === 0) return
  const index = await readIndex(walking, segment)
  const isThere = await withFile(disk, path, async (file) => {
    const size = await file.size()
    if (size < bytes) {
      const what = `the file has ${size} bytes, and the checkpoint counts on ${bytes}`
      find({ kind: 'segment_short', file: path, position: size, what, isLoss: true })
    }
    await verifyBatches(walking, walked, { segment, file, index, end: Math.min(size, bytes) })
    return true
  })
  if (isThere === true) return
  const isLoss = !isKnown(walked, base, last + 1)
  const what = `offsets ${base} to ${last} are gone with the file`
  find({ kind: 'segment_missing', file: path, position: 0, what, isLoss })
  lose(walked, last + 1)
}

/** What is known of producers and transactions does not reach over a hole. */
function lose(walked: Walked, offset: number): void {
  walked.state = newPartitionState(Math.max(offset, walked.state.end))
}

interface OpenSegment {
  readonly segment: Segment
  readonly file: DiskFile
  readonly index: IndexReader
  readonly end: number
}

async function verifyBatches(
  walking: Walking,
  walked: Walked,
  { segment, file, index, end }: OpenSegment,
): Promise<void> {
  const { sizes, find } = walking
  const { path, base, isCompacted } = segment
  const walkSizes = { chunkBytes: sizes.copyBytes, batchBytesMax: sizes.batchBytesMax }
  // A segment is named after the first offset that may be in it.
  let start = { position: 0, offset: base, isDense: !isCompacted }
  if (walked.state.end > base) {
    const what = `the segment begins at ${base}, and the one before ends at ${walked.state.end}`
    find({ kind: 'offset_wrong', file: path, position: 0, what, isLoss: false })
  }
  walked.state.end = base
  for (;;) {
    for await (const batch of walkFile(file, start, end, walkSizes)) {
      takeBatch(walking, walked, segment, batch)
      index.pass(batch)
      start = {
        position: batch.position + batch.header.bytes,
        offset: lastOffsetOf(batch.header) + 1,
        isDense: start.isDense,
      }
    }
    if (start.position >= end) {
      // A compaction may have taken a producer's newest batches here, and its next one follows those.
      if (isCompacted) lose(walked, walked.state.end)
      return
    }
    const found = await findValidBatch(file, start.position, end, {
      offsetMin: start.offset,
      offsetMax: segment.last + 1,
      batchBytesMax: sizes.batchBytesMax,
    })
    if (found === undefined && segment.last + 1 === openEnd) {
      const what = `${end - start.position} bytes that are no batch, as a crash leaves them`
      find({ kind: 'batch_damaged', file: path, position: start.position, what, isLoss: false })
      return
    }
    const { position, offset } = found ?? { position: end, offset: segment.last + 1 }
    await tellHole(walking, walked, { file, path, from: start, to: { position, offset } })
    start = { position, offset, isDense: start.isDense }
    lose(walked, offset)
    index.skip(position)
  }
}

async function tellHole(
  { find }: Walking,
  walked: Walked,
  hole: {
    readonly file: DiskFile
    readonly path: string
    readonly from: { readonly position: number; readonly offset: number }
    readonly to: { readonly position: number; readonly offset: number }
  },
): Promise<void> {
  const { path, from, to } = hole
  const bytes = await hole.file.read(from.position, to.position - from.position)
  const isWhole = checkBatchAt(bytes, 0, bytes.length)
  const isLoss = !isKnown(walked, from.offset, to.offset)
  const range = `${to.position - from.position} bytes for offsets ${from.offset} to ${to.offset - 1}`
  const suffix = isLoss ? '' : ', noted as a gap'
  const what = isWhole
    ? `a batch of the offset ${readBatchHeader(bytes, 0).baseOffset} stands where ${from.offset} must`
    : `no valid batch in ${range}${suffix}`
  const kind = isWhole ? 'offset_wrong' : 'batch_damaged'
  find({ kind, file: path, position: from.position, what, isLoss })
}

function takeBatch(
  { find }: Walking,
  walked: Walked,
  segment: Segment,
  { header, chunk, at, position }: StoredBatch,
): void {
  walked.bytes += header.bytes
  walked.batches += 1
  walked.records += header.recordCount
  const { producerId, producerEpoch, control } = header
  if (producerId !== -1 && !control) {
    const producer = walked.state.producers.get(producerId)
    // A compaction leaves gaps in the numbering, and a producer of whom nothing is known begins anywhere.
    if (producer !== undefined && producerEpoch === producer.epoch && !segment.isCompacted) {
      const verdict = decideSequence(producer, header)
      if (verdict.kind !== 'next') {
        const isRepeated = verdict.kind !== 'out_of_order'
        const kind = isRepeated ? 'sequence_repeated' : 'sequence_wrong'
        const what = `producer ${producerId} numbers its batch at ${header.baseOffset} with ${header.baseSequence}`
        find({ kind, file: segment.path, position, what, isLoss: !isRepeated })
      }
    }
  }
  const batch = chunk.subarray(at, at + batchBytesAt(chunk, at))
  applyStored(walked, batch)
  walked.onBatch?.(batch)
}

/**
 * Holds an index against the batches that go by. What points behind the last of them belongs to what a crash has
 * cut off, and is not used.
 */
interface IndexReader {
  pass(batch: StoredBatch): void
  /** Nothing is known of what stands before a position. */
  skip(position: number): void
}

async function readIndex(walking: Walking, segment: Segment): Promise<IndexReader> {
  const { disk, find } = walking
  const file = indexPath(segment.path)
  const bytes = await withFile(disk, file, async (opened) => opened.read(0, await opened.size()))
  const entries = decodeIndex(segment.base, bytes ?? new Uint8Array())
  const read = entries.length * indexEntryBytes
  const tell = (kind: Finding['kind'], position: number, what: string): void =>
    find({ kind, file, position, what, isLoss: false })
  if (bytes === undefined) tell('index_missing', 0, 'it is made again when it is needed')
  else if (read < bytes.length && !isStale(segment.base, bytes.subarray(read))) {
    tell('index_damaged', read, `${bytes.length - read} bytes are not used`)
  }
  return indexReader(entries, tell)
}

/** A whole entry that does not follow the one before was left behind by what a crash has cut off. */
function isStale(base: number, bytes: Uint8Array): boolean {
  return decodeIndex(base, bytes.subarray(0, indexEntryBytes)).length === 1
}

function indexReader(
  entries: readonly IndexEntry[],
  tell: (kind: Finding['kind'], position: number, what: string) => void,
): IndexReader {
  let next = 0
  let newest = -1
  const wrong = (entry: IndexEntry): void => {
    const what = `no batch of the offset ${entry.offset} begins at ${entry.position}`
    tell('index_wrong', next * indexEntryBytes, what)
    next += 1
  }
  return {
    pass({ header, position }) {
      for (;;) {
        const entry = entries[next]
        if (entry === undefined || entry.position > position) break
        const isRight =
          entry.position === position &&
          entry.offset === header.baseOffset &&
          // The times before a hole are not known.
          (entry.newestBefore === newest || newest === Infinity)
        if (isRight) next += 1
        else wrong(entry)
      }
      newest = Math.max(newest, header.maxTimestamp)
    },
    skip(position) {
      while ((entries[next]?.position ?? Infinity) < position) next += 1
      newest = Infinity
    },
  }
}
