import type { FakeClock } from '@fermata/testkit/clock'
import type { SeededRandom } from '@fermata/testkit/random'
import type { Broker } from '../broker.ts'

/** Whose topics and groups these are. */
export const workspace = 'one'

/** The topic that transactions write to. */
export const topic = 'ledger'

/** How many partitions it has. */
export const partitions = 3

/** What a client plays on, for one life of the broker. */
export interface Stage {
  readonly random: SeededRandom
  readonly clock: FakeClock
  readonly broker: Broker
  /** Resolves when it is this client's turn again, while the world goes on. */
  turn(): Promise<void>
  /** Asks the broker; whoever asks hears nothing any more once this life is over. */
  ask<T>(what: string, call: () => Promise<T>): Promise<T>
}

/** A client that outlives the broker. */
export interface Player {
  readonly name: string
  /** Asks for one thing at most. */
  play(stage: Stage): Promise<void>
  /** Brings to its end what it has begun; throws where it cannot. */
  finish(stage: Stage): Promise<void>
  /** Holds what the broker shows, while nobody asks for anything, against what it knows. */
  audit(stage: Stage, shown: Shown): Promise<void>
}

/** What lies in a partition. */
export interface ShownPartition {
  /** By text, everything that was taken. */
  readonly texts: ReadonlyMap<string, number>
  /** What somebody sees who reads what is committed. */
  readonly committed: ReadonlySet<string>
  /** Up to here every transaction has ended. */
  readonly stable: number
}

/** By the partition's index. */
export type Shown = readonly ShownPartition[]
