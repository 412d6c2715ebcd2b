import type { BatchHeader } from './batch.ts'
import type { RecordView } from './record.ts'
import { assembleBatch, timestampOf, walkRecords } from './records.ts'
import {
  putVarint,
  putVarlong,
  readVarint,
  readVarlong,
  varintBytes,
  varlongBytes,
} from './varint.ts'

/** Whether a record stays; `key` is undefined where it has none. */
type Judge = (key: Uint8Array | undefined, offset: number, isTombstone: boolean) => boolean

/** The records of a batch that stay. */
export interface KeptRecords {
  readonly count: number
  readonly hasTombstone: boolean
  /** The batch with only these records, marked with a horizon or with none. */
  batch(horizonMs: number | undefined): Uint8Array
}

/** Asks about every record of a batch. Undefined where the batch cannot be decoded. */
export function keepRecords(
  header: BatchHeader,
  batch: Uint8Array,
  stays: Judge,
): KeptRecords | undefined {
  const kept: KeptRecord[] = []
  let hasTombstone = false
  let newest = -1
  const walked = walkRecords(batch, 0, (view) => {
    const { payload, keyAt, keyBytes, offsetDelta } = view
    const key = keyBytes < 0 ? undefined : payload.subarray(keyAt, keyAt + keyBytes)
    const isTombstone = key !== undefined && view.valueBytes < 0
    if (stays(key, header.baseOffset + offsetDelta, isTombstone)) {
      kept.push(keptRecord(view))
      hasTombstone ||= isTombstone
      newest = Math.max(newest, timestampOf(view, header))
    }
    return true
  })
  if (!walked.ok) return undefined
  return {
    count: kept.length,
    hasTombstone,
    batch(horizonMs) {
      const first = header.baseTimestamp + (kept[0]?.timestampDelta ?? 0)
      const baseTimestamp = horizonMs ?? first
      // The deltas count from the base timestamp, so that the times of the records stay what they are.
      const payload = joinRecords(kept, header.baseTimestamp - baseTimestamp)
      const maxTimestamp = header.timestampType === 1 ? header.maxTimestamp : newest
      const deleteHorizon = horizonMs !== undefined
      const fields = { ...header, baseTimestamp, maxTimestamp, deleteHorizon }
      return assembleBatch(fields, payload, kept.length)
    },
  }
}

/** A record in two parts, between which its time stands. */
interface KeptRecord {
  readonly attributes: number
  readonly timestampDelta: number
  /** All that follows. */
  readonly rest: Uint8Array
}

function keptRecord({ payload, at, end, timestampDelta }: RecordView): KeptRecord {
  const cursor = { bytes: payload, at, end }
  readVarint(cursor)
  const attributes = payload[cursor.at++]!
  readVarlong(cursor)
  return { attributes, timestampDelta, rest: payload.subarray(cursor.at, end) }
}

/** Writes the records one after the other, their times counted from elsewhere. */
function joinRecords(records: readonly KeptRecord[], shiftMs: number): Uint8Array {
  const sizes = records.map(
    ({ timestampDelta, rest }) => 1 + varlongBytes(timestampDelta + shiftMs) + rest.length,
  )
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + varintBytes(size) + size, 0))
  let at = 0
  records.forEach(({ attributes, timestampDelta, rest }, index) => {
    at = putVarint(bytes, at, sizes[index]!)
    bytes[at++] = attributes
    at = putVarlong(bytes, at, timestampDelta + shiftMs)
    bytes.set(rest, at)
    at += rest.length
  })
  return bytes
}
