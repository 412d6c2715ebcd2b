import { present } from '@fermata/base/assert'
import { lastOffsetOf, readBatchHeader, type BatchHeader } from './batch.ts'
import { newPartitionState, type PartitionState } from './partition.ts'
import { timestampOf, walkRecords } from './records.ts'
import { isFull } from './roll.ts'
import type { PartitionConfig, TimedOffset } from './store.ts'

/** A partition whose batches lie in arrays. */
export interface MemoryPartition {
  readonly id: number
  readonly name: string
  config: PartitionConfig
  readonly state: PartitionState
  /** By base; the last one is added to, the others are closed. */
  segments: MemorySegment[]
  readonly cursors: Map<string, number>
  /** Up to here, exclusive, compaction has come. */
  cleanedTo: number
  /** That of the newest batch of a client; our own batches have the same. */
  leaderEpoch: number
}

/** Some batches that roll, go and are compacted together, as in a file. */
export interface MemorySegment {
  readonly base: number
  batches: MemoryBatch[]
  bytes: number
  last: number
  newest: number
  createdAt: number
  horizon: number | undefined
}

/** A batch as it is answered to readers. */
export interface MemoryBatch {
  readonly header: BatchHeader
  readonly bytes: Uint8Array
}

/** A partition without batches. */
export function newMemoryPartition(
  id: number,
  name: string,
  config: PartitionConfig,
): MemoryPartition {
  return {
    id,
    name,
    config,
    state: newPartitionState(),
    segments: [newMemorySegment(0, 0)],
    cursors: new Map(),
    cleanedTo: 0,
    leaderEpoch: 0,
  }
}

function newMemorySegment(base: number, createdAt: number): MemorySegment {
  return { base, batches: [], bytes: 0, last: base - 1, newest: -1, createdAt, horizon: undefined }
}

/** The segment that batches are added to. */
export function openSegment({ segments }: MemoryPartition): MemorySegment {
  return present(segments.at(-1), 'a segment')
}

/** Closes the segment that batches are added to. */
export function rollMemory(partition: MemoryPartition, base: number, nowMs: number): void {
  partition.segments.push(newMemorySegment(base, nowMs))
}

/** Adds a batch that has its offset, in a new segment where the last one is full. */
export function addBatch(partition: MemoryPartition, bytes: Uint8Array, nowMs: number): void {
  const header = readBatchHeader(bytes, 0)
  if (isFull(openSegment(partition), bytes.length, partition.config, nowMs)) {
    rollMemory(partition, header.baseOffset, nowMs)
  }
  const segment = openSegment(partition)
  if (segment.bytes === 0) segment.createdAt = nowMs
  putIn(segment, { header, bytes })
}

function putIn(segment: MemorySegment, batch: MemoryBatch): void {
  const { header, bytes } = batch
  segment.batches.push(batch)
  segment.bytes += bytes.length
  segment.last = lastOffsetOf(header)
  segment.newest = Math.max(segment.newest, header.maxTimestamp)
  if (!header.deleteHorizon) return
  segment.horizon = Math.min(segment.horizon ?? Infinity, header.baseTimestamp)
}

/** The segment with what is left of its batches. */
export function rewrittenSegment(
  segment: MemorySegment,
  left: readonly Uint8Array[],
): MemorySegment {
  const rewritten = newMemorySegment(segment.base, segment.createdAt)
  for (const bytes of left) putIn(rewritten, { header: readBatchHeader(bytes, 0), bytes })
  return { ...rewritten, last: segment.last }
}

/** How large a partition is. */
export function bytesInMemory({ segments }: MemoryPartition): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** The batches that end at or after one offset and before another. */
export function* batchesBetween(
  { segments }: MemoryPartition,
  from: number,
  to: number,
): Generator<MemoryBatch> {
  for (const segment of segments) {
    if (segment.last < from) continue
    for (const batch of segment.batches) {
      const last = lastOffsetOf(batch.header)
      if (last >= to) return
      if (last >= from) yield batch
    }
  }
}

/** As many batches as fit, but one at least, and the offset behind the last. */
export function takeBatches(
  batches: Iterable<MemoryBatch>,
  bytesMax: number,
): { readonly bytes: Uint8Array; readonly next: number } {
  const taken: Uint8Array[] = []
  let length = 0
  let next = 0
  for (const { header, bytes } of batches) {
    if (taken.length > 0 && length + bytes.length > bytesMax) break
    taken.push(bytes)
    length += bytes.length
    next = lastOffsetOf(header) + 1
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of taken) {
    bytes.set(part, at)
    at += part.length
  }
  return { bytes, next }
}

/** The first record at or after a time, from an offset on. Markers are none of the user's records. */
export function findTimeIn(
  batches: Iterable<MemoryBatch>,
  from: number,
  timestamp: number,
): TimedOffset | undefined {
  for (const { header, bytes } of batches) {
    if (header.control || header.maxTimestamp < timestamp) continue
    let found: TimedOffset | undefined
    walkRecords(bytes, 0, (view) => {
      const time = timestampOf(view, header)
      const offset = header.baseOffset + view.offsetDelta
      if (offset >= from && time >= timestamp) found = { offset, timestamp: time }
      return found === undefined
    })
    if (found !== undefined) return found
  }
  return undefined
}
