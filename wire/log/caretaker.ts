import { limits } from '@fermata/base/limits'
import type { Cancel } from '@fermata/base/clock'
import { DamagedSource, openCompactor, type Compactor } from './compactor.ts'
import { DiskFailure } from './disk.ts'
import type { Health } from './health.ts'
import type { Keeper } from './keeper.ts'
import {
  activeSegment,
  bytesOnDisk,
  rollSegment,
  type FilePartition,
  type LogParts,
} from './partition.file.ts'
import { dropBefore, lookAtProducers } from './partition.ts'
import { droppedSegments } from './retention.ts'
import { isStale } from './roll.ts'
import { indexPath } from './segment.ts'
import type { Settler } from './settler.ts'

/** Closes, drops and compacts segments in the background, when there is a cause and within a budget. */
export interface Caretaker {
  /** Something about a partition has changed that may be a cause. */
  look(partition: FilePartition): void
  /** A partition has grown; a cause if that closed a segment. */
  grown(partition: FilePartition): void
  /** Resolves when there is nothing to do now. */
  idle(): Promise<void>
  stop(): void
}

/** Makes the caretaker of a log. */
export function openCaretaker(options: {
  readonly parts: LogParts
  readonly partitions: ReadonlyMap<number, FilePartition>
  readonly keeper: Keeper
  readonly settler: Settler
  readonly health: Health
}): Caretaker {
  const { parts, partitions, keeper, settler, health } = options
  const compactor: Compactor = openCompactor(options)
  const waiting = new Set<FilePartition>()
  /** How many segments a partition had when it was looked at last. */
  const seen = new WeakMap<FilePartition, number>()
  let running: Promise<void> | undefined
  let isStopped = false
  let cancel: Cancel | undefined

  const closeStale = (partition: FilePartition): void => {
    const nowMs = parts.clock.now()
    if (!isStale(activeSegment(partition), partition.config, nowMs)) return
    rollSegment(partition, partition.state.end, nowMs)
  }
  const drop = async (partition: FilePartition): Promise<void> => {
    const { state, config, segments, cursors } = partition
    const count = droppedSegments({
      closed: segments.slice(0, -1),
      bytes: bytesOnDisk(partition),
      start: state.start,
      high: state.high,
      cursors: cursors.values(),
      config,
      nowMs: parts.clock.now(),
    })
    const last = segments[count - 1]
    if (last === undefined) return
    const start = last.last + 1
    if (start > state.start) {
      // First it is noted that they may go; so files that are missing without a note are damage.
      const changed = await keeper.change([
        { kind: 'start', partition: partition.id, value: start },
      ])
      if (!changed.ok) return
      dropBefore(state, start)
    }
    await settler.alone(async () => {
      await settler.settleNow(partition)
      // The open segment stays, even where it is empty and all before it go.
      const gone = partition.segments.slice(0, -1).filter((segment) => segment.last < start)
      partition.segments = partition.segments.filter((segment) => !gone.includes(segment))
      for (const segment of gone) {
        parts.indexes.forget(segment)
        for (const path of [segment.path, indexPath(segment.path)]) {
          await parts.files.forget(path)
          await parts.disk.remove(path)
        }
      }
      partition.holes = partition.holes.filter(({ segment }) => !gone.includes(segment))
    })
  }
  const tidy = async (partition: FilePartition): Promise<void> => {
    closeStale(partition)
    await drop(partition)
    await compactor.compact(partition)
    seen.set(partition, partition.segments.length)
  }
  const run = async (): Promise<void> => {
    try {
      for (const partition of waiting) {
        waiting.delete(partition)
        if (isStopped) return
        if (!partition.isDeleted) await tidy(partition)
      }
    } catch (error) {
      // What is stopped because the disk is full is done at the next look.
      const passes =
        error instanceof DamagedSource || (error instanceof DiskFailure && error.code !== 'failed')
      if (!isStopped && !passes) health.trouble('segments', error)
    }
  }
  const wake = (): void => {
    if (isStopped || running !== undefined || waiting.size === 0) return
    running = run().finally(() => {
      running = undefined
      wake()
    })
  }
  const look = (partition: FilePartition): void => {
    waiting.add(partition)
    wake()
  }
  const arm = (): void => {
    cancel = parts.clock.after(limits.wireCaretakerMs, () => {
      for (const partition of partitions.values()) {
        lookAtProducers(partition.state, parts.clock.now())
        waiting.add(partition)
      }
      wake()
      arm()
    })
  }
  for (const partition of partitions.values()) waiting.add(partition)
  arm()
  wake()

  return {
    look,
    grown(partition) {
      const count = seen.get(partition) ?? 1
      if (partition.segments.length > count) look(partition)
    },
    async idle() {
      while (running !== undefined) await running
    },
    stop() {
      isStopped = true
      cancel?.()
      compactor.stop()
    },
  }
}
