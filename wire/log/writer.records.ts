import { ok, refused, type Result } from '@fermata/base/result'
import { keyless } from './admission.ts'
import { batchHeaderBytes, readBatchHeader, type BatchHeader } from './batch.ts'
import type { Committer, Group } from './committer.ts'
import { appendEntryBytes, writeAppendHead } from './entries.ts'
import type { Health } from './health.ts'
import type { FilePartition, LogParts } from './partition.file.ts'
import { applyAppend } from './partition.ts'
import type { RecordBody } from './record.ts'
import { planBatch, putBatch } from './records.ts'
import { gatherRecords, recordBytesMax } from './records.gather.ts'
import type { Appended, AppendRefusal, NewRecord, RecordHeader } from './store.ts'

type Answer = (result: Result<Appended, AppendRefusal>) => void

/** A record that waits; its time is that at which it was handed in, where it brought none. */
interface WaitingRecord extends RecordBody {
  /** The most that it can take in a batch. */
  readonly bytes: number
  /** Undefined where another record of its batch answers for it. */
  readonly answer: Answer | undefined
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

const noHeaders: readonly RecordHeader[] = []

const closed = { code: 'ended', reason: 'the log was closed' } as const

/** Makes the outbox of a writer. */
export function openOutbox(options: {
  readonly parts: LogParts
  readonly committer: Committer
  readonly health: Health
  readonly place: (partition: FilePartition, group: Group, header: BatchHeader, at: number) => void
}): Outbox {
  const { parts, committer, health } = options
  const waiting = new Map<FilePartition, Parcel[]>()
  let waitingBytes = 0
  let isCrowded = false
  let isClosed = false

  const refusalOf = (
    partition: FilePartition,
    bytes: number,
    isKeyed: boolean,
  ): AppendRefusal | undefined => {
    const { batchBytesMax: bytesMax, compaction } = partition.config
    if (batchHeaderBytes + bytes > bytesMax) return { code: 'batch_too_large', bytesMax }
    if (compaction !== undefined && !isKeyed) return keyless
    const isTooMuch = waitingBytes > 0 && waitingBytes + bytes > parts.sizes.waitingBytesMax
    if (isTooMuch) return { code: 'too_much_waiting' }
    return isClosed ? closed : health.refusal()
  }
  const waitingRecord = (
    { key, value, headers = noHeaders, timestamp }: NewRecord,
    bytes: number,
    answer: Answer | undefined,
  ): WaitingRecord => ({
    key,
    value,
    headers,
    timestamp: timestamp ?? parts.clock.now(),
    bytes,
    answer,
  })
  const enter = (partition: FilePartition, records: WaitingRecord[], isShared: boolean): void => {
    for (const { bytes } of records) waitingBytes += bytes
    const parcels = waiting.get(partition)
    const open = parcels?.at(-1)
    if (parcels === undefined) waiting.set(partition, [{ records, isShared }])
    else if (isShared && open?.isShared === true) open.records.push(...records)
    else parcels.push({ records, isShared })
    committer.wake()
  }

  /** Puts a batch into the group that is being built; false where no arena is free. */
  const put = (partition: FilePartition, records: readonly WaitingRecord[]): boolean => {
    const { state, leaderEpoch } = partition
    const plan = planBatch({ baseOffset: state.end, leaderEpoch, records })
    const reserved = committer.reserve(appendEntryBytes + plan.bytes)
    if (reserved === undefined) return false
    const { group, bytes, at } = reserved
    const from = at + appendEntryBytes
    writeAppendHead(bytes, at, partition.id, plan.bytes)
    putBatch(plan, bytes.subarray(from, from + plan.bytes))
    const header = readBatchHeader(bytes, from)
    applyAppend(state, header)
    options.place(partition, group, header, from)
    group.acknowledge.push((isOnDisk) => answerEach(records, header.baseOffset, isOnDisk))
    return true
  }
  const answerEach = (records: readonly WaitingRecord[], base: number, isOnDisk: boolean): void => {
    let offset = base
    for (const { answer } of records) {
      answer?.(isOnDisk ? ok({ first: offset, last: offset, duplicate: false }) : ended())
      offset += 1
    }
  }
  const ended = (): Result<Appended, AppendRefusal> => refused(health.refusal() ?? closed)

  const drainOne = (partition: FilePartition, parcels: Parcel[]): boolean => {
    for (let parcel = parcels[0]; parcel !== undefined; parcel = parcels[0]) {
      for (const batch of gatherRecords(parcel.records, partition.config.batchBytesMax)) {
        if (partition.isDeleted) {
          for (const { answer } of batch) answer?.(refused({ code: 'unknown_partition' }))
        } else if (!put(partition, batch)) return false
        parcel.records = parcel.records.slice(batch.length)
        for (const { bytes } of batch) waitingBytes -= bytes
      }
      parcels.shift()
    }
    return true
  }

  return {
    add(partition, record) {
      const bytes = recordBytesMax(record)
      const refusal = refusalOf(partition, bytes, record.key !== null)
      if (refusal !== undefined) return Promise.resolve(refused(refusal))
      return new Promise((resolve) => {
        enter(partition, [waitingRecord(record, bytes, resolve)], true)
      })
    },
    addTogether(partition, records) {
      const sizes = records.map(recordBytesMax)
      const bytes = sizes.reduce((sum, one) => sum + one, 0)
      const isKeyed = records.every(({ key }) => key !== null)
      const refusal = refusalOf(partition, bytes, isKeyed)
      if (refusal !== undefined) return Promise.resolve(refused(refusal))
      return new Promise((resolve) => {
        const last = records.length - 1
        const entered = records.map((record, index) =>
          waitingRecord(record, sizes[index]!, index === last ? resolve : undefined),
        )
        enter(partition, entered, false)
      })
    },
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
        for (const { records } of parcels) for (const { answer } of records) answer?.(ended())
      }
      waiting.clear()
    },
  }
}
