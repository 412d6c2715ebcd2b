import type { Bounds, PartitionId, Place, ReadRefusal } from '../store.ts'
import { boundsOf } from './oracle.ts'
import { knownPartitions, mayBeGone, type Player, type Stage } from './stage.ts'
import { Violation, type PartitionTruth } from './truth.ts'

/** Reads here and there, and holds what comes against what is known. */
export class Reader implements Player {
  readonly name = 'a reader'

  async play(stage: Stage): Promise<void> {
    const { random, oracle, store } = stage
    const known = knownPartitions(stage)
    if (known.length === 0) return
    const truth = random.pick(known)
    const info = store.partition(truth.id)
    if (!info) return mustKnow(stage, truth.id)
    oracle.bounds(truth, info)
    const order = {
      partition: truth.id,
      offset: info.start + random.below(info.high - info.start + 3) - 1,
      bytesMax: random.pick([1, 300, 2_000, 10_000]),
      committed: random.chance(0.5),
    }
    const asked = boundsOf(truth)
    const what = `read ${truth.id} from ${order.offset}${order.committed ? ' committed' : ''}`
    const answer = await stage.ask(what, async () => store.read(order))
    if (answer.ok) {
      oracle.served(truth, order, answer.value, asked)
      return
    }
    mustBeRightlyRefused(stage, truth, { ...order, asked }, answer.refusal)
  }
}

function mustKnow(stage: Stage, partition: PartitionId): void {
  if (mayBeGone(stage, partition)) return
  throw new Violation(`partition ${partition} is unknown`)
}

/** Whether a reader was refused for a reason. */
export function mustBeRightlyRefused(
  stage: Stage,
  truth: PartitionTruth,
  { offset, asked }: { readonly offset: number; readonly asked: Bounds },
  refusal: ReadRefusal,
): void {
  if (refusal.code === 'unknown_partition') return mustKnow(stage, truth.id)
  if (refusal.code === 'ended') {
    if (stage.excuses.has('ended')) return
    throw new Violation(`a read was refused: ${refusal.reason}`)
  }
  stage.oracle.boundsSince(truth, refusal, asked)
  if (offset >= refusal.start && offset <= refusal.high) {
    throw new Violation(`${truth.name}: ${offset} is said to be out of ${JSON.stringify(refusal)}`)
  }
}

/** Waits at the ends of partitions until something comes. */
export class TailReader implements Player {
  readonly name = 'a reader that waits'
  /** Where it waits at the moment. */
  #places: readonly Place[] = []

  async play(stage: Stage): Promise<void> {
    const { random, store, clock } = stage
    const known = knownPartitions(stage)
    if (known.length === 0) return
    const chosen = random.shuffled(known).slice(0, 1 + random.below(3))
    const places = chosen.map(({ id, high }) => ({
      partition: id,
      offset: high + random.below(4),
      committed: random.chance(0.3),
    }))
    const waitMs = random.pick([0, 100, 10_000])
    const since = clock.monotonic()
    this.#places = places
    const text = places.map(({ partition, offset }) => `${partition}:${offset}`).join()
    const woken = await stage.ask(`wait for ${text}`, async () => store.waitFor({ places, waitMs }))
    this.#places = []
    const isTimeUp = clock.monotonic() - since >= waitMs
    if (woken.length === 0 && !isTimeUp && !stage.excuses.has('ended')) {
      throw new Violation(`a reader that waits at ${text} was woken by nothing`)
    }
    for (const partition of woken) {
      const isReady = places.some((place) => place.partition === partition && hasCome(stage, place))
      if (!isReady) throw new Violation(`a reader that waits at ${text} was woken by ${partition}`)
    }
  }

  /** Nobody waits for what is there already. */
  mustWait(stage: Stage): void {
    for (const place of this.#places) {
      const info = stage.store.partition(place.partition)
      // That a partition goes may be visible before it is certain. Where the start has passed, nothing came.
      if (!info || info.start > place.offset || !hasCome(stage, place)) continue
      throw new Violation(
        `nobody wakes the reader that waits at ${place.partition}:${place.offset}`,
      )
    }
  }

  /** It died with the log. */
  forget(): void {
    this.#places = []
  }
}

function hasCome({ store }: Stage, { partition, offset, committed }: Place): boolean {
  const info = store.partition(partition)
  return info === undefined || offset < (committed ? info.stable : info.high)
}
