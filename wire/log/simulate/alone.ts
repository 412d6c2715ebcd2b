import { fakeClock, type FakeClock } from '@fermata/testkit/clock'
import type { SeededRandom } from '@fermata/testkit/random'
import type { AppendOrder, LogStore, PartitionId, PartitionInfo, ReadAnswer } from '../store.ts'
import { batchesIn, markerIn, recordsIn, type ServedBatch } from './batches.ts'
import { fakeDisk, type DiskImage, type FakeDisk } from './disk.ts'
import type { OpenLog } from './open.ts'
import { newSteps, settled, type Steps } from './steps.ts'
import { Violation } from './truth.ts'

/** All that a partition shows while nobody writes to it. */
export interface Shown {
  readonly info: PartitionInfo
  readonly cursors: ReadonlyMap<string, number>
  /** By offset. */
  readonly facts: ReadonlyMap<number, ShownFact>
  /** The offsets of the records that a reader of the committed takes for committed. */
  readonly committed: ReadonlySet<number>
}

/** What is shown at an offset. */
export interface ShownFact {
  /** In words, the same for the same. */
  readonly text: string
  /** The record's number; -1 where it has none. */
  readonly id: number
}

/** In so many steps everything has come to its end. */
const stepsMax = 20_000

/** A log on a disk, and nobody else: one call at a time, each to its end. */
export class Alone {
  readonly clock: FakeClock
  readonly disk: FakeDisk
  readonly #steps: Steps
  readonly #open: OpenLog
  readonly #random: SeededRandom
  #store: LogStore | undefined
  #stray: string | undefined

  constructor(
    random: SeededRandom,
    { open, image, nowMs }: { readonly open: OpenLog; image: DiskImage; readonly nowMs: number },
  ) {
    this.clock = fakeClock(nowMs)
    this.#open = open
    this.#random = random
    this.#steps = newSteps(random)
    this.disk = fakeDisk(random, { steps: this.#steps, image })
  }

  get store(): LogStore {
    if (!this.#store) throw new Error('the log is not open yet')
    return this.#store
  }

  /** Opens the log, does something with it, and cuts the power; answers what is left then. */
  async live(use: () => Promise<void>): Promise<DiskImage> {
    const hear = (error: unknown): void => void (this.#stray ??= String(error))
    process.on('unhandledRejection', hear)
    try {
      const { clock, disk } = this
      this.#store = await this.until(
        this.#open({ clock, disk, random: this.#random }),
        'the log cannot be opened',
      )
      await use()
      await settled()
    } finally {
      process.off('unhandledRejection', hear)
    }
    if (this.#stray !== undefined)
      throw new Violation(`a promise that nobody holds: ${this.#stray}`)
    const state = this.store.state()
    if (state.kind !== 'serving') throw new Violation(`the log is ${state.kind}: ${state.reason}`)
    return this.disk.crash('power')
  }

  /** Lets the world go on until a promise settles. */
  async until<T>(promise: Promise<T>, what: string): Promise<T> {
    let isSettled = false
    const settle = (): void => void (isSettled = true)
    promise.then(settle, settle)
    await settled()
    for (let turns = 0; !isSettled; turns++) {
      if (turns > stepsMax) throw new Violation(`${what}: it never ends`)
      if (await this.#steps.next()) continue
      this.clock.advance(1_000)
      await settled()
    }
    try {
      return await promise
    } catch (error) {
      throw new Violation(`${what}: ${String(error)}`, { cause: error })
    }
  }

  /** Reads all that there is. */
  async shown(): Promise<Map<PartitionId, Shown>> {
    await this.until(this.store.idle(), 'coming to rest')
    const shown = new Map<PartitionId, Shown>()
    for (const { partition } of this.store.partitions()) {
      const facts = new Map<number, ShownFact>()
      const committed = new Set<number>()
      await this.#readAll(partition, false, (batch) => noteFacts(facts, batch))
      await this.#readAll(partition, true, (batch, isShown) => {
        if (isShown) for (const { offset } of recordsIn(batch)) committed.add(offset)
      })
      const info = this.store.partition(partition)
      if (!info) throw new Violation(`partition ${partition} is gone while it is read`)
      shown.set(partition, { info, cursors: this.store.cursors(partition), facts, committed })
    }
    return shown
  }

  /** What the log says to a batch, in words. */
  async append(order: AppendOrder): Promise<string> {
    const answer = await this.until(this.store.append(order), 'an append')
    return JSON.stringify(answer)
  }

  async #readAll(
    partition: PartitionId,
    committed: boolean,
    hear: (batch: ServedBatch, isShown: boolean) => void,
  ): Promise<void> {
    let offset = this.store.partition(partition)?.start ?? 0
    for (;;) {
      const bytesMax = this.#random.pick([300, 5_000])
      const order = { partition, offset, bytesMax, committed }
      const answer = await this.until(this.store.read(order), `a read of ${partition}`)
      if (!answer.ok) {
        const { refusal } = answer
        if (refusal.code !== 'offset_out_of_range' || refusal.start <= offset) {
          throw new Violation(`a read of ${partition} from ${offset}: ${JSON.stringify(refusal)}`)
        }
        offset = refusal.start
        continue
      }
      const batches = batchesIn(answer.value.bytes)
      const last = batches.at(-1)
      if (!last) return
      if (last.last < offset) throw new Violation(`a read of ${partition} goes backwards`)
      for (const [batch, isShown] of asReader(batches, answer.value)) hear(batch, isShown)
      offset = last.last + 1
    }
  }
}

function noteFacts(facts: Map<number, ShownFact>, batch: ServedBatch): void {
  const marker = markerIn(batch)
  if (marker) {
    const { commit, coordinatorEpoch } = marker
    const text = `marker ${coordinatorEpoch} (${commit ? 'commit' : 'abort'})`
    facts.set(batch.base, { text, id: -1 })
    return
  }
  for (const { id, offset, key, value } of recordsIn(batch)) {
    const name = id >= 0 ? String(id) : Buffer.from(key ?? []).toString()
    const held = value === null ? 'nothing' : Buffer.from(value).toString('base64')
    facts.set(offset, { text: `record ${name}: ${held}`, id })
  }
}

/** Each batch, and whether a reader of the committed shows it. */
function* asReader(
  batches: readonly ServedBatch[],
  { aborted }: ReadAnswer,
): Generator<readonly [ServedBatch, boolean]> {
  const pending = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  const passedOver = new Set<number>()
  for (const batch of batches) {
    while (pending[0] && pending[0].firstOffset <= batch.last) {
      passedOver.add(pending.shift()!.producerId)
    }
    const marker = markerIn(batch)
    if (marker?.commit === false) passedOver.delete(batch.producerId)
    const isHidden = batch.isTransactional && passedOver.has(batch.producerId)
    yield [batch, !marker && !isHidden]
  }
}
