import type { BatchHeader } from './batch.ts'
import { planCompaction, type CompactionPlan } from './compaction.ts'
import { beginRound, type CompactionRound } from './compaction.round.ts'
import {
  bytesInMemory,
  openSegment,
  rewrittenSegment,
  rollMemory,
  type MemoryPartition,
  type MemorySegment,
} from './memory.partition.ts'
import { dropBefore, isLastOfProducer, lastStable, replaceAborted } from './partition.ts'
import { droppedSegments } from './retention.ts'
import { isStale } from './roll.ts'
import type { CompactionConfig } from './store.ts'

/** Closes, drops and compacts segments of a partition where there is a cause. */
export function tidyPartition(partition: MemoryPartition, nowMs: number): void {
  closeStale(partition, nowMs)
  dropOld(partition, nowMs)
  compact(partition, nowMs)
}

function closeStale(partition: MemoryPartition, nowMs: number): void {
  if (!isStale(openSegment(partition), partition.config, nowMs)) return
  rollMemory(partition, partition.state.end, nowMs)
}

function dropOld(partition: MemoryPartition, nowMs: number): void {
  const { config, state, segments } = partition
  const count = droppedSegments({
    closed: segments.slice(0, -1),
    bytes: bytesInMemory(partition),
    start: state.start,
    high: state.high,
    cursors: partition.cursors.values(),
    config,
    nowMs,
  })
  const last = segments[count - 1]
  if (last === undefined) return
  partition.segments = segments.slice(count)
  dropBefore(state, last.last + 1)
}

function compact(partition: MemoryPartition, nowMs: number): void {
  const { config, state, cleanedTo } = partition
  if (config.compaction === undefined) return
  const plan = planCompaction({
    closed: partition.segments.slice(0, -1),
    cleanedTo,
    stable: lastStable(state),
    config: config.compaction,
    nowMs,
  })
  if (plan === undefined) return
  const round = noteAll(partition, plan, config.compaction, nowMs)
  const rewritten = partition.segments.map((segment, index) =>
    index < plan.segments ? compactSegment(segment, round) : segment,
  )
  // The open segment stays though it is empty: it says where the next batch goes.
  partition.segments = rewritten.filter(
    ({ batches }, index) => batches.length > 0 || index === rewritten.length - 1,
  )
  replaceAborted(state, round.to, round.aborted)
  partition.cleanedTo = round.to
}

function noteAll(
  { state, segments, cleanedTo }: MemoryPartition,
  plan: CompactionPlan,
  { tombstoneMs }: CompactionConfig,
  nowMs: number,
): CompactionRound {
  const { aborted } = state.transactions
  const isLast = (header: BatchHeader): boolean => isLastOfProducer(state, header)
  const order = { aborted, isLastOfProducer: isLast, tombstoneMs, nowMs }
  const round = beginRound(order, cleanedTo)
  const dirty = segments.slice(plan.cleanSegments, plan.segments)
  for (const { bytes } of dirty.flatMap(({ batches }) => batches)) {
    if (!round.note(bytes, 0)) break
  }
  return round
}

function compactSegment(segment: MemorySegment, round: CompactionRound): MemorySegment {
  const left: Uint8Array[] = []
  for (const { bytes } of segment.batches) {
    const kept = round.compact(bytes, 0)
    if (kept !== undefined) left.push(kept)
  }
  return rewrittenSegment(segment, left)
}
