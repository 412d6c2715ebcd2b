import type { SeededRandom } from '@fermata/testkit/random'
import type { NewRecord } from '../store.ts'
import { encode, idBytes, idHeader, type MadeRecord } from './batches.ts'
import type { Oracle } from './oracle.ts'
import type { PartitionTruth, Sent } from './truth.ts'

/** Who a batch comes from; all -1 and false for nobody in particular. */
export interface Origin {
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
}

/** A producer without a name. */
export const nobody: Origin = {
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  isTransactional: false,
}

/** Makes a batch of a few records that nobody has handed in yet. */
export function makeBatch(
  oracle: Oracle,
  random: SeededRandom,
  truth: PartitionTruth,
  origin: Origin,
  nowMs: number,
): Sent {
  const sent: Sent = {
    partition: truth.id,
    leaderEpoch: random.below(5),
    ...origin,
    records: [],
    bytes: new Uint8Array(),
    tries: 0,
  }
  for (let count = 1 + random.below(3); count > 0; count--) {
    sent.records.push(oracle.newRecord(truth.id, sent, makeRecord(random, truth, nowMs)))
  }
  return Object.assign(sent, { bytes: encode({ ...origin, records: sent.records }) })
}

/** What a record says. In a partition that is compacted by key, few keys come again and again. */
export function makeRecord(
  random: SeededRandom,
  truth: PartitionTruth,
  nowMs: number,
): { key: Uint8Array | null; value: Uint8Array | null; timestamp: number } {
  const hasKey = truth.isKeyed || random.chance(0.5)
  const key = hasKey ? Buffer.from(`key-${random.below(8)}`) : null
  const isTombstone = hasKey && random.chance(0.15)
  const length = random.chance(0.1) ? random.below(1_500) : random.below(200)
  const value = isTombstone ? null : new Uint8Array(length).fill(random.below(256))
  return { key, value, timestamp: nowMs - (random.chance(0.2) ? random.below(1_000) : 0) }
}

/** Where a producer's numbering goes on after a batch; it begins again after 2^31 - 1. */
export function sequenceAfter({ baseSequence, records }: Sent): number {
  return (baseSequence + records.length) % 2 ** 31
}

/** A record as it is handed in by itself. */
export function asNew({ id, key, value, timestamp }: MadeRecord): NewRecord {
  return { key, value, timestamp, headers: [{ key: idHeader, value: idBytes(id) }] }
}
