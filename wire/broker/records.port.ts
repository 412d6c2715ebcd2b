import type { AbortedTransaction, ProducerInfo } from '../log/store.ts'
import type { BrokerRefusal } from './refusals.ts'

/**
 * The leader epoch of every partition, wherever one is said: in batches, metadata, offsets. It counts who
 * owned the partition, and on one server there is one owner for good.
 */
export const leaderEpoch = 0

/** A partition of a topic. */
export interface PartitionRef {
  readonly topic: string
  readonly index: number
}

/** One batch for each of some partitions. */
export interface ProduceOrder {
  readonly workspace: string
  /** The id under which the producer's transactions are known; none where it has none. */
  readonly transactionalId?: string
  /** 0: no answer is waited for; 1 and -1 both mean that it is on disk. */
  readonly acks: number
  readonly batches: readonly (PartitionRef & { readonly batch: Uint8Array })[]
}

/** What became of one partition's batch. */
export type ProduceAnswer = PartitionRef &
  (
    | {
        readonly ok: true
        readonly first: number
        readonly start: number
        /** The time that the records were given, where the topic gives them one. */
        readonly stampedMs?: number
      }
    | { readonly ok: false; readonly refusal: BrokerRefusal }
  )

/** What a reader wants. */
export interface FetchOrder {
  readonly workspace: string
  /** How long to wait until there are `bytesMin`. */
  readonly waitMs: number
  readonly bytesMin: number
  /** At least one batch is answered even if it is larger. */
  readonly bytesMax: number
  /** Only what belongs to no open transaction; aborted ones are named. */
  readonly committed: boolean
  readonly partitions: readonly (PartitionRef & {
    readonly offset: number
    readonly bytesMax: number
    /** What the reader takes for the partition's epoch; -1: it does not say. */
    readonly leaderEpoch: number
  })[]
}

/** What a partition has for a reader. */
export type FetchAnswer = PartitionRef &
  (
    | {
        readonly ok: true
        readonly start: number
        readonly stable: number
        readonly high: number
        readonly bytes: Uint8Array
        readonly aborted: readonly AbortedTransaction[]
      }
    | { readonly ok: false; readonly refusal: BrokerRefusal }
  )

/** An offset to be found. */
export type OffsetQuestion =
  | { readonly kind: 'earliest' | 'latest' | 'newest_time' }
  /** The first record at or after a time, in milliseconds since 1970. */
  | { readonly kind: 'time'; readonly timestamp: number }

/** An offset that was found; -1 for both where all records are older, or there is none. */
export type OffsetAnswer = PartitionRef &
  (
    | { readonly ok: true; readonly offset: number; readonly timestamp: number }
    | { readonly ok: false; readonly refusal: BrokerRefusal }
  )

/** Where an epoch ends: its last offset and one, -1 for an epoch that there never was. */
export type EpochAnswer = PartitionRef &
  (
    | { readonly ok: true; readonly epoch: number; readonly end: number }
    | { readonly ok: false; readonly refusal: BrokerRefusal }
  )

/** What became of the records before an offset. */
export type TrimAnswer = PartitionRef &
  (
    | { readonly ok: true; readonly start: number }
    | { readonly ok: false; readonly refusal: BrokerRefusal }
  )

/** The producers of one partition. */
export type ProducersAnswer = PartitionRef &
  (
    | { readonly ok: true; readonly producers: readonly ProducerInfo[] }
    | { readonly ok: false; readonly refusal: BrokerRefusal }
  )

/** What can be done with records. */
export interface RecordCalls {
  /** Batches of one call, and of calls that follow each other, are placed in the order given. */
  produce(order: ProduceOrder): Promise<readonly ProduceAnswer[]>
  fetch(order: FetchOrder): Promise<readonly FetchAnswer[]>
  findOffsets(order: {
    readonly workspace: string
    readonly committed: boolean
    readonly partitions: readonly (PartitionRef & {
      readonly question: OffsetQuestion
      readonly leaderEpoch: number
    })[]
  }): Promise<readonly OffsetAnswer[]>
  findEpochEnds(order: {
    readonly workspace: string
    readonly partitions: readonly (PartitionRef & {
      readonly epoch: number
      readonly leaderEpoch: number
    })[]
  }): Promise<readonly EpochAnswer[]>
  /** Who has written to partitions by number, in transactions or to be safe from repetition. */
  describeProducers(order: {
    readonly workspace: string
    readonly partitions: readonly PartitionRef[]
  }): Promise<readonly ProducersAnswer[]>
  /** Durable when it resolves. Without `before` everything goes that is there now. */
  deleteRecords(order: {
    readonly workspace: string
    readonly partitions: readonly (PartitionRef & { readonly before?: number })[]
  }): Promise<readonly TrimAnswer[]>
}
