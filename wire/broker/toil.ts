import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'

/**
 * What takes long for what it weighs: a batch of two kilobytes that holds sixty megabytes, once it is unpacked. While it
 * is done nobody else is served, so there is so much time for it at once, and over time a half of all.
 */
export interface Toil {
  /** Whether there is no time for it at the moment. */
  isTooMuch(): boolean
  /** Does it, and counts how long it took. */
  count<T>(run: () => T): T
}

/** Nothing was done yet. */
export function openToil(clock: Pick<Clock, 'monotonic'>): Toil {
  let spentMs = 0
  let readMs = clock.monotonic()
  /** What was spent is forgotten half as quickly as time passes. */
  const read = (): number => {
    const now = clock.monotonic()
    spentMs = Math.max(0, spentMs - (now - readMs) / 2)
    readMs = now
    return now
  }
  return {
    isTooMuch() {
      read()
      return spentMs >= limits.unpackMsMax
    },
    count(run) {
      const before = read()
      const done = run()
      readMs = clock.monotonic()
      spentMs += readMs - before
      return done
    },
  }
}
