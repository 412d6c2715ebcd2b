import { limits } from '@fermata/base/limits'
import { ok, refused } from '@fermata/base/result'
import { lookAfter, refusalOf, unknown, whenFlushed, type MemoryLog } from './memory.log.ts'
import { bytesInMemory, newMemoryPartition, type MemoryPartition } from './memory.partition.ts'
import { nameFault } from './names.ts'
import { dropBefore, lastStable, producersOf } from './partition.ts'
import type { Bounds, LogStore, PartitionInfo } from './store.ts'

type Administration = Pick<
  LogStore,
  | 'createPartition'
  | 'configurePartition'
  | 'deletePartition'
  | 'partitions'
  | 'partition'
  | 'deleteRecords'
  | 'setCursor'
  | 'producers'
  | 'cursors'
>

/** The part of the port that makes, changes and shows partitions. */
export function partitionsOf(log: MemoryLog): Administration {
  return {
    ...makingOf(log),
    ...markingOf(log),
    partitions: () => [...log.partitions.values()].map(infoOf),
    partition(id) {
      const partition = log.partitions.get(id)
      return partition && infoOf(partition)
    },
    producers(id) {
      const partition = log.partitions.get(id)
      return partition === undefined ? [] : producersOf(partition.state)
    },
    cursors: (id) => new Map(log.partitions.get(id)?.cursors),
  }
}

/** What a partition holds, in offsets. */
export function boundsOf({ state }: MemoryPartition): Bounds {
  return { start: state.start, stable: lastStable(state), high: state.high }
}

function infoOf(partition: MemoryPartition): PartitionInfo {
  const { id, name, config } = partition
  const bytes = bytesInMemory(partition)
  return { partition: id, name, config, bytes, gaps: [], ...boundsOf(partition) }
}

function makingOf(
  log: MemoryLog,
): Pick<Administration, 'createPartition' | 'configurePartition' | 'deletePartition'> {
  return {
    async createPartition({ name, config }) {
      const fault = refusalOf(log, 0)
      if (fault !== undefined) return fault
      const wrong = nameFault(name)
      if (wrong !== undefined) return refused(wrong)
      if (log.names.has(name)) return refused({ code: 'name_taken' })
      log.names.add(name)
      const id = log.nextPartition++
      return whenFlushed(log, 0, () => {
        log.partitions.set(id, newMemoryPartition(id, name, config))
        return ok(id)
      })
    },
    async configurePartition({ partition: id, config }) {
      const fault = refusalOf(log, 0)
      if (fault !== undefined) return fault
      const partition = log.partitions.get(id)
      if (partition === undefined) return unknown
      return whenFlushed(log, 0, () => {
        partition.config = config
        lookAfter(log, partition)
        return ok(undefined)
      })
    },
    async deletePartition(id) {
      const fault = refusalOf(log, 0)
      if (fault !== undefined) return fault
      const partition = log.partitions.get(id)
      if (partition === undefined) return unknown
      log.partitions.delete(id)
      return whenFlushed(log, 0, () => {
        log.names.delete(partition.name)
        log.waiters.gone(id)
        return ok(undefined)
      })
    },
  }
}

function markingOf(log: MemoryLog): Pick<Administration, 'deleteRecords' | 'setCursor'> {
  return {
    async deleteRecords({ partition: id, before }) {
      const fault = refusalOf(log, 0)
      if (fault !== undefined) return fault
      const partition = log.partitions.get(id)
      if (partition === undefined) return unknown
      const bounds = boundsOf(partition)
      if (before > bounds.high) return refused({ code: 'offset_out_of_range', ...bounds })
      return whenFlushed(log, 0, () => {
        dropBefore(partition.state, before)
        const { start } = partition.state
        lookAfter(log, partition)
        return ok({ start })
      })
    },
    async setCursor({ partition: id, cursor, offset }) {
      const fault = refusalOf(log, 0)
      if (fault !== undefined) return fault
      const partition = log.partitions.get(id)
      if (partition === undefined) return unknown
      const wrong = nameFault(cursor)
      if (wrong !== undefined) return refused(wrong)
      const { cursors } = partition
      return whenFlushed(log, 0, () => {
        const isNew = offset !== undefined && !cursors.has(cursor)
        if (isNew && cursors.size >= limits.cursorsPerPartitionMax) {
          return refused({ code: 'too_many_cursors' } as const)
        }
        if (offset === undefined) cursors.delete(cursor)
        else cursors.set(cursor, offset)
        lookAfter(log, partition)
        return ok(undefined)
      })
    },
  }
}
