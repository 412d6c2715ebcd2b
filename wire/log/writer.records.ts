import { ok, refused, type Result } from '@fermata/base/result'
import { keyless } from './admission.ts'
import { batchHeaderBytes, readBatchHeader } from './batch.ts'
import type { Committer, Group } from './committer.ts'
import { appendEntryBytes, writeAppendHead } from './entries.ts'
import type { Health } from './health.ts'
import type { FilePartition, LogParts } from './partition.file.ts'
import { applyAppend } from './partition.ts'
import { encodeBatch } from './records.ts'
import { gatherRecords, recordBytesMax } from './records.gather.ts'
import type { Appended, AppendRefusal, NewRecord } from './store.ts'

type Answer = (result: Result<Appended, AppendRefusal>) => void

interface WaitingRecord {
  readonly record: NewRecord
  readonly bytes: number
  readonly answer: Answer
}

/** Records that go into as few batches as they fit in. */
interface Parcel {
  records: WaitingRecord[]
  /** Whether further records may join. */
  readonly isShared: boolean
}

/** Records of our own that wait for the next group: those of one partition share a batch. */
export interface Outbox {
  add(partition: FilePartition, record: NewRecord): Promise<Result<Appended, AppendRefusal>>
  /** Puts what waits into the group that is about to fly, as far as there is room. */
  drain(): void
  /** Puts records of one partition into one batch, which is on disk whole or not at all. */
  addTogether(
    partition: FilePartition,
    records: readonly NewRecord[],
  ): Promise<Result<Appended, AppendRefusal>>
  retry(): void
  /** Whether something waits for an arena. */
  isWaiting(): boolean
  /** Takes nothing more; what was taken still goes to disk. */
  close(): void
  end(): void
}

const closed = { code: 'ended', reason: 'the log was closed' } as const

/** Makes the outbox of a writer. */
export function openOutbox(options: {
  readonly parts: LogParts
  readonly committer: Committer
  readonly health: Health
  readonly place: (
    partition: FilePartition,
    group: Group,
    arena: Group['arena'],
    at: number,
  ) => void
}): Outbox {
  const { parts, committer, health } = options
  const waiting = new Map<FilePartition, Parcel[]>()
  let waitingBytes = 0
  let isCrowded = false
  let isClosed = false

  const refusalOf = (
    partition: FilePartition,
    records: readonly NewRecord[],
    bytes: number,
  ): AppendRefusal | undefined => {
    const { batchBytesMax: bytesMax, compaction } = partition.config
    if (batchHeaderBytes + bytes > bytesMax) return { code: 'batch_too_large', bytesMax }
    if (compaction !== undefined && records.some(({ key }) => key === null)) return keyless
    const isTooMuch = waitingBytes > 0 && waitingBytes + bytes > parts.sizes.waitingBytesMax
    if (isTooMuch) return { code: 'too_much_waiting' }
    return isClosed ? closed : health.refusal()
  }
  const enter = (
    partition: FilePartition,
    records: readonly NewRecord[],
    isShared: boolean,
  ): Promise<Result<Appended, AppendRefusal>> => {
    const bytes = records.reduce((sum, record) => sum + recordBytesMax(record), 0)
    const refusal = refusalOf(partition, records, bytes)
    if (refusal !== undefined) return Promise.resolve(refused(refusal))
    waitingBytes += bytes
    return new Promise((resolve) => {
      const last = records.length - 1
      const entered = records.map((record, index) => ({
        record,
        bytes: recordBytesMax(record),
        answer: index === last ? resolve : () => undefined,
      }))
      const parcels = waiting.get(partition) ?? []
      waiting.set(partition, parcels)
      const open = parcels.at(-1)
      if (isShared && open?.isShared === true) open.records.push(...entered)
      else parcels.push({ records: entered, isShared })
      committer.wake()
    })
  }

  /** Puts a batch into the group that is being built; false where no arena is free. */
  const put = (partition: FilePartition, records: readonly WaitingRecord[]): boolean => {
    const nowMs = parts.clock.now()
    const batch = encodeBatch({
      baseOffset: partition.state.end,
      leaderEpoch: partition.leaderEpoch,
      records: records.map(({ record }) => ({
        key: record.key,
        value: record.value,
        headers: record.headers ?? [],
        timestamp: record.timestamp ?? nowMs,
      })),
    })
    const reserved = committer.reserve(appendEntryBytes + batch.length)
    if (reserved === undefined) return false
    const { group, bytes, at } = reserved
    const from = at + appendEntryBytes
    writeAppendHead(bytes, at, partition.id, batch.length)
    bytes.set(batch, from)
    const header = readBatchHeader(bytes, from)
    applyAppend(partition.state, header)
    options.place(partition, group, group.arena, from)
    group.acknowledge.push((isOnDisk) => {
      for (const [index, { answer }] of records.entries()) {
        const offset = header.baseOffset + index
        answer(isOnDisk ? ok({ first: offset, last: offset, duplicate: false }) : ended())
      }
    })
    return true
  }
  const ended = (): Result<Appended, AppendRefusal> => refused(health.refusal() ?? closed)

  const drainOne = (partition: FilePartition, parcels: Parcel[]): boolean => {
    for (let parcel = parcels[0]; parcel !== undefined; parcel = parcels[0]) {
      for (const batch of gatherRecords(parcel.records, partition.config.batchBytesMax)) {
        if (partition.isDeleted) {
          for (const { answer } of batch) answer(refused({ code: 'unknown_partition' }))
        } else if (!put(partition, batch)) return false
        parcel.records = parcel.records.slice(batch.length)
        for (const { bytes } of batch) waitingBytes -= bytes
      }
      parcels.shift()
    }
    return true
  }

  return {
    add: (partition, record) => enter(partition, [record], true),
    addTogether: (partition, records) => enter(partition, records, false),
    drain() {
      isCrowded = false
      for (const [partition, parcels] of waiting) {
        if (!drainOne(partition, parcels)) {
          isCrowded = true
          return
        }
        waiting.delete(partition)
      }
    },
    retry: () => {
      if (isCrowded) committer.wake()
    },
    isWaiting: () => isCrowded,
    close() {
      isClosed = true
    },
    end() {
      for (const parcels of waiting.values()) {
        for (const { records } of parcels) for (const { answer } of records) answer(ended())
      }
      waiting.clear()
    },
  }
}
