import type { Cancel, Clock } from '@fermata/base/clock'

/** A clock whose time stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Lets time pass: timers that come due run in their order, each at its own time. */
  advance(ms: number): void
  /** Sets the wall clock, forwards or backwards, as an administrator or NTP would; no timer runs. */
  setWall(nowMs: number): void
  /** How many timers wait. */
  timers(): number
}

interface Timer {
  readonly atMs: number
  readonly run: () => void
}

/** Makes a clock that shows `nowMs`; by default 2026-01-05T09:00:00Z, a Monday. */
export function fakeClock(nowMs = Date.UTC(2026, 0, 5, 9)): FakeClock {
  let elapsedMs = 0
  let wallOffsetMs = nowMs
  const waiting = new Set<Timer>()

  const nextDue = (untilMs: number): Timer | undefined => {
    let next: Timer | undefined
    for (const timer of waiting) {
      if (timer.atMs <= untilMs && (next === undefined || timer.atMs < next.atMs)) next = timer
    }
    return next
  }

  return {
    now: () => wallOffsetMs + elapsedMs,
    monotonic: () => elapsedMs,
    after(delayMs, run): Cancel {
      const timer: Timer = { atMs: elapsedMs + Math.max(0, delayMs), run }
      waiting.add(timer)
      return () => void waiting.delete(timer)
    },
    advance(ms) {
      const untilMs = elapsedMs + ms
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        waiting.delete(timer)
        elapsedMs = timer.atMs
        timer.run()
      }
      elapsedMs = untilMs
    },
    setWall(toMs) {
      wallOffsetMs = toMs - elapsedMs
    },
    timers: () => waiting.size,
  }
}
