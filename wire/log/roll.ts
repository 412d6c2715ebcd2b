import type { PartitionConfig } from './store.ts'

/** What is asked of a segment before it is closed. */
export interface OpenSegment {
  /** 0 while it is empty. */
  readonly bytes: number
  /** No batch inside begins before. */
  readonly base: number
  /** The offset of its last record. */
  readonly last: number
  /** When its first batch came, by the log's clock. */
  readonly createdAt: number
}

/** Positions in an index may count from the base with 31 bits, as in Kafka's segments. */
const offsetsMax = 2 ** 31 - 1

/** Whether a segment is to be closed before a batch of so many bytes is appended. An empty one never is. */
export function isFull(
  segment: OpenSegment,
  batchBytes: number,
  config: PartitionConfig,
  nowMs: number,
): boolean {
  if (segment.bytes === 0) return false
  if (segment.bytes + batchBytes > config.segmentBytes) return true
  return segment.last - segment.base >= offsetsMax || isStale(segment, config, nowMs)
}

/**
 * Whether a segment is to be closed because its first batch came so long ago. The times in the records do
 * not count: old records that are copied from elsewhere would close a segment with every batch.
 */
export function isStale(
  segment: Pick<OpenSegment, 'bytes' | 'createdAt'>,
  config: PartitionConfig,
  nowMs: number,
): boolean {
  return segment.bytes > 0 && nowMs - segment.createdAt > config.segmentMs
}
