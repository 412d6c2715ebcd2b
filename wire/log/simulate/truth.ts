import type { PartitionConfig, PartitionId } from '../store.ts'
import type { MadeRecord } from './batches.ts'

/** The log did what it must never do. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** A record that somebody has handed in, or wanted to. */
export interface KnownRecord extends MadeRecord {
  readonly partition: PartitionId
  /** The batch that it came in; undefined for a record of the log's own making. */
  readonly batch: Sent | undefined
  /** Where it stands, once that is certain: acknowledged, or seen; -1 until then. */
  offset: number
  /** Whether it may stand in the log: handed in, and neither refused nor found missing after a crash. */
  mayStand: boolean
  /** What readers of the committed were shown of it. */
  claim: 'committed' | 'aborted' | undefined
}

/** A batch that somebody has handed in, perhaps several times. */
export interface Sent {
  readonly partition: PartitionId
  readonly bytes: Uint8Array
  readonly leaderEpoch: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
  readonly records: KnownRecord[]
  /** How often it was handed in. */
  tries: number
}

/** An order to end a transaction. Its number is the epoch of its coordinator, by which its markers are known. */
export interface EndOrder {
  readonly coordinatorEpoch: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly commit: boolean
  readonly partitions: readonly PartitionId[]
  /** Where its markers stand, as far as that is certain. */
  readonly markers: Map<PartitionId, number>
  mayStand: boolean
  isTaken: boolean
}

/** What stands at an offset. */
export type Fact =
  | { readonly kind: 'record'; readonly record: KnownRecord }
  | { readonly kind: 'marker'; readonly end: EndOrder }

/** A value that changes by orders, some of which have no answer. */
export class Changing<T> {
  /** The values that may be on disk. */
  readonly #possible: { readonly key: string; readonly value: T }[]

  constructor(value: T) {
    this.#possible = [{ key: JSON.stringify(value), value }]
  }

  /** Somebody orders a change. */
  ordered(value: T): void {
    this.#possible.push({ key: JSON.stringify(value), value })
  }

  /** The order was answered: nothing older can be. Orders for one value come one after the other. */
  settled(value: T): void {
    const key = JSON.stringify(value)
    const at = this.#possible.findLastIndex((one) => one.key === key)
    if (at < 0) throw new Violation(`${key} was never ordered`)
    this.#possible.splice(0, at)
  }

  /** The order was refused. */
  withdrawn(value: T): void {
    const key = JSON.stringify(value)
    const at = this.#possible.findLastIndex((one) => one.key === key)
    if (at > 0) this.#possible.splice(at, 1)
  }

  /** Somebody has seen a value: it must be possible, and what is older is so no more. */
  seen(value: T, what: string): void {
    const key = JSON.stringify(value)
    const at = this.#possible.findIndex((one) => one.key === key)
    if (at < 0) {
      const keys = this.#possible.map((one) => one.key).join(' or ')
      throw new Violation(`${what} is ${key}; it should be ${keys}`)
    }
    this.#possible.splice(0, at)
  }

  /** After a restart: what was ordered and is not there was lost, and never comes. */
  certain(value: T, what: string): void {
    this.seen(value, what)
    this.#possible.splice(1)
  }

  possible(): readonly T[] {
    return this.#possible.map((one) => one.value)
  }
}

/** What is known of one partition. */
export class PartitionTruth {
  readonly id: PartitionId
  readonly name: string
  readonly config: Changing<PartitionConfig>
  /** Every configuration that it may ever have had: what one of them allows may have happened. */
  readonly configs: PartitionConfig[]
  readonly isThere = new Changing(true)
  readonly cursors = new Map<string, Changing<number | undefined>>()
  /** What is certain, by offset. */
  readonly at = new Map<number, Fact>()
  /** The bytes of batches that were seen, by base: they are the same for ever, but for compaction. */
  readonly seen = new Map<number, Uint8Array>()
  /** How far somebody wanted records deleted. */
  deletedMax = 0
  /** How far all cursors had passed at some time. */
  passedMax = -1
  start = 0
  stable = 0
  high = 0

  constructor(id: PartitionId, name: string, config: PartitionConfig) {
    this.id = id
    this.name = name
    this.config = new Changing(config)
    this.configs = [config]
  }

  /** Whether all records have keys, so that it may be compacted. */
  get isKeyed(): boolean {
    return this.configs[0]?.compaction !== undefined
  }

  get isCompacted(): boolean {
    return this.configs.some((config) => config.compaction !== undefined)
  }

  /** To be called when a cursor has changed, or may have. */
  notePassed(): void {
    const offsets = [...this.cursors.values()].map((cursor) => cursor.possible())
    const absent = Number.POSITIVE_INFINITY
    // A cursor that may be absent holds nothing back; where all are, nothing goes.
    const lowest = Math.min(...offsets.map((one) => Math.max(...one.map((at) => at ?? absent))))
    const highest = Math.max(-1, ...offsets.flat().map((at) => at ?? -1))
    this.passedMax = Math.max(this.passedMax, Math.min(lowest, highest))
  }

  /** Notes what stands at an offset. Nothing else stood there, and it stands nowhere else. */
  place(offset: number, fact: Fact): void {
    const there = this.at.get(offset)
    const text = describe(fact)
    if (there && !isSame(there, fact)) {
      throw new Violation(
        `${this.name}: ${text} stands at ${offset}, where ${describe(there)} stood`,
      )
    }
    const known =
      fact.kind === 'record' ? fact.record.offset : (fact.end.markers.get(this.id) ?? -1)
    if (known !== -1 && known !== offset) {
      throw new Violation(`${this.name}: ${text} stands twice, at ${known} and at ${offset}`)
    }
    if (there) return
    const mayStand = fact.kind === 'record' ? fact.record.mayStand : fact.end.mayStand
    if (!mayStand) {
      throw new Violation(
        `${this.name}: ${text} stands at ${offset}; it was refused, or lost before`,
      )
    }
    this.at.set(offset, fact)
    if (fact.kind === 'record') fact.record.offset = offset
    else fact.end.markers.set(this.id, offset)
  }

  /** The offsets of all facts at or after one, in order. */
  offsets(from = 0): number[] {
    return [...this.at.keys()].filter((offset) => offset >= from).toSorted((a, b) => a - b)
  }
}

function isSame(a: Fact, b: Fact): boolean {
  if (a.kind === 'record') return b.kind === 'record' && a.record === b.record
  return b.kind === 'marker' && a.end === b.end
}

/** A fact in words. */
export function describe(fact: Fact): string {
  if (fact.kind === 'record') return `record ${fact.record.id}`
  const { commit, coordinatorEpoch, producerId } = fact.end
  return `marker ${coordinatorEpoch} (${commit ? 'commit' : 'abort'} of producer ${producerId})`
}
