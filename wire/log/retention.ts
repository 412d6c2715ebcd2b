import type { PartitionConfig } from './store.ts'

/** What is asked of a closed segment before it goes. */
export interface ClosedSegment {
  readonly bytes: number
  /** The offset of its last record. */
  readonly last: number
  /** The newest timestamp of its records, -1 where they have none. */
  readonly newest: number
  /** When its first batch came, by the log's clock; stands in for missing timestamps. */
  readonly createdAt: number
}

/** What decides on the oldest segments of a partition. */
export interface RetentionFacts {
  /** All closed ones, oldest first. */
  readonly closed: readonly ClosedSegment[]
  /** Of the whole partition, the open segment with it. */
  readonly bytes: number
  readonly start: number
  readonly high: number
  /** The offsets of the partition's cursors. */
  readonly cursors: Iterable<number>
  readonly config: PartitionConfig
  readonly nowMs: number
}

/**
 * How many of the oldest closed segments go: those before the start, and then each as long as one of the
 * partition's rules names it. Whoever drops them moves the start behind the last. Like Kafka's, retention works on
 * whole segments, from the oldest on without leaving one out, up to the high watermark, and heeds the newest
 * timestamp of the records. A compacted partition without other rules keeps all.
 */
export function droppedSegments(facts: RetentionFacts): number {
  const { closed, config, nowMs, high } = facts
  const read = readByAll(facts.cursors)
  let { bytes } = facts
  let count = 0
  for (const segment of closed) {
    if (segment.last >= high) break
    const isBeforeStart = segment.last < facts.start
    const isOld = config.retentionMs !== undefined && nowMs - timeOf(segment) > config.retentionMs
    const isTooMuch = config.retentionBytes !== undefined && bytes > config.retentionBytes
    const isRead = config.untilRead === true && read !== undefined && segment.last < read
    if (!isBeforeStart && !isOld && !isTooMuch && !isRead) break
    bytes -= segment.bytes
    count++
  }
  return count
}

function timeOf({ newest, createdAt }: ClosedSegment): number {
  return newest < 0 ? createdAt : newest
}

/** Up to here, exclusive, every cursor has passed; undefined without a cursor. */
function readByAll(cursors: Iterable<number>): number | undefined {
  let lowest: number | undefined
  for (const offset of cursors) {
    if (lowest === undefined || offset < lowest) lowest = offset
  }
  return lowest
}
