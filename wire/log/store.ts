import type { Result } from '@fermata/base/result'

/** A partition's number: given by the log when the partition is made, and never used again. */
export type PartitionId = number

/** How one partition keeps its records. All of it may be changed while the partition is in use. */
export interface PartitionConfig {
  /** A segment that would grow beyond this is closed first. */
  readonly segmentBytes: number
  /** A segment whose first record is older than this is closed by the next append or by the caretaker. */
  readonly segmentMs: number
  /** The largest batch that is taken. */
  readonly batchBytesMax: number
  /** Closed segments whose newest record is older than this go. */
  readonly retentionMs?: number
  /** The oldest closed segments go while the partition is larger than this. */
  readonly retentionBytes?: number
  /** Closed segments go once every cursor has passed them; not before there is a cursor. */
  readonly untilRead?: boolean
  /** Of the records with one key, the newest is kept. */
  readonly compaction?: CompactionConfig
  /** Records get the time at which their batch is taken, whatever their producer says. */
  readonly stampsTime?: boolean
}

/** When and what a compacted partition forgets. */
export interface CompactionConfig {
  /** A record is left alone until it is this old. */
  readonly lagMs: number
  /** How long a tombstone (a key without a value) is kept after it was first seen by a compaction. */
  readonly tombstoneMs: number
  /** Compaction begins when this share of the closed segments' bytes, 0 to 1, was not compacted yet. */
  readonly dirtyShare: number
}

/** What a partition holds, in offsets. Each is the first one that is not in the range before it. */
export interface Bounds {
  /** The first offset that may be read. */
  readonly start: number
  /** Up to here, exclusive, every transaction has ended, durably. */
  readonly stable: number
  /** Up to here, exclusive, everything is on disk and may be read: the high watermark. */
  readonly high: number
}

/** A range of offsets that was damaged on disk. What was found there lies in a side file. */
export interface Gap {
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly reason: string
}

/** A partition as it stands. */
export interface PartitionInfo extends Bounds {
  readonly partition: PartitionId
  readonly name: string
  readonly config: PartitionConfig
  /** The bytes of its batches, before and behind the high watermark. */
  readonly bytes: number
  readonly gaps: readonly Gap[]
}

/** Why nothing is taken at the moment, or never again. Reads go on in all but `ended`. */
export type LogRefusal =
  /** The disk, or a quota on it, is full. Over as soon as there is room. */
  | { readonly code: 'disk_full' }
  /** The system gives no more file descriptors. Over as soon as it does. */
  | { readonly code: 'files_exhausted' }
  /** The file system takes no writes. Over as soon as it does. */
  | { readonly code: 'disk_read_only' }
  /** More bytes wait for the disk than `wireWaitingBytesMax`: the producer is too fast. */
  | { readonly code: 'too_much_waiting' }
  /** A flush failed, or the log was closed. Only a new start helps. */
  | { readonly code: 'ended'; readonly reason: string }

/** There is no partition of this number. */
export interface UnknownPartition {
  readonly code: 'unknown_partition'
}

/** Why a batch was not taken. */
export type AppendRefusal =
  | LogRefusal
  | UnknownPartition
  /** Not one whole record batch of version 2 (KIP-98), or its checksum is wrong. */
  | { readonly code: 'corrupt_batch'; readonly reason: string }
  | { readonly code: 'batch_too_large'; readonly bytesMax: number }
  /**
   * A well-formed batch that no producer may send: a control batch, a key missing where compaction needs it. `records`
   * are the places of those in the batch that are the reason, where not all are, `batchFaultsNamedMax` at most.
   */
  | {
      readonly code: 'invalid_record'
      readonly reason: string
      readonly records?: readonly number[]
    }
  /** A newer instance of this producer has written. */
  | { readonly code: 'producer_fenced'; readonly epoch: number }
  /** Not the sequence that follows the last one. */
  | { readonly code: 'out_of_order'; readonly expected: number }
  /** Repeats a batch so old that its offset is no longer known. */
  | { readonly code: 'old_duplicate' }
  /** Part of a transaction, but this producer's epoch has begun none, or the reverse. */
  | { readonly code: 'invalid_transaction_state'; readonly reason: string }

/** Where a batch lies. */
export interface Appended {
  readonly first: number
  readonly last: number
  /** The batch had been taken before; this is where. */
  readonly duplicate: boolean
  /** The time that its records were given, where the partition stamps them. */
  readonly stampedMs?: number
}

/** A batch as a client made it. */
export interface AppendOrder {
  readonly partition: PartitionId
  /** One record batch of version 2. The log copies it before it returns, and patches offset and epoch in the copy. */
  readonly batch: Uint8Array
  /** What the batch's field `partitionLeaderEpoch` is to say. */
  readonly leaderEpoch: number
}

/** A record of our own. */
export interface NewRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly RecordHeader[]
  /** Milliseconds since 1970; the log's time where it is absent. */
  readonly timestamp?: number
}

/** A header of a record; keys may repeat. */
export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

/** What is read, and how much of it. */
export interface ReadOrder {
  readonly partition: PartitionId
  /** May lie inside a batch: that batch comes whole. */
  readonly offset: number
  /** At least one batch is answered even if it is larger. */
  readonly bytesMax: number
  /** Only what lies before the last stable offset (isolation level read_committed). */
  readonly committed: boolean
}

/** Whole batches, one after the other, as they lie in the log. */
export interface ReadAnswer extends Bounds {
  readonly bytes: Uint8Array
  /** With `committed`: whose batches are to be passed over, from which offset to their abort marker. */
  readonly aborted: readonly AbortedTransaction[]
}

/** A transaction that was aborted, as a reader needs to know it. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

/** Why nothing can be read there. */
export type ReadRefusal =
  | UnknownPartition
  | ({ readonly code: 'offset_out_of_range' } & Bounds)
  | { readonly code: 'ended'; readonly reason: string }

/** The end of a transaction on all partitions that it wrote to. */
export interface TransactionEnd {
  readonly producerId: number
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly commit: boolean
  readonly partitions: readonly PartitionId[]
}

/** Why a transaction is not ended by this order. */
export type EndRefusal =
  | LogRefusal
  | UnknownPartition
  /** A newer instance of this producer has written. */
  | { readonly code: 'producer_fenced'; readonly epoch: number }
  /** A newer coordinator has ended a transaction of this producer. */
  | { readonly code: 'coordinator_fenced'; readonly epoch: number }

/** Where the markers of a transaction's end lie. */
export interface EndedTransaction {
  readonly markers: readonly { readonly partition: PartitionId; readonly offset: number }[]
}

/** A record found by its time. */
export interface TimedOffset {
  readonly offset: number
  readonly timestamp: number
}

/** Somewhere a reader stands. */
export interface Place {
  readonly partition: PartitionId
  readonly offset: number
  readonly committed: boolean
}

/** What the log can do at the moment. */
export type LogState =
  | { readonly kind: 'serving' }
  /** Appends are refused by this name; the log looks by itself whether it is over. */
  | {
      readonly kind: 'refusing'
      readonly code: 'disk_full' | 'files_exhausted' | 'disk_read_only'
      readonly reason: string
    }
  | { readonly kind: 'ended'; readonly reason: string }

/**
 * A durable, partitioned, append-only log. Acknowledged is flushed, and readable is flushed: no
 * promise resolves, and no reader sees a batch, before the batch is on disk. What it is asked and what it
 * answers is plain data, so that another thread, or another machine, may stand on either side.
 */
export interface LogStore {
  /** Makes a partition; durable when it resolves. Names are 1 to 200 of `a-z A-Z 0-9 . _ -` and unique. */
  createPartition(order: {
    readonly name: string
    readonly config: PartitionConfig
  }): Promise<Result<PartitionId, LogRefusal | NameRefusal>>
  configurePartition(order: {
    readonly partition: PartitionId
    readonly config: PartitionConfig
  }): Promise<Result<void, LogRefusal | UnknownPartition>>
  /** Deletes a partition and all that it holds; durable when it resolves. */
  deletePartition(partition: PartitionId): Promise<Result<void, LogRefusal | UnknownPartition>>
  /** All partitions, by number. */
  partitions(): readonly PartitionInfo[]
  /** One partition as it stands. */
  partition(partition: PartitionId): PartitionInfo | undefined

  append(order: AppendOrder): Promise<Result<Appended, AppendRefusal>>
  /** Appends one record of our own; several that wait at once share a batch. */
  appendRecord(order: {
    readonly partition: PartitionId
    readonly record: NewRecord
  }): Promise<Result<Appended, AppendRefusal>>
  /** Ends a transaction on all its partitions in one step, or on none. */
  endTransaction(order: TransactionEnd): Promise<Result<EndedTransaction, EndRefusal>>

  read(order: ReadOrder): Promise<Result<ReadAnswer, ReadRefusal>>
  /** The first record at or after a time; undefined where all are older. Time is that of the records. */
  findTime(order: {
    readonly partition: PartitionId
    readonly timestamp: number
    readonly committed: boolean
  }): Promise<Result<TimedOffset | undefined, ReadRefusal>>
  /**
   * Resolves with the partitions that have something at or after the place, at once or when it comes,
   * and with none after `waitMs`, when the log ends, or when more than `wireWaitersMax` wait.
   */
  waitFor(order: {
    readonly places: readonly Place[]
    readonly waitMs: number
  }): Promise<readonly PartitionId[]>

  /** Moves the start forwards; durable when it resolves. `before` beyond the high watermark is out of range. */
  deleteRecords(order: {
    readonly partition: PartitionId
    readonly before: number
  }): Promise<Result<{ readonly start: number }, LogRefusal | ReadRefusal>>
  /** Sets a named reader's offset, which retention with `untilRead` heeds; without an offset, removes it. */
  setCursor(order: {
    readonly partition: PartitionId
    readonly cursor: string
    readonly offset: number | undefined
  }): Promise<
    Result<
      void,
      LogRefusal | UnknownPartition | { readonly code: 'too_many_cursors' } | NameRefusal
    >
  >
  /** The producers that a partition knows by their numbers, the longest unused first; none where there is no partition. */
  producers(partition: PartitionId): readonly ProducerInfo[]
  /** The cursors of a partition by name. */
  cursors(partition: PartitionId): ReadonlyMap<string, number>

  state(): LogState
  /** Resolves when nothing that was asked before is unfinished in the background: segments, retention, compaction. */
  idle(): Promise<void>
  /** Writes down what it holds and lets go of it. Later calls are refused as `ended`. */
  close(): Promise<void>
}

/** A producer as a partition knows it. */
export interface ProducerInfo {
  readonly id: number
  readonly epoch: number
  /** The last sequence that was taken in this epoch, and the newest time of its batch; -1 before the first. */
  readonly lastSequence: number
  readonly lastTimestamp: number
  /** The epoch of the coordinator that wrote its last marker; -1 before the first. */
  readonly coordinatorEpoch: number
  /** Where its open transaction begins; -1 where it has none. */
  readonly openFrom: number
}

/** Why a name is not taken. */
export type NameRefusal =
  { readonly code: 'invalid_name'; readonly charsMax: number } | { readonly code: 'name_taken' }
