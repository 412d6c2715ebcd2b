import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { refused, type Refused, type Result } from '@fermata/base/result'
import { tidyPartition } from './memory.caretaker.ts'
import type { Flusher } from './memory.flusher.ts'
import type { MemoryPartition } from './memory.partition.ts'
import { lastStable, setHigh } from './partition.ts'
import type { AppendRefusal, Appended, LogRefusal, NewRecord, UnknownPartition } from './store.ts'
import type { Waiters } from './waiters.ts'

/** A log that is held in memory, as its parts see it. */
export interface MemoryLog {
  readonly clock: Clock
  readonly partitions: Map<number, MemoryPartition>
  /** Those of the partitions, and of those that are being made. */
  readonly names: Set<string>
  nextPartition: number
  readonly flusher: Flusher
  readonly waiters: Waiters
  /** The records of our own that go with the next group. */
  readonly records: Map<MemoryPartition, WaitingRecord[]>
  /** Why it has ended. */
  ended: string | undefined
}

/** A record of our own that is not in a batch yet. */
export interface WaitingRecord {
  readonly record: NewRecord
  /** The most that it can take in a batch. */
  readonly bytes: number
  readonly answer: (result: Result<Appended, AppendRefusal>) => void
}

/** What is answered where there is no partition of a number. */
export const unknown: Refused<UnknownPartition> = refused({ code: 'unknown_partition' })

/** What the log has against taking so many bytes more. */
export function refusalOf(log: MemoryLog, bytes: number): Refused<LogRefusal> | undefined {
  if (log.ended !== undefined) return refused({ code: 'ended', reason: log.ended })
  const waiting = log.flusher.waiting()
  const isTooMuch = waiting > 0 && waiting + bytes > limits.wireWaitingBytesMax
  return isTooMuch ? refused({ code: 'too_much_waiting' }) : undefined
}

/** Answers with what `done` says once so many bytes are flushed, or with `ended` when they cannot be. */
export function whenFlushed<T, R>(
  log: MemoryLog,
  bytes: number,
  done: () => Result<T, R>,
): Promise<Result<T, R | LogRefusal>> {
  return new Promise((resolve) => {
    log.flusher.add(bytes, (isFlushed) => {
      resolve(isFlushed ? done() : refused({ code: 'ended', reason: log.ended ?? 'unknown' }))
    })
  })
}

/** Shows everything before an offset, which is flushed, to readers, and looks after the partition. */
export function advance(log: MemoryLog, partition: MemoryPartition, high: number): void {
  setHigh(partition.state, high)
  log.waiters.advanced(partition.id, high, lastStable(partition.state))
  lookAfter(log, partition)
}

/** Closes, drops and compacts what has to be. */
export function lookAfter(log: MemoryLog, partition: MemoryPartition): void {
  tidyPartition(partition, log.clock.now())
}
