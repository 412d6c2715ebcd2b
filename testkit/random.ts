/** Random numbers that a seed repeats. */
export interface SeededRandom {
  readonly seed: number
  /** A whole number from 0 to `below - 1`. */
  below(below: number): number
  /** A number from 0 to less than 1. */
  unit(): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** One of a list that is not empty. */
  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T
  /** The list in another order. */
  shuffled<T>(list: readonly T[]): T[]
  /** Fills the array with random bytes; has the shape of `crypto.getRandomValues`. */
  fill(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>
}

/**
 * Random numbers for a test, which prints its seed so that a failure can be repeated:
 * `FERMATA_SEED=… node --test …`. A seed that failed stays as a named test, given here as `seed`.
 */
export function seededRandom(title: string, seed?: number): SeededRandom {
  const given = process.env['FERMATA_SEED']
  const chosen = seed ?? (given === undefined ? freshSeed() : Number(given))
  if (!Number.isSafeInteger(chosen)) throw new Error('FERMATA_SEED must be a whole number')
  console.log(`${title}: FERMATA_SEED=${chosen}`)
  return randomFrom(chosen)
}

function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!
}

/** Random numbers from a seed, by the generator mulberry32 (public domain, Tommy Ettinger). */
export function randomFrom(seed: number): SeededRandom {
  let state = seed >>> 0
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(unit() * limit)
  return {
    seed,
    unit,
    below,
    chance: (probability) => unit() < probability,
    pick(list) {
      const picked = list[below(list.length)]
      if (picked === undefined) throw new Error('nothing can be picked from an empty list')
      return picked
    },
    shuffled(list) {
      const order = [...list]
      for (let last = order.length - 1; last > 0; last--) {
        const other = below(last + 1)
        const held = order[last]!
        order[last] = order[other]!
        order[other] = held
      }
      return order
    },
    fill(bytes) {
      for (let i = 0; i < bytes.length; i++) bytes[i] = below(256)
      return bytes
    },
  }
}
