import type { SeededRandom } from '@fermata/testkit/random'

/**
 * Everything that may happen next in a simulated world: operations of the disk, and what producers
 * and readers do. One of it happens at a time, in an order that the seed repeats.
 */
export interface Steps {
  /** Puts something among what may happen. */
  add(run: () => void): void
  /** How many things may happen. */
  waiting(): number
  /** Lets one of them happen, and all that follows from it; false where there is none. */
  next(): Promise<boolean>
  /** Resolves when its turn has come. */
  turn(): Promise<void>
}

/**
 * Resolves when all promises have settled that can settle by themselves. A turn of the event loop
 * is no clock: it does not depend on how fast the machine is. It takes less than a microsecond.
 */
export async function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

/** Makes an empty world, whose order follows from `random`. */
export function newSteps(random: SeededRandom): Steps {
  const waiting: (() => void)[] = []
  const add = (run: () => void): void => void waiting.push(run)
  return {
    add,
    waiting: () => waiting.length,
    async next() {
      if (waiting.length === 0) return false
      const at = random.below(waiting.length)
      const run = waiting[at]!
      // Taking the last one's place keeps this fast; there is no order that would have to be kept.
      const last = waiting.pop()!
      if (at < waiting.length) waiting[at] = last
      run()
      await settled()
      return true
    },
    turn: async () => new Promise((resolve) => add(resolve)),
  }
}
