import type { Cancel, Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { ok, refused } from '@fermata/base/result'
import { appendsOf, sealRecords } from './memory.appends.ts'
import { openFlusher } from './memory.flusher.ts'
import { lookAfter, unknown, type MemoryLog } from './memory.log.ts'
import { batchesBetween, findTimeIn, takeBatches } from './memory.partition.ts'
import { boundsOf, partitionsOf } from './memory.partitions.ts'
import { abortedBetween, lastStable, lookAtProducers } from './partition.ts'
import type { LogStore } from './store.ts'
import { openWaiters } from './waiters.ts'

/** How a log in memory is opened. */
export interface MemoryOptions {
  readonly clock: Clock
  /** What stands for the flush of a group; by default it takes a moment. A failure is for good. */
  readonly flush?: () => Promise<void>
}

/**
 * A log that is held in memory and gone with the process: for tests of what stands above it, and as the
 * plain statement of what every log does. It waits for its flushes as if there were a disk.
 */
export function openMemoryLog({ clock, flush = () => Promise.resolve() }: MemoryOptions): LogStore {
  const partitions: MemoryLog['partitions'] = new Map()
  const end = (reason: string): void => {
    log.ended ??= reason
    stopLooking()
    log.waiters.end()
  }
  const log: MemoryLog = {
    clock,
    partitions,
    names: new Set(),
    nextPartition: 1,
    flusher: openFlusher({
      flush,
      beforeFlight: () => {
        for (const partition of log.records.keys()) sealRecords(log, partition)
      },
      onFailure: (cause) => end(`a flush failed: ${String(cause)}`),
    }),
    waiters: openWaiters({
      clock,
      reachOf(id) {
        const partition = partitions.get(id)
        return partition && boundsOf(partition)
      },
    }),
    records: new Map(),
    ended: undefined,
  }
  const stopLooking = lookNowAndThen(log)

  return {
    ...appendsOf(log),
    ...partitionsOf(log),
    ...readsOf(log),
    state: () =>
      log.ended === undefined ? { kind: 'serving' } : { kind: 'ended', reason: log.ended },
    idle: () => log.flusher.idle(),
    async close() {
      log.ended ??= 'the log was closed'
      await log.flusher.idle()
      end('the log was closed')
    },
  }
}

/** Does what only the passing of time gives a cause for. */
function lookNowAndThen(log: MemoryLog): Cancel {
  let cancel: Cancel
  const arm = (): void => {
    cancel = log.clock.after(limits.wireCaretakerMs, () => {
      for (const partition of log.partitions.values()) {
        lookAtProducers(partition.state, log.clock.now())
        lookAfter(log, partition)
      }
      arm()
    })
  }
  arm()
  return () => cancel()
}

function readsOf(log: MemoryLog): Pick<LogStore, 'read' | 'findTime' | 'waitFor'> {
  return {
    async read({ partition: id, offset, bytesMax, committed }) {
      if (log.ended !== undefined) return refused({ code: 'ended', reason: log.ended })
      const partition = log.partitions.get(id)
      if (partition === undefined) return unknown
      const bounds = boundsOf(partition)
      if (offset < bounds.start || offset > bounds.high) {
        return refused({ code: 'offset_out_of_range', ...bounds })
      }
      const to = committed ? bounds.stable : bounds.high
      const { bytes, next } = takeBatches(batchesBetween(partition, offset, to), bytesMax)
      const aborted = committed ? abortedBetween(partition.state, offset, next) : []
      return ok({ ...bounds, bytes, aborted })
    },
    async findTime({ partition: id, timestamp, committed }) {
      if (log.ended !== undefined) return refused({ code: 'ended', reason: log.ended })
      const partition = log.partitions.get(id)
      if (partition === undefined) return unknown
      const { start, high } = partition.state
      const to = committed ? lastStable(partition.state) : high
      return ok(findTimeIn(batchesBetween(partition, start, to), start, timestamp))
    },
    waitFor: ({ places, waitMs }) => log.waiters.waitFor(places, waitMs),
  }
}
