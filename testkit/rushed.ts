import type { Clock } from '@fermata/base/clock'
import { fakeClock } from './clock.ts'

/** A clock that does not let anybody wait: for pauses between attempts over a real connection. */
export interface RushedClock extends Clock {
  /** The pauses that were asked for, in milliseconds, in order. */
  readonly pauses: readonly number[]
}

/**
 * Makes a clock on which every pause shorter than `patienceMs` is over in the next turn of the event
 * loop, as if it had been waited for; longer ones (time-outs) never end.
 */
export function rushedClock(patienceMs: number): RushedClock {
  const clock = fakeClock()
  const pauses: number[] = []
  return {
    ...clock,
    pauses,
    after(delayMs, run) {
      if (delayMs >= patienceMs) return clock.after(delayMs, run)
      pauses.push(delayMs)
      const cancel = clock.after(delayMs, run)
      setImmediate(() => clock.advance(delayMs))
      return cancel
    },
  }
}
