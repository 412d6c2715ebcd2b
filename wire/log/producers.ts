import type { BatchHeader } from './batch.ts'

// What a partition knows of its idempotent producers. Source: KIP-98, "Idempotent Producer Guarantees",
// and the rules of Apache Kafka's `ProducerAppendInfo` and `ProducerStateEntry`, which clients are written
// against: the last five batches are known by their sequences, because a client has at most five under way.

/** How many of a producer's batches are known by their sequences. */
export const keptBatchesMax = 5

/** Sequences go from 0 to 2^31 - 1, and then begin again. */
const sequences = 2 ** 31

/** A count of sequences beyond which "before" and "after" can no longer be told apart. */
const sequencesBehindMax = 2 ** 30

/** What is known of one producer. */
export interface Producer {
  readonly id: number
  epoch: number
  /** The epoch of the coordinator that wrote its last marker; -1 before the first. */
  coordinatorEpoch: number
  /** The newest batches of this epoch, oldest first. */
  kept: KeptBatch[]
  /** How many sequences were taken one after the other, up to the newest. */
  run: number
  /** When `lookAtProducers` first saw its last use; -1 until then. */
  seenMs: number
}

/** One batch as a repetition is recognised by it. */
export interface KeptBatch {
  readonly lastSequence: number
  readonly lastOffset: number
  readonly lastOffsetDelta: number
  readonly timestamp: number
}

/** What the numbering of a producer says to a batch. */
export type SequenceVerdict =
  | { readonly kind: 'next' }
  | { readonly kind: 'duplicate'; readonly first: number; readonly last: number }
  | { readonly kind: 'old_duplicate' }
  | { readonly kind: 'out_of_order'; readonly expected: number }

const next = { kind: 'next' } as const

/** The sequence that lies `by` after another one. */
export function sequenceAfter(sequence: number, by: number): number {
  // Far quicker here than a remainder, which would leave the integers of 31 bits.
  const sum = sequence + by
  return sum < sequences ? sum : sum - sequences
}

/** How far a sequence lies before another one, going round. */
function sequencesBetween(sequence: number, later: number): number {
  const ahead = later - sequence
  return ahead < 0 ? ahead + sequences : ahead
}

/** The sequence that the next batch of this epoch must begin with. */
export function expectedSequence(producer: Producer): number {
  const newest = producer.kept.at(-1)
  return newest === undefined ? 0 : sequenceAfter(newest.lastSequence, 1)
}

/**
 * Holds a batch of a known producer, whose epoch is not older, against the numbering. A new epoch begins
 * with 0. A batch all of whose sequences are known to have been taken, but which is none of those kept, is an
 * `old_duplicate`; clients count that as success, so what was perhaps never taken is `out_of_order` instead.
 */
export function decideSequence(producer: Producer, header: BatchHeader): SequenceVerdict {
  const { baseSequence, lastOffsetDelta } = header
  if (header.producerEpoch !== producer.epoch) {
    return baseSequence === 0 ? next : { kind: 'out_of_order', expected: 0 }
  }
  const expected = expectedSequence(producer)
  if (baseSequence === expected) return next
  const same = findKept(producer, baseSequence, lastOffsetDelta)
  if (same !== undefined) {
    const { lastOffset } = same
    return { kind: 'duplicate', first: lastOffset - lastOffsetDelta, last: lastOffset }
  }
  const behind = sequencesBetween(baseSequence, expected)
  const isBeforeKept = behind - lastOffsetDelta > keptSequences(producer, expected)
  if (behind <= producer.run && isBeforeKept) return { kind: 'old_duplicate' }
  return { kind: 'out_of_order', expected }
}

function findKept(
  producer: Producer,
  baseSequence: number,
  lastOffsetDelta: number,
): KeptBatch | undefined {
  const lastSequence = sequenceAfter(baseSequence, lastOffsetDelta)
  return producer.kept.findLast(
    (batch) => batch.lastSequence === lastSequence && batch.lastOffsetDelta === lastOffsetDelta,
  )
}

/** How many sequences lie between the first one that is kept and the expected one. */
function keptSequences(producer: Producer, expected: number): number {
  const oldest = producer.kept[0]
  if (oldest === undefined) return 0
  return sequencesBetween(oldest.lastSequence, expected) + oldest.lastOffsetDelta
}

/** A producer of whom only the epoch is known. */
export function newProducer(id: number, epoch: number): Producer {
  return { id, epoch, coordinatorEpoch: -1, kept: [], run: 0, seenMs: -1 }
}

/** Moves a producer to a newer epoch, which numbers anew. */
export function enterEpoch(producer: Producer, epoch: number): void {
  if (epoch === producer.epoch) return
  producer.epoch = epoch
  producer.kept = []
  producer.run = 0
}

/**
 * Notes a batch that is in the log. It need not follow the last one: compaction leaves gaps, and a
 * producer that was forgotten in between may have begun anew, after which its older numbers mean nothing.
 */
export function noteBatch(producer: Producer, header: BatchHeader): void {
  enterEpoch(producer, header.producerEpoch)
  const { baseSequence, lastOffsetDelta } = header
  const count = lastOffsetDelta + 1
  const ahead = sequencesBetween(expectedSequence(producer), baseSequence)
  if (ahead !== 0) {
    producer.run = 0
    if (ahead > sequencesBehindMax) producer.kept = []
  }
  producer.run = Math.min(producer.run + count, sequencesBehindMax)
  if (producer.kept.length === keptBatchesMax) producer.kept.shift()
  producer.kept.push({
    lastSequence: sequenceAfter(baseSequence, lastOffsetDelta),
    lastOffset: header.baseOffset + lastOffsetDelta,
    lastOffsetDelta,
    timestamp: header.maxTimestamp,
  })
  producer.seenMs = -1
}
