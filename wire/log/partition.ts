import { assert } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import { checkClientBatch, lastOffsetOf, type BatchHeader } from './batch.ts'
import { decideSequence, enterEpoch, newProducer, noteBatch, type Producer } from './producers.ts'
import type {
  AbortedTransaction,
  AppendRefusal,
  EndRefusal,
  ProducerInfo,
  TransactionEnd,
} from './store.ts'
import {
  abortedWithin,
  firstUnstable,
  newTransactions,
  noteMarker,
  noteTransactional,
  settleMarkers,
  takeBefore,
  type AbortedEntry,
  type Transactions,
} from './transactions.ts'

/**
 * What a partition knows of itself besides its batches. Changed in place, for speed, and only by the
 * functions of this file; these know no disk and no clock, and follow from what is in the log alone, so
 * that recovery comes to the same state by reading the log again.
 */
export interface PartitionState {
  /** The first offset that may be read. */
  start: number
  /** The offset of the next record. */
  end: number
  /** Up to here, exclusive, everything is on disk. */
  high: number
  /** By id, in the order of their last use. */
  readonly producers: Map<number, Producer>
  readonly transactions: Transactions
}

/** The producers of a partition, for those who look. */
export function producersOf({ producers, transactions }: PartitionState): readonly ProducerInfo[] {
  return Array.from(producers.values(), ({ id, epoch, coordinatorEpoch, kept }) => {
    const newest = kept.at(-1)
    return {
      ...{ id, epoch, coordinatorEpoch },
      lastSequence: newest?.lastSequence ?? -1,
      lastTimestamp: newest?.timestamp ?? -1,
      openFrom: transactions.open.get(id) ?? -1,
    }
  })
}

/** What is to be done with a batch. */
export type AppendDecision =
  | { readonly kind: 'append' }
  /** It is there already; to be answered once what lies at `last` is on disk. */
  | { readonly kind: 'duplicate'; readonly first: number; readonly last: number }
  | { readonly kind: 'refused'; readonly refusal: AppendRefusal }

/** What is to be done with the end of a transaction. */
export type MarkerDecision =
  { readonly kind: 'append' } | { readonly kind: 'refused'; readonly refusal: EndRefusal }

/** A marker that lies in the log. */
export interface AppliedMarker {
  readonly producerId: number
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly commit: boolean
  readonly offset: number
  readonly timestamp: number
}

const append = { kind: 'append' } as const

/** A partition without records whose next one gets the offset `start`. */
export function newPartitionState(start = 0): PartitionState {
  const producers = new Map<number, Producer>()
  return { start, end: start, high: start, producers, transactions: newTransactions() }
}

/**
 * Decides on a batch from a client; `header` is what `checkBatch` has passed. Changes nothing. The rules
 * are those of Kafka's `ProducerAppendInfo`, but for one: a newer epoch may not go on with a transaction that
 * an older one has left open (KIP-98 has the coordinator abort it first), lest one marker end both.
 */
export function decideAppend(state: PartitionState, header: BatchHeader): AppendDecision {
  const checked = checkClientBatch(header)
  if (!checked.ok) return refuse(checked.refusal)
  if (header.producerId === -1) return append
  const producer = state.producers.get(header.producerId)
  // One of whom nothing is known may begin with any sequence: its state may have been forgotten.
  if (producer === undefined) return decideTransaction(state, undefined, header)
  if (header.producerEpoch < producer.epoch) {
    return refuse({ code: 'producer_fenced', epoch: producer.epoch })
  }
  const verdict = decideSequence(producer, header)
  switch (verdict.kind) {
    case 'duplicate':
      return verdict
    case 'old_duplicate':
      return refuse({ code: 'old_duplicate' })
    case 'out_of_order':
      return refuse({ code: 'out_of_order', expected: verdict.expected })
    case 'next':
      return decideTransaction(state, producer, header)
  }
}

function decideTransaction(
  { transactions: { open, aborted } }: PartitionState,
  producer: Producer | undefined,
  header: BatchHeader,
): AppendDecision {
  if (producer === undefined || !open.has(producer.id)) {
    if (!header.transactional) return append
    const { openTransactionsPerPartitionMax, abortedTransactionsPerPartitionMax } = limits
    // Both are held in memory. Retention and compaction make the second list shorter.
    const reason =
      open.size >= openTransactionsPerPartitionMax
        ? `${openTransactionsPerPartitionMax} transactions are open here`
        : aborted.length >= abortedTransactionsPerPartitionMax
          ? `${abortedTransactionsPerPartitionMax} aborted transactions are kept here`
          : undefined
    return reason === undefined ? append : refuse({ code: 'invalid_transaction_state', reason })
  }
  if (!header.transactional) {
    const reason = 'the producer has a transaction open, and this is no part of it'
    return refuse({ code: 'invalid_transaction_state', reason })
  }
  if (header.producerEpoch !== producer.epoch) {
    const reason = `a transaction of epoch ${producer.epoch} is open`
    return refuse({ code: 'invalid_transaction_state', reason })
  }
  return append
}

function refuse(refusal: AppendRefusal): AppendDecision {
  return { kind: 'refused', refusal }
}

/**
 * Takes a batch into the state; `header` has its final offset. No marker: see `applyMarker`. Offsets may be
 * passed over, since compaction leaves gaps.
 */
export function applyAppend(state: PartitionState, header: BatchHeader): void {
  assert(header.baseOffset >= state.end, 'batches come in the order of their offsets')
  state.end = lastOffsetOf(header) + 1
  // A control batch that is no marker of ours tells nothing about its producer.
  if (header.producerId === -1 || header.control) return
  const producer = useProducer(state, header.producerId, header.producerEpoch)
  noteBatch(producer, header)
  if (header.transactional) {
    noteTransactional(state.transactions, producer.id, header.baseOffset)
  }
}

/**
 * Decides on the end of a transaction: not by an older instance of the producer, nor by an older
 * coordinator. A producer that has written nothing here may be told of the end nevertheless (KIP-98).
 */
export function decideMarker(
  state: PartitionState,
  end: Pick<TransactionEnd, 'producerId' | 'producerEpoch' | 'coordinatorEpoch'>,
): MarkerDecision {
  const producer = state.producers.get(end.producerId)
  if (producer === undefined) return append
  if (end.producerEpoch < producer.epoch) {
    return { kind: 'refused', refusal: { code: 'producer_fenced', epoch: producer.epoch } }
  }
  if (end.coordinatorEpoch < producer.coordinatorEpoch) {
    const epoch = producer.coordinatorEpoch
    return { kind: 'refused', refusal: { code: 'coordinator_fenced', epoch } }
  }
  return append
}

/** Takes a marker into the state. A newer epoch fences the producer's older instances from here on. */
export function applyMarker(state: PartitionState, marker: AppliedMarker): void {
  assert(marker.offset >= state.end, 'markers come in the order of their offsets')
  state.end = marker.offset + 1
  const producer = useProducer(state, marker.producerId, marker.producerEpoch)
  enterEpoch(producer, marker.producerEpoch)
  producer.coordinatorEpoch = marker.coordinatorEpoch
  producer.seenMs = -1
  noteMarker(state.transactions, marker)
}

/** The producer, moved to the end of the order of use; a new one, for which an old one may have to go. */
function useProducer({ producers, transactions }: PartitionState, id: number, epoch: number) {
  let producer = producers.get(id)
  if (producer === undefined) {
    if (producers.size >= limits.producersPerPartitionMax) forgetOne(producers, transactions)
    producer = newProducer(id, epoch)
  } else {
    producers.delete(id)
  }
  producers.set(id, producer)
  return producer
}

/** Forgets the producer that was used least recently among those without an open transaction. */
function forgetOne(producers: Map<number, Producer>, { open }: Transactions): void {
  for (const id of producers.keys()) {
    if (open.has(id)) continue
    producers.delete(id)
    return
  }
}

/**
 * Forgets producers that have not written for `producerStateMs` and have no transaction open. To be called
 * now and then: the first call after a use takes it for as old as that call, so that neither the times in
 * records nor those of a clock before a restart count, and nobody is forgotten too early.
 */
export function lookAtProducers(state: PartitionState, nowMs: number): void {
  for (const producer of state.producers.values()) {
    // A wall clock that was set back would otherwise keep producers for as long.
    if (producer.seenMs === -1 || producer.seenMs > nowMs) producer.seenMs = nowMs
    const isOld = nowMs - producer.seenMs >= limits.producerStateMs
    if (isOld && !state.transactions.open.has(producer.id)) state.producers.delete(producer.id)
  }
}

/**
 * Whether a batch or marker is the last trace of a producer that is known here. Compaction leaves it, be it
 * without its records, so that a state that is rebuilt from the log knows the numbering and the epoch.
 */
export function isLastOfProducer(state: PartitionState, header: BatchHeader): boolean {
  const { producerId, producerEpoch, control } = header
  const producer = producerId === -1 ? undefined : state.producers.get(producerId)
  if (producer === undefined) return false
  if (producer.kept.length === 0) return control && producerEpoch === producer.epoch
  // What is not on disk yet may never be; until then it takes nobody's place.
  const newest = producer.kept.findLast(({ lastOffset }) => lastOffset < state.high)
  if (newest === undefined) return true
  return !control && lastOffsetOf(header) === newest.lastOffset
}

/** Moves the high watermark: everything before it is on disk. */
export function setHigh(state: PartitionState, high: number): void {
  assert(high >= state.high && high <= state.end, 'the high watermark goes forwards to the end')
  state.high = high
  settleMarkers(state.transactions, high)
}

/**
 * Up to here, exclusive, every transaction has ended, durably: one whose marker is not below the high
 * watermark counts as open. Never before the start, even if an open transaction began there.
 */
export function lastStable(state: PartitionState): number {
  const first = firstUnstable(state.transactions)
  return first === undefined ? state.high : Math.max(state.start, Math.min(first, state.high))
}

/** The aborted transactions that a reader of `[from, to)` must know. */
export function abortedBetween(
  state: PartitionState,
  from: number,
  to: number,
): AbortedTransaction[] {
  return abortedWithin(state.transactions.aborted, from, to)
}

/** Takes in what a compaction has left of the aborted transactions whose marker lies before an offset. */
export function replaceAborted(
  { transactions }: PartitionState,
  beforeOffset: number,
  left: readonly AbortedEntry[],
): void {
  takeBefore(transactions, beforeOffset)
  transactions.aborted = [...left, ...transactions.aborted]
}

/** Moves the start forwards. What is known of producers and open transactions stays. */
export function dropBefore(state: PartitionState, start: number): void {
  if (start <= state.start) return
  assert(start <= state.high, 'the start is not beyond the high watermark')
  state.start = start
  takeBefore(state.transactions, start)
}
