import { batchHeaderBytes, readBatchHeader } from '../log/batch.ts'
import type { Appended, AppendRefusal, LogStore } from '../log/store.ts'
import type { Result } from '@fermata/base/result'
import { findPartition } from './partitions.ts'
import {
  leaderEpoch,
  type PartitionRef,
  type ProduceAnswer,
  type ProduceOrder,
} from './records.port.ts'
import { ofLog, type BrokerRefusal } from './refusals.ts'
import type { Toil } from './toil.ts'
import { topicNamed, type Topics } from './topic.ts'

/**
 * Whether a batch of a producer with a number belongs to a transaction that is open and knows its partition, or to
 * none and to a producer that has none; why not where it does not.
 */
export type CheckTransactional = (
  order: Pick<ProduceOrder, 'workspace' | 'transactionalId'>,
  producer: { readonly id: number; readonly epoch: number; readonly transactional: boolean },
  place: PartitionRef,
) => BrokerRefusal | undefined

/** What producing needs. */
export interface ProduceParts {
  readonly log: LogStore
  readonly topics: Topics
  readonly checkTransactional: CheckTransactional
  readonly toil: Toil
}

/**
 * Appends the batches of an order. All that is decided is decided before the first of them is on
 * disk, and before this returns: so batches lie in the order in which they came.
 */
export function produce(
  parts: ProduceParts,
  order: ProduceOrder,
): Promise<readonly ProduceAnswer[]> {
  const { acks } = order
  const isKnown = acks === 0 || acks === 1 || acks === -1
  return Promise.all(
    order.batches.map(({ topic, index, batch }) =>
      isKnown
        ? produceOne(parts, order, { topic, index }, batch)
        : refusedFor({ topic, index }, { code: 'invalid_acks' }),
    ),
  )
}

function refusedFor(place: PartitionRef, refusal: BrokerRefusal): Promise<ProduceAnswer> {
  return Promise.resolve({ ...place, ok: false, refusal })
}

function produceOne(
  { log, topics, checkTransactional, toil }: ProduceParts,
  order: ProduceOrder,
  place: PartitionRef,
  batch: Uint8Array,
): Promise<ProduceAnswer> {
  const found = findPartition(topics, order.workspace, place)
  if (!found.ok) return refusedFor(place, found.refusal)
  const partition = found.value
  let isUnpacked = false
  if (batch.length >= batchHeaderBytes) {
    const { transactional, control, producerId, producerEpoch, compression } = readBatchHeader(batch, 0) // prettier-ignore
    isUnpacked = compression !== 0 && isCompacted(topics, order.workspace, place)
    const producer = { id: producerId, epoch: producerEpoch, transactional }
    const isKnown = (transactional || producerId !== -1) && !control
    const fault = isKnown ? checkTransactional(order, producer, place) : undefined
    if (fault !== undefined) return refusedFor(place, fault)
  }
  if (isUnpacked && toil.isTooMuch()) {
    const reason = 'too much is to be unpacked; nothing was taken'
    return refusedFor(place, { code: 'overloaded', reason })
  }
  const appending = { partition, batch, leaderEpoch }
  const appended = isUnpacked ? toil.count(() => log.append(appending)) : log.append(appending)
  return appended.then((result) => answerOf(place, result, log.partition(partition)?.start ?? 0))
}

/** Whether the keys of its records are looked at before they are taken. */
function isCompacted(topics: Topics, workspace: string, { topic }: PartitionRef): boolean {
  const settings = topicNamed(topics, workspace, topic)?.settings
  return settings?.['cleanup.policy']?.includes('compact') === true
}

function answerOf(
  place: PartitionRef,
  appended: Result<Appended, AppendRefusal>,
  start: number,
): ProduceAnswer {
  if (appended.ok) {
    const { first, stampedMs } = appended.value
    return { ...place, ok: true, first, start, ...(stampedMs !== undefined && { stampedMs }) }
  }
  return { ...place, ok: false, refusal: refusalOf(appended.refusal) }
}

/** Why a producer's batch was not taken. */
function refusalOf(refusal: AppendRefusal): BrokerRefusal {
  switch (refusal.code) {
    case 'batch_too_large':
      return { code: refusal.code, reason: `a batch has at most ${refusal.bytesMax} bytes` }
    case 'invalid_record':
      return refusal
    case 'corrupt_batch':
    case 'invalid_transaction_state':
      return { code: refusal.code, reason: refusal.reason }
    // The epoch of a batch that is too low may be that of an abort by time-out: not by itself the end.
    case 'producer_fenced':
      return { code: 'stale_producer_epoch', reason: `the epoch is ${refusal.epoch} by now` }
    case 'out_of_order':
      return { code: refusal.code, reason: `expected was sequence ${refusal.expected}` }
    case 'old_duplicate':
      return { code: refusal.code }
    default:
      return ofLog(refusal)
  }
}
