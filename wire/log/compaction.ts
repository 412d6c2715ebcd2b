import type { CompactionConfig } from './store.ts'

/** What is asked of a closed segment before it is compacted. */
export interface CompactedSegment {
  readonly bytes: number
  /** The offset of its last record. */
  readonly last: number
  /** The newest timestamp of its records, -1 where they have none. */
  readonly newest: number
  /** When its first batch came, by the log's clock; stands in for missing timestamps. */
  readonly createdAt: number
  /** The earliest delete horizon of its batches: from then on something can be left out. */
  readonly horizon: number | undefined
}

/** What decides on a round of compaction. */
export interface CompactionFacts {
  /** All closed segments, oldest first. */
  readonly closed: readonly CompactedSegment[]
  /** Up to here, exclusive, each key is there once. */
  readonly cleanedTo: number
  readonly stable: number
  readonly config: CompactionConfig
  readonly nowMs: number
}

/** What a round of compaction is to look at. */
export interface CompactionPlan {
  /** How many of the closed segments, from the oldest on. */
  readonly segments: number
  /** How many of these hold nothing new: their keys need not be noted. */
  readonly cleanSegments: number
}

/**
 * Whether a compaction has a cause, and how far it may go: over closed segments, before the last stable offset,
 * and not into records that are younger than `lagMs` (KIP-58). The causes are enough new bytes, as
 * with Kafka's `min.cleanable.dirty.ratio`, or a tombstone or marker whose time is up (KIP-534); Kafka leaves
 * the latter to the next round, which on a quiet partition never comes.
 */
export function planCompaction(facts: CompactionFacts): CompactionPlan | undefined {
  const { closed, cleanedTo, config, nowMs } = facts
  let cleanSegments = 0
  let cleanBytes = 0
  let dirtyBytes = 0
  let segments = 0
  let isTimeUp = false
  for (const segment of closed) {
    if (segment.last >= facts.stable) break
    const isClean = segment.last < cleanedTo
    if (!isClean && isYoung(segment, config.lagMs, nowMs)) break
    if (isClean) {
      cleanSegments++
      cleanBytes += segment.bytes
    } else {
      dirtyBytes += segment.bytes
    }
    if (segment.horizon !== undefined && segment.horizon <= nowMs) isTimeUp = true
    segments++
  }
  const isDirty = dirtyBytes > 0 && dirtyBytes / (cleanBytes + dirtyBytes) >= config.dirtyShare
  return isDirty || isTimeUp ? { segments, cleanSegments } : undefined
}

/** Times in the future make no difference where there is no lag. */
function isYoung({ newest, createdAt }: CompactedSegment, lagMs: number, nowMs: number): boolean {
  return lagMs > 0 && (newest < 0 ? createdAt : newest) > nowMs - lagMs
}
