import type { Result } from '@fermata/base/result'
import type { CommitOrder, OffsetOutcome } from '../groups/port.ts'
import type { PartitionRef } from '../records.port.ts'
import type { BrokerRefusal } from '../refusals.ts'

/** A producer's number, and how often its place was taken by another one. */
export interface ProducerRef {
  readonly id: number
  readonly epoch: number
}

/** Whose transaction is meant. */
export interface TransactionRef {
  readonly workspace: string
  /** A name that outlives its process: who begins with it ends what another one has begun. */
  readonly transactionalId: string
  readonly producer: ProducerRef
}

/** Where a transactional id stands. */
export interface TransactionView {
  readonly transactionalId: string
  readonly producer: ProducerRef
  readonly state: 'empty' | 'open' | 'ending' | 'ended'
  /** Of `ending` and `ended`: how. */
  readonly commit: boolean
  readonly timeoutMs: number
  /** Since when it is open, in milliseconds since 1970; -1 where it is not. */
  readonly sinceMs: number
  /** For how long by now. */
  readonly openMs: number
  /** What it writes to, as far as it is still there. */
  readonly partitions: readonly PartitionRef[]
}

/** What can be done with producers and their transactions. Everything is durable when it resolves. */
export interface TransactionCalls {
  /**
   * Gives a producer its number. With a transactional id it ends an open transaction of that id, and fences
   * whoever had it before.
   */
  initProducer(order: {
    readonly workspace: string
    readonly transactionalId: string | null
    readonly timeoutMs: number
    /** What a producer that goes on was; absent for one that begins. */
    readonly producer?: ProducerRef
  }): Promise<Result<ProducerRef, BrokerRefusal>>
  /** Lets the transaction write to partitions, which begins it; all of them or none. */
  addToTransaction(
    order: TransactionRef & { readonly partitions: readonly PartitionRef[] },
  ): Promise<readonly (PartitionRef & { readonly refusal?: BrokerRefusal })[]>
  /** Lets the transaction commit offsets of a group. */
  addGroupToTransaction(
    order: TransactionRef & { readonly group: string },
  ): Promise<Result<void, BrokerRefusal>>
  /** Commits offsets that count once the transaction is committed. */
  commitOffsetsWithin(order: TransactionRef & CommitOrder): Promise<readonly OffsetOutcome[]>
  /** Ends the transaction on all its partitions at once. */
  endTransaction(
    order: TransactionRef & { readonly commit: boolean },
  ): Promise<Result<void, BrokerRefusal>>
  listTransactions(order: { readonly workspace: string }): Promise<readonly TransactionView[]>
}
