import type { SeededRandom } from '@fermata/testkit/random'
import type {
  LogRefusal,
  NameRefusal,
  PartitionConfig,
  ReadRefusal,
  UnknownPartition,
} from '../store.ts'
import type { Oracle } from './oracle.ts'
import { isExcused, knownPartitions, mayBeGone, type Player, type Stage } from './stage.ts'
import { Changing, PartitionTruth, Violation } from './truth.ts'

/** How many partitions there are at most. */
const partitionsMax = 5

/** By which rules records may go by themselves. */
export interface Rules {
  readonly hasRetention: boolean
  readonly hasCompaction: boolean
}

/** Makes, changes and deletes partitions, deletes records and moves cursors. */
export class Keeper implements Player {
  readonly name = 'a keeper'
  readonly #rules: Rules
  #made = 0
  /** Ordered and not answered. */
  #making: { readonly name: string; readonly config: PartitionConfig }[] = []

  constructor(rules: Rules) {
    this.#rules = rules
  }

  async play(stage: Stage): Promise<void> {
    const { random } = stage
    const known = knownPartitions(stage)
    if (known.length < 2 || (known.length < partitionsMax && random.chance(0.2))) {
      return this.#create(stage)
    }
    const truth = random.pick(known)
    const what = random.below(100)
    if (what < 15) return this.#configure(stage, truth)
    if (what < 20 && known.length > 2) return this.#delete(stage, truth)
    if (what < 45) return this.#deleteRecords(stage, truth)
    return this.#setCursor(stage, truth)
  }

  /** After a crash: a partition whose making was not answered is there, or is not and never will be. */
  adopt({ oracle, store }: Pick<Stage, 'oracle' | 'store'>): void {
    for (const { name, config } of this.#making.splice(0)) {
      const found = store.partitions().find((info) => info.name === name)
      if (found) addPartition(oracle, new PartitionTruth(found.partition, name, config))
    }
  }

  async #create(stage: Stage): Promise<void> {
    const { random, oracle, store } = stage
    const isKeyed = this.#rules.hasCompaction && random.chance(0.25)
    const name = `${isKeyed ? 'keyed' : 'plain'}-${++this.#made}`
    const config = this.#drawConfig(random, isKeyed)
    const making = { name, config }
    this.#making.push(making)
    const answer = await stage.ask(`create ${name}`, async () =>
      store.createPartition({ name, config }),
    )
    if (answer.ok || answer.refusal.code !== 'ended') {
      this.#making = this.#making.filter((one) => one !== making)
    }
    if (answer.ok) return addPartition(oracle, new PartitionTruth(answer.value, name, config))
    mustBeExcused(stage, `create ${name}`, answer.refusal)
  }

  async #configure(stage: Stage, truth: PartitionTruth): Promise<void> {
    const { random, store } = stage
    const config = this.#drawConfig(random, truth.isKeyed)
    truth.configs.push(config)
    truth.config.ordered(config)
    const answer = await stage.ask(`configure ${truth.id}`, async () =>
      store.configurePartition({ partition: truth.id, config }),
    )
    settle(stage, truth, { changing: truth.config, value: config, answer })
  }

  async #delete(stage: Stage, truth: PartitionTruth): Promise<void> {
    truth.isThere.ordered(false)
    const answer = await stage.ask(`delete ${truth.id}`, async () =>
      stage.store.deletePartition(truth.id),
    )
    settle(stage, truth, { changing: truth.isThere, value: false, answer })
  }

  async #deleteRecords(stage: Stage, truth: PartitionTruth): Promise<void> {
    const { random, store } = stage
    const info = store.partition(truth.id)
    if (!info) return
    // Seldom all of it, and now and then more than there is.
    const span = random.chance(0.1) ? info.high - info.start + 3 : (info.high - info.start) / 3
    const before = info.start + random.below(Math.ceil(span) + 1)
    const deletedMax = truth.deletedMax
    truth.deletedMax = Math.max(deletedMax, before)
    const answer = await stage.ask(`delete records of ${truth.id} before ${before}`, async () =>
      store.deleteRecords({ partition: truth.id, before }),
    )
    if (answer.ok) {
      const { start } = answer.value
      if (start < before) throw new Violation(`${truth.name}: the start is ${start}, not ${before}`)
      const { stable, high } = truth
      stage.oracle.bounds(truth, {
        start: Math.max(truth.start, start),
        stable: Math.max(stable, start),
        high: Math.max(high, start),
      })
      return
    }
    if (answer.refusal.code === 'offset_out_of_range') {
      if (before > answer.refusal.high) truth.deletedMax = deletedMax
      else throw new Violation(`${truth.name}: ${before} is said to be out of range`)
      return
    }
    mustBeExcused(stage, `delete records of ${truth.id}`, answer.refusal, truth)
  }

  async #setCursor(stage: Stage, truth: PartitionTruth): Promise<void> {
    const { random, store } = stage
    const name = `cursor-${random.below(3)}`
    const cursor = truth.cursors.get(name) ?? new Changing<number | undefined>(undefined)
    truth.cursors.set(name, cursor)
    const offset = random.chance(0.2) ? undefined : random.below(truth.high + 1)
    cursor.ordered(offset)
    truth.notePassed()
    const answer = await stage.ask(`set ${name} of ${truth.id} to ${offset}`, async () =>
      store.setCursor({ partition: truth.id, cursor: name, offset }),
    )
    settle(stage, truth, { changing: cursor, value: offset, answer })
    truth.notePassed()
    const seen = store.cursors(truth.id)
    if (store.partition(truth.id)) cursor.seen(seen.get(name), `${name} of ${truth.name}`)
  }

  /** Small segments, and any of the rules by which they go. */
  #drawConfig(random: SeededRandom, isKeyed: boolean): PartitionConfig {
    const rule = this.#rules.hasRetention ? random.below(6) : 6
    return {
      segmentBytes: random.pick([1_024, 2_048, 8_192]),
      segmentMs: random.pick([1_000, 1_000_000]),
      batchBytesMax: 16_384,
      ...(rule === 0 && { retentionMs: random.pick([2_000, 20_000]) }),
      ...(rule === 1 && { retentionBytes: random.pick([3_000, 10_000]) }),
      ...(rule === 2 && { untilRead: true }),
      ...(isKeyed && {
        compaction: {
          lagMs: random.pick([0, 500]),
          tombstoneMs: random.pick([0, 5_000]),
          dirtyShare: random.pick([0, 0.5]),
        },
      }),
    }
  }
}

function addPartition({ partitions }: Oracle, truth: PartitionTruth): void {
  if (partitions.has(truth.id)) {
    throw new Violation(`the number ${truth.id} was given to two partitions`)
  }
  partitions.set(truth.id, truth)
}

type Refusal =
  LogRefusal | UnknownPartition | NameRefusal | ReadRefusal | { code: 'too_many_cursors' }

function settle<T>(
  stage: Stage,
  truth: PartitionTruth,
  order: {
    readonly changing: Changing<T>
    readonly value: T
    readonly answer: { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal }
  },
): void {
  const { changing, value, answer } = order
  if (answer.ok) return changing.settled(value)
  if (answer.refusal.code !== 'ended') changing.withdrawn(value)
  return mustBeExcused(stage, `a change of ${truth.name}`, answer.refusal, truth)
}

function mustBeExcused(stage: Stage, what: string, refusal: Refusal, truth?: PartitionTruth): void {
  if (isExcused(stage, refusal)) return
  if (refusal.code === 'unknown_partition' && truth && mayBeGone(stage, truth.id)) return
  throw new Violation(`${what} was refused: ${JSON.stringify(refusal)}`)
}
