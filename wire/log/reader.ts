import { limits } from '@fermata/base/limits'
import { ok, refused, type Refused, type Result } from '@fermata/base/result'
import { lastOffsetOf, readBatchHeader, type BatchHeader } from './batch.ts'
import type { Health } from './health.ts'
import type { Keeper } from './keeper.ts'
import { boundsOf, type FilePartition, type LogParts } from './partition.file.ts'
import { abortedBetween } from './partition.ts'
import { readBatches } from './partition.read.ts'
import { timestampOf, walkRecords } from './records.ts'
import { findTimestamp } from './segment.index.ts'
import type { LogStore, ReadAnswer, ReadOrder, ReadRefusal, TimedOffset } from './store.ts'

type TimeOrder = Parameters<LogStore['findTime']>[0]

/** Reads what is on disk and not beyond. */
export interface Reader {
  read(partition: FilePartition, order: ReadOrder): Promise<Result<ReadAnswer, ReadRefusal>>
  findTime(
    partition: FilePartition,
    order: TimeOrder,
  ): Promise<Result<TimedOffset | undefined, ReadRefusal>>
}

/** Makes the reader of a log. */
export function openReader(options: {
  readonly parts: LogParts
  readonly keeper: Keeper
  readonly health: Health
}): Reader {
  const { parts, keeper, health } = options

  /** What is deleted or dropped while it is read may have lost its files; everything else is for the caller. */
  const goneOr = (
    error: unknown,
    partition: FilePartition,
    offset: number,
  ): Refused<ReadRefusal> => {
    const gone = goneSince(partition, offset)
    if (gone !== undefined) return refused(gone)
    throw error
  }
  const batches = (
    partition: FilePartition,
    offset: number,
    before: number,
    bytesMax: number,
  ): Promise<Uint8Array> =>
    readBatches(parts, partition, { offset, before, bytesMax }, keeper.noteHole)

  /** An offset before which all records are older than a time. */
  const offsetBefore = async (partition: FilePartition, timestamp: number): Promise<number> => {
    const { start } = partition.state
    const segment = partition.segments.find(({ newest }) => newest >= timestamp)
    if (segment === undefined) return partition.tail.first()?.base ?? partition.state.high
    const entries = await parts.indexes.entries(segment)
    const entry = findTimestamp(entries, timestamp)
    return Math.max(start, entry?.offset ?? segment.base)
  }

  /** The first record at or after a time and before an offset. */
  const search = async (
    partition: FilePartition,
    { timestamp, before }: { readonly timestamp: number; readonly before: number },
  ): Promise<TimedOffset | undefined> => {
    let offset = Math.max(partition.state.start, await offsetBefore(partition, timestamp))
    const vain = { left: limits.timeSearchVainMax }
    while (offset < before) {
      const bytes = await batches(partition, offset, before, parts.sizes.copyBytes)
      // Retention may have moved the start meanwhile.
      const { start } = partition.state
      if (offset < start) offset = start
      else {
        const found = firstSince(bytes, { timestamp, start }, vain)
        if (found !== undefined || bytes.length === 0) return found
        offset = endOf(bytes, offset)
      }
    }
    return undefined
  }

  return {
    async read(partition, { offset, bytesMax, committed }) {
      const end = ended(health)
      if (end !== undefined) return refused(end)
      const bounds = boundsOf(partition)
      if (!(offset >= bounds.start && offset <= bounds.high)) {
        return refused({ code: 'offset_out_of_range', ...bounds })
      }
      const before = committed ? bounds.stable : bounds.high
      if (offset >= before) return ok({ ...bounds, bytes: new Uint8Array(), aborted: [] })
      try {
        let bytes: Uint8Array
        let segments: FilePartition['segments']
        do {
          segments = partition.segments
          bytes = await batches(partition, offset, before, bytesMax)
          // A compaction came between: what it left of the aborted transactions belongs to the new files.
        } while (segments !== partition.segments && !partition.isDeleted)
        // Whatever was dropped meanwhile is no longer known: neither its batches nor who has aborted.
        const gone = goneSince(partition, offset)
        if (gone !== undefined) return refused(gone)
        const aborted = committed
          ? abortedBetween(partition.state, offset, endOf(bytes, offset))
          : []
        return ok({ ...bounds, bytes, aborted })
      } catch (error) {
        return goneOr(error, partition, offset)
      }
    },
    async findTime(partition, { timestamp, committed }) {
      const end = ended(health)
      if (end !== undefined) return refused(end)
      const { stable, high } = boundsOf(partition)
      const before = committed ? stable : high
      for (;;) {
        const { start } = partition.state
        try {
          const found = await search(partition, { timestamp, before })
          if (!partition.isDeleted) return ok(found)
        } catch (error) {
          // Dropped while it was looked at: it goes on from wherever the partition begins now.
          if (!partition.isDeleted && partition.state.start === start) throw error
        }
        if (partition.isDeleted) return refused({ code: 'unknown_partition' })
      }
    },
  }
}

/** Why an offset that could be read can no longer be; undefined while it can. */
function goneSince(partition: FilePartition, offset: number): ReadRefusal | undefined {
  if (partition.isDeleted) return { code: 'unknown_partition' }
  if (offset >= partition.state.start) return undefined
  return { code: 'offset_out_of_range', ...boundsOf(partition) }
}

function ended(health: Health): ReadRefusal | undefined {
  const state = health.state()
  return state.kind === 'ended' ? { code: 'ended', reason: state.reason } : undefined
}

function* headersOf(bytes: Uint8Array): Generator<readonly [header: BatchHeader, at: number]> {
  for (let at = 0; at < bytes.length;) {
    const header = readBatchHeader(bytes, at)
    yield [header, at]
    at += header.bytes
  }
}

/** The offset behind the last of some batches. */
function endOf(bytes: Uint8Array, start: number): number {
  let end = start
  for (const [header] of headersOf(bytes)) end = lastOffsetOf(header) + 1
  return end
}

/** The first record at or after a time. Control records are nobody's. */
function firstSince(
  bytes: Uint8Array,
  { timestamp, start }: { readonly timestamp: number; readonly start: number },
  vain: { left: number },
): TimedOffset | undefined {
  for (const [header, at] of headersOf(bytes)) {
    if (header.control || header.maxTimestamp < timestamp) continue
    let found: TimedOffset | undefined
    walkRecords(bytes, at, (record) => {
      const time = timestampOf(record, header)
      const offset = header.baseOffset + record.offsetDelta
      if (time >= timestamp && offset >= start) found = { offset, timestamp: time }
      return found === undefined
    })
    if (found !== undefined) return found
    // Its header promised one. Small batches that promise and unpack to much could keep us here for minutes: in the end
    // the header is believed, which is too early by some records and passes over none.
    if (header.compression !== 0 && --vain.left < 0) {
      return { offset: Math.max(header.baseOffset, start), timestamp: header.maxTimestamp }
    }
  }
  return undefined
}
