import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'

/** A connection whose other end may have gone without a word. */
export interface Pulse {
  /** Whether anything was heard since the last ping. Set by the connection, cleared here. */
  heard: boolean
  ping(): void
  /** Ends the connection without waiting for the other end. */
  drop(): void
}

/** Pings all connections in turn and drops those that did not answer the ping before. */
export interface Liveness {
  add(pulse: Pulse): void
  remove(pulse: Pulse): void
  /** Drops all connections at once. */
  dropAll(): void
  stop(): void
}

/** Into how many parts the connections are split, so that ten thousand pings do not leave at once. */
const slots = 30

/**
 * Watches over connections with one timer for all: each is pinged every pingMs, and dropped when it
 * has not answered by the next time.
 */
export function openLiveness(clock: Clock): Liveness {
  const wheel = Array.from({ length: slots }, () => new Set<Pulse>())
  const slotOf = new Map<Pulse, Set<Pulse>>()
  let next = 0
  let turn = 0
  let cancel = clock.after(limits.pingMs / slots, step)

  function step(): void {
    for (const pulse of wheel[turn] ?? []) {
      if (pulse.heard) {
        pulse.heard = false
        pulse.ping()
      } else {
        pulse.drop()
      }
    }
    turn = (turn + 1) % slots
    cancel = clock.after(limits.pingMs / slots, step)
  }

  return {
    add(pulse) {
      const slot = wheel[next]!
      next = (next + 1) % slots
      slot.add(pulse)
      slotOf.set(pulse, slot)
    },
    remove(pulse) {
      slotOf.get(pulse)?.delete(pulse)
      slotOf.delete(pulse)
    },
    dropAll() {
      for (const pulse of slotOf.keys()) pulse.drop()
    },
    stop: () => cancel(),
  }
}
