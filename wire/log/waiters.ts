import type { Cancel, Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type { PartitionId, Place } from './store.ts'

/** How far a partition may be read; undefined where there is no such partition. */
export type Reach = { readonly high: number; readonly stable: number } | undefined

/** Readers that wait for something to read. They cost nothing until it comes: nobody polls. */
export interface Waiters {
  /**
   * Resolves with the partitions that have something at or after the place, at once or when it comes; with
   * none after `waitMs`, when `end` is called, or at once when more than `wireWaitersMax` places would wait. A
   * partition that is not there, or goes, counts as having something, so that its reader hears of it.
   */
  waitFor(places: readonly Place[], waitMs: number): Promise<readonly PartitionId[]>
  /** To be called once either offset has moved; wakes those who waited for it. */
  advanced(partition: PartitionId, high: number, stable: number): void
  /** To be called once a partition is deleted; wakes all who wait for it. */
  gone(partition: PartitionId): void
  /** Wakes all, with nothing, and lets nobody wait any more. */
  end(): void
  /** How many places wait. */
  waiting(): number
}

/** One call that waits. */
interface Waiter {
  readonly places: readonly Place[]
  readonly wake: (partitions: readonly PartitionId[]) => void
  cancel: Cancel
}

/** Those who wait at one partition, for committed records or for all. */
interface Line {
  readonly waiters: Map<Waiter, number>
  /** No offset that is waited for is lower; so most advances need not look at anybody. */
  lowest: number
}

/** Makes a place to wait. `reachOf` tells how far a partition may be read now. */
export function openWaiters(parts: {
  readonly clock: Clock
  readonly reachOf: (partition: PartitionId) => Reach
}): Waiters {
  const lines = { all: new Map<PartitionId, Line>(), committed: new Map<PartitionId, Line>() }
  let waiting = 0
  let isEnded = false

  const isReady = ({ partition, offset, committed }: Place): boolean => {
    const reach = parts.reachOf(partition)
    return reach === undefined || offset < (committed ? reach.stable : reach.high)
  }

  const leave = (waiter: Waiter, ready: readonly PartitionId[]): void => {
    waiter.cancel()
    waiting -= waiter.places.length
    for (const { partition, committed } of waiter.places) {
      const side = committed ? lines.committed : lines.all
      const line = side.get(partition)
      line?.waiters.delete(waiter)
      if (line?.waiters.size === 0) side.delete(partition)
    }
    waiter.wake(ready)
  }

  const enter = (waiter: Waiter): void => {
    waiting += waiter.places.length
    for (const { partition, offset, committed } of waiter.places) {
      const side = committed ? lines.committed : lines.all
      const line = side.get(partition) ?? { waiters: new Map<Waiter, number>(), lowest: offset }
      side.set(partition, line)
      line.waiters.set(waiter, Math.min(offset, line.waiters.get(waiter) ?? offset))
      line.lowest = Math.min(line.lowest, offset)
    }
  }

  const wakeBelow = (line: Line | undefined, reach: number): void => {
    if (line === undefined || reach <= line.lowest) return
    // Those who leave are deleted on the way, which a map's iteration allows.
    let lowest = Infinity
    for (const [waiter, offset] of line.waiters) {
      if (offset < reach) leave(waiter, readyOf(waiter.places.filter(isReady)))
      else lowest = Math.min(lowest, offset)
    }
    line.lowest = lowest
  }

  return {
    waitFor(places, waitMs) {
      const ready = isEnded ? [] : readyOf(places.filter(isReady))
      const mayWait = !isEnded && waitMs > 0 && waiting + places.length <= limits.wireWaitersMax
      if (ready.length > 0 || !mayWait) return Promise.resolve(ready)
      return new Promise((wake) => {
        const waiter: Waiter = { places, wake, cancel: () => {} }
        waiter.cancel = parts.clock.after(waitMs, () => leave(waiter, []))
        enter(waiter)
      })
    },
    advanced(partition, high, stable) {
      wakeBelow(lines.all.get(partition), high)
      wakeBelow(lines.committed.get(partition), stable)
    },
    gone(partition) {
      wakeBelow(lines.all.get(partition), Infinity)
      wakeBelow(lines.committed.get(partition), Infinity)
    },
    end() {
      isEnded = true
      for (const side of [lines.all, lines.committed]) {
        for (const line of side.values()) {
          for (const waiter of line.waiters.keys()) leave(waiter, [])
        }
      }
    },
    waiting: () => waiting,
  }
}

/** The partitions of some places, each once. */
function readyOf(places: readonly Place[]): readonly PartitionId[] {
  return [...new Set(places.map(({ partition }) => partition))]
}
