import { randomFrom } from '@fermata/testkit/random'
import type { Compression } from '../batch.ts'
import { bytesOf, recordTime } from '../contract.world.ts'
import { encodeBatch } from '../records.ts'
import type { PartitionConfig } from '../store.ts'

/** What the partitions of the proofs are made for. */
export type Purpose =
  /** Keeps all. */
  | 'plain'
  /** Is written to by transactions. */
  | 'ledger'
  /** Drops what is too much. */
  | 'short'
  /** Is told what to drop, and where a reader stands. */
  | 'cut'
  /** Is compacted. */
  | 'keyed'
  /** Is made, written to and deleted. */
  | 'doomed'

/** The most that a segment holds: little, so that many come and go. */
export const segmentBytes = 12 * 1024

/** What a partition that drops what is too much keeps. */
export const retentionBytes = 2 * segmentBytes

/** How a partition is kept; its name begins with its purpose. */
export function configFor(purpose: Purpose): PartitionConfig {
  const config = { segmentBytes, segmentMs: 1e12, batchBytesMax: 64 * 1024 }
  const often = { ...config, segmentBytes: segmentBytes / 2 }
  if (purpose === 'short') return { ...often, retentionBytes }
  if (purpose !== 'keyed') return config
  return { ...often, compaction: { lagMs: 0, tombstoneMs: 1_000, dirtyShare: 0.1 } }
}

/** The purpose in a partition's name. */
export function purposeOf(name: string): Purpose {
  return name.split('-')[0] as Purpose
}

/** A batch that is sent; all of it follows from this. */
export interface Sending {
  /** No other batch has it. */
  readonly number: number
  readonly partition: number
  /** -1: none. */
  readonly producer: number
  readonly sequence: number
  readonly isTransactional: boolean
  readonly isKeyed: boolean
}

/** How many records a batch has. */
export function recordCount({ number }: Pick<Sending, 'number'>): number {
  return 1 + randomFrom(number).below(4)
}

/** The batch as its client makes it. */
export function batchFor(sending: Sending): Uint8Array {
  const { number, producer, sequence, isTransactional } = sending
  const random = randomFrom(number + 7)
  const records = Array.from({ length: recordCount(sending) }, (_, index) => {
    const key = sending.isKeyed ? bytesOf(`key${random.below(30)}`) : null
    const size = random.below(random.chance(0.15) ? 400 : 60)
    // Each sector says whose it is, so that a stale one is no right one by chance.
    const value = bytesOf(`${number}.${index}:${`${number} `.repeat(size)}`)
    return { key, value, timestamp: recordTime + number }
  })
  return encodeBatch({
    baseOffset: 0,
    leaderEpoch: -1,
    compression: random.pick<Compression>([0, 0, 0, 1, 4]),
    records,
    ...(producer === -1
      ? {}
      : {
          producerId: producer,
          producerEpoch: 0,
          baseSequence: sequence,
          transactional: isTransactional,
        }),
  })
}

/** The text of a record of the log's own making. */
export function noteText(number: number): string {
  return `note${number}:${`${number} `.repeat(randomFrom(number).below(40))}`
}
