import type { IndexEntry } from './segment.index.ts'

/** One file of a partition: batches one after the other, as they are sent to readers. */
export interface Segment {
  /** The offset that the file is named after; no batch before it is inside. */
  readonly base: number
  /** How often it was compacted: what is rewritten gets another name, so that readers of the old file are not misled. */
  readonly generation: number
  readonly path: string
  /** With the batches that are still in memory. */
  bytes: number
  /** Up to here the batches stand in the file. */
  settled: number
  /** The offset of its last record; one less than the base while it is empty. */
  last: number
  /** When its first batch came, by the log's clock. */
  createdAt: number
  /** The newest timestamp of its records, -1 while there is none. */
  newest: number
  /** From when on something of it may be compacted away though nothing is new; of closed segments only. */
  horizon: number | undefined
  /** Offsets without a batch are no damage here: a compaction has taken what was there. */
  isCompacted: boolean
  /** Whether the file was written since it was flushed. */
  isDirty: boolean
  /** Whether there is a file of this name. */
  isMade: boolean
  readonly index: SegmentIndex
}

/** What is known of a segment's index without reading its file. */
export interface SegmentIndex {
  /** How many entries the index file holds; undefined until it was read, after a start. */
  written: number | undefined
  /** Entries of the file that point behind this position belong to what a crash has cut off. */
  readonly trustedBytes: number
  /** Where the batch of the last entry begins; entries stand `indexEveryBytes` apart. */
  lastPosition: number
  /** Entries that are not in the file yet. */
  pending: IndexEntry[]
  /** The entries of the file, once somebody needed them. */
  loaded: IndexEntry[] | undefined
}

const digits = 20

/** What the name of a segment's file says. */
export interface SegmentName {
  readonly base: number
  readonly generation: number
}

/** The path of a segment's file: its base, and its generation if it was compacted. */
export function segmentPath(folder: string, { base, generation }: SegmentName): string {
  const suffix = generation === 0 ? '' : `.${generation}`
  return `${folder}/${String(base).padStart(digits, '0')}${suffix}.log`
}

/** The path of the index that belongs to a segment. */
export function indexPath(segmentFile: string): string {
  return segmentFile.replace(/\.log$/, '.index')
}

/** What a file's name says, if it is that of a segment. */
export function parseSegmentName(name: string): SegmentName | undefined {
  const found = /^(\d{20})(?:\.(\d+))?\.log$/.exec(name)
  if (found === null) return undefined
  const base = Number(found[1])
  const generation = Number(found[2] ?? 0)
  return Number.isSafeInteger(base) ? { base, generation } : undefined
}

/** A segment without batches. */
export function emptySegment(folder: string, name: SegmentName, createdAt: number): Segment {
  const { base, generation } = name
  return {
    base,
    generation,
    path: segmentPath(folder, name),
    bytes: 0,
    settled: 0,
    last: base - 1,
    createdAt,
    newest: -1,
    horizon: undefined,
    isCompacted: false,
    isDirty: false,
    isMade: false,
    index: {
      written: 0,
      trustedBytes: Number.MAX_SAFE_INTEGER,
      lastPosition: 0,
      pending: [],
      loaded: undefined,
    },
  }
}

/** Tells a segment of a batch that is added at its end. */
export function addToSegment(
  segment: Segment,
  batch: {
    readonly base: number
    readonly last: number
    readonly bytes: number
    readonly maxTimestamp: number
  },
  everyBytes: number,
): void {
  const { index } = segment
  const isFirst = segment.bytes === 0
  if (isFirst || segment.bytes - index.lastPosition >= everyBytes) {
    const entry = { offset: batch.base, position: segment.bytes, newestBefore: segment.newest }
    index.pending.push(entry)
    index.lastPosition = segment.bytes
  }
  segment.bytes += batch.bytes
  segment.last = batch.last
  segment.newest = Math.max(segment.newest, batch.maxTimestamp)
}

/** The last of the segments that begins at or before an offset; the first where all begin behind it. */
export function segmentAt(segments: readonly Segment[], offset: number): Segment | undefined {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const segment = segments[middle]
    if (segment !== undefined && segment.base <= offset) low = middle + 1
    else high = middle
  }
  return segments[Math.max(0, low - 1)]
}

/** What a checkpoint holds of a segment. */
export type SegmentRow = readonly [
  base: number,
  bytes: number,
  last: number,
  createdAt: number,
  newest: number,
  isCompacted: 0 | 1,
  horizon: number | null,
  generation: number,
]

/** A segment as a checkpoint holds it, with what is in memory. */
export function rowOfSegment(segment: Segment): SegmentRow {
  const { base, bytes, last, createdAt, newest } = segment
  const isCompacted = segment.isCompacted ? 1 : 0
  const horizon = segment.horizon ?? null
  return [base, bytes, last, createdAt, newest, isCompacted, horizon, segment.generation]
}

/** The segment of a checkpoint, whose file holds all of it. */
export function segmentOfRow(folder: string, row: SegmentRow): Segment {
  const [base, bytes, last, createdAt, newest, isCompacted, horizon, generation] = row
  return {
    base,
    generation,
    path: segmentPath(folder, { base, generation }),
    bytes,
    settled: bytes,
    last,
    createdAt,
    newest,
    horizon: horizon ?? undefined,
    isCompacted: isCompacted === 1,
    isDirty: false,
    isMade: bytes > 0,
    index: {
      written: bytes > 0 ? undefined : 0,
      trustedBytes: bytes > 0 ? bytes : Number.MAX_SAFE_INTEGER,
      lastPosition: bytes,
      pending: [],
      loaded: undefined,
    },
  }
}
