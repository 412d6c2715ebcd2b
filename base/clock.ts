/** Stops a timer. Calling it again, or after the timer ran, does nothing. */
export type Cancel = () => void

/**
 * The one door to time. Product code is handed a clock and never reads the system's own, so that
 * tests can stand still, jump and go back.
 */
export interface Clock {
  /** Wall time in milliseconds since 1970-01-01T00:00Z. May step backwards. */
  now(): number
  /** Milliseconds from an arbitrary start that never step backwards. */
  monotonic(): number
  /** Calls `run` once after at least `delayMs` milliseconds. */
  after(delayMs: number, run: () => void): Cancel
}

/** Longest delay that setTimeout takes; a longer one would fire at once. */
const timeoutMsMax = 2 ** 31 - 1

/**
 * The clock of this machine. Made once, in the program's entry file. Its timers never keep the process
 * alive, unless `keepsAlive`: a program that does nothing but wait for its server needs that.
 */
export function systemClock({ keepsAlive = false } = {}): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(delayMs, run) {
      let timer: ReturnType<typeof setTimeout>
      const arm = (leftMs: number): void => {
        const stepMs = Math.min(leftMs, timeoutMsMax)
        timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : run()), stepMs)
        // In Node a waiting timer would hold the process open; a browser's handle is a number.
        if (typeof timer === 'object' && !keepsAlive) timer.unref()
      }
      arm(Math.max(0, delayMs))
      return () => clearTimeout(timer)
    },
  }
}
