import type { Clock } from '@fermata/base/clock'

/** Whether one more is allowed now; if not, after how many milliseconds it will be. */
export type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }

/** Counts by key, in memory. */
export interface RateLimiter {
  /** Counts one more, unless that would be too many; what is refused is not counted. */
  take(key: string): Taken
  /** How many keys are held. */
  keys(): number
}

/** Two neighbouring windows of one key. */
interface Counts {
  /** When the present window began, in monotonic ms. */
  startedAt: number
  present: number
  former: number
}

/**
 * Allows `max` in any `windowMs`, by two counters a key: what is left of the former window within the
 * sliding one is taken to be spread evenly over it. Holds at most `keysMax` keys; beyond
 * that the key that was longest unused is forgotten.
 */
export function rateLimiter(options: {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly max: number
  readonly windowMs: number
  readonly keysMax: number
}): RateLimiter {
  const { clock, max, windowMs, keysMax } = options
  // Least recently used first: a key is set anew whenever it is used.
  const held = new Map<string, Counts>()

  function countsNow(key: string, now: number): Counts {
    const counts = held.get(key)
    if (counts === undefined) return { startedAt: now, present: 0, former: 0 }
    const windows = Math.floor((now - counts.startedAt) / windowMs)
    if (windows === 0) return counts
    const former = windows === 1 ? counts.present : 0
    return { startedAt: counts.startedAt + windows * windowMs, present: 0, former }
  }

  return {
    take(key) {
      const now = clock.monotonic()
      const counts = countsNow(key, now)
      const waitMs = waitFor(counts, now - counts.startedAt, max, windowMs)
      if (waitMs === 0) counts.present += 1
      held.delete(key)
      held.set(key, counts)
      if (held.size > keysMax) {
        for (const oldest of held.keys()) {
          held.delete(oldest)
          break
        }
      }
      return waitMs === 0 ? { ok: true } : { ok: false, retryAfterMs: waitMs }
    },
    keys: () => held.size,
  }
}

/** After how many ms one more fits beside what is counted: 0 for at once. */
function waitFor(counts: Counts, agoMs: number, max: number, windowMs: number): number {
  const { present, former } = counts
  if (present < max) {
    // The former window weighs former × (1 − ago / window); it must leave room for one more.
    const atMs = fadeMs(former, max - 1 - present, windowMs)
    return Math.max(0, Math.ceil(atMs - agoMs))
  }
  // Only in the next window, in which the present one fades in its turn.
  return Math.max(1, Math.ceil(windowMs - agoMs + fadeMs(present, max - 1, windowMs)))
}

/** How far into a window the former one's count has faded to `room` or less: whole ms, for sums of them are exact. */
function fadeMs(count: number, room: number, windowMs: number): number {
  return count <= room ? 0 : Math.ceil((windowMs * (count - room)) / count)
}
