import { assert, present } from '@fermata/base/assert'
import type { Clock } from '@fermata/base/clock'
import type { Arena } from './arena.ts'
import { lastOffsetOf, type BatchHeader } from './batch.ts'
import type { Disk } from './disk.ts'
import type { FilePool } from './files.ts'
import type { IndexCache } from './index.cache.ts'
import { lastStable, newPartitionState, type PartitionState } from './partition.ts'
import { isFull } from './roll.ts'
import { addToSegment, emptySegment, type Segment } from './segment.ts'
import type { LogSizes } from './sizes.ts'
import type { Bounds, Gap, PartitionConfig } from './store.ts'
import { makeTail, type Tail } from './tail.ts'

/** What all partitions of a log share. */
export interface LogParts {
  readonly disk: Disk
  readonly clock: Clock
  readonly sizes: LogSizes
  readonly files: FilePool
  readonly indexes: IndexCache
}

/** A range of a segment that holds no valid batch. */
export interface Hole {
  readonly segment: Segment
  /** In the file; `to` is where the next valid batch begins, or the end. */
  readonly fromPosition: number
  readonly toPosition: number
  readonly fromOffset: number
  readonly toOffset: number
}

/** A partition whose records stand in files. */
export interface FilePartition {
  readonly id: number
  name: string
  readonly folder: string
  config: PartitionConfig
  state: PartitionState
  /** By base; the last one is written to. */
  segments: Segment[]
  readonly tail: Tail
  /** The newest one that a batch came with; the log's own batches carry it on. */
  leaderEpoch: number
  readonly cursors: Map<string, number>
  gaps: Gap[]
  /** Damage that reads have met and need not look at again. */
  holes: Hole[]
  /** Where the batch of an offset stands at which a reader stopped; the oldest first. */
  readonly resume: Map<number, { readonly segment: Segment; readonly position: number }>
  /** Whether its folder is there. */
  isMade: boolean
  /** Whether a file came or went since the folder was flushed. */
  isFolderDirty: boolean
  isDeleted: boolean
  /** Up to here, exclusive, compaction has come. */
  cleanedTo: number
}

/** The folder of all partitions. */
export const partitionsFolder = 'partitions'

/**
 * An empty partition. `folderName` is that of its folder, if it has one: its number, so that no name is ever used
 * twice, and its name, so that people find it.
 */
export function makePartition(
  parts: LogParts,
  order: { readonly id: number; readonly name: string; readonly config: PartitionConfig },
  folderName = `${order.id}-${order.name}`,
): FilePartition {
  const folder = `${partitionsFolder}/${folderName}`
  return {
    ...order,
    folder,
    state: newPartitionState(),
    segments: [emptySegment(folder, { base: 0, generation: 0 }, parts.clock.now())],
    tail: makeTail(),
    leaderEpoch: 0,
    cursors: new Map(),
    gaps: [],
    holes: [],
    resume: new Map(),
    isMade: false,
    isFolderDirty: false,
    isDeleted: false,
    cleanedTo: 0,
  }
}

/** The segment that batches are added to. */
export function activeSegment(partition: FilePartition): Segment {
  return present(partition.segments.at(-1), 'a segment')
}

/** What a partition holds, in offsets. */
export function boundsOf({ state }: FilePartition): Bounds {
  return { start: state.start, stable: lastStable(state), high: state.high }
}

/** How large a partition is, with what is in memory. */
export function bytesOf(partition: FilePartition): number {
  return partition.segments.reduce((sum, segment) => sum + segment.bytes, 0)
}

/** How large a partition is, without what is not below the high watermark: a crash may take that again. */
export function bytesOnDisk(partition: FilePartition): number {
  const { tail, state } = partition
  return tail.from(state.high).reduce((sum, batch) => sum - batch.bytes, bytesOf(partition))
}

/** Closes the active segment and begins the next; one without batches is given up. */
export function rollSegment(
  partition: FilePartition,
  base: number,
  nowMs: number,
  generation = 0,
): Segment {
  if (activeSegment(partition).bytes === 0) partition.segments.pop()
  const segment = emptySegment(partition.folder, { base, generation }, nowMs)
  partition.segments.push(segment)
  return segment
}

/** Gives a batch that lies in an arena its place in the partition's segments. Its header has its offset already. */
export function placeBatch(
  parts: LogParts,
  partition: FilePartition,
  batch: {
    readonly header: BatchHeader
    readonly arena: Arena
    readonly at: number
    readonly group: number
  },
): void {
  const { header } = batch
  const nowMs = parts.clock.now()
  const isNext = header.baseOffset > activeSegment(partition).last
  assert(isNext, 'offsets grow from batch to batch')
  if (isFull(activeSegment(partition), header.bytes, partition.config, nowMs)) {
    rollSegment(partition, header.baseOffset, nowMs)
  }
  const segment = activeSegment(partition)
  if (segment.bytes === 0) segment.createdAt = nowMs
  partition.leaderEpoch = Math.max(partition.leaderEpoch, header.leaderEpoch)
  const last = lastOffsetOf(header)
  partition.tail.push({
    arena: batch.arena,
    at: batch.at,
    bytes: header.bytes,
    base: header.baseOffset,
    last,
    segment,
    position: segment.bytes,
    group: batch.group,
  })
  const added = {
    base: header.baseOffset,
    last,
    bytes: header.bytes,
    maxTimestamp: header.maxTimestamp,
  }
  addToSegment(segment, added, parts.sizes.indexEveryBytes)
}
