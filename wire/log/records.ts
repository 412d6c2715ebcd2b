import { assert } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import {
  batchBit,
  batchField,
  batchHeaderBytes,
  checkBatchShape,
  sealBatch,
  type BatchHeader,
  type Compression,
  type CorruptBatch,
} from './batch.ts'
import { compress, decompress } from './compression.ts'
import { putInt16, putInt32, putInt64 } from './integers.ts'
import {
  headersOf,
  newRecordView,
  putRecord,
  readRecord,
  recordBodyBytes,
  type BatchRecord,
  type RecordBody,
  type RecordView,
} from './record.ts'
import { varintBytes } from './varint.ts'

/** The fields of a batch that is to be written; what is absent is as for a program without a producer id. */
export interface NewBatchHeader {
  readonly baseOffset: number
  readonly leaderEpoch: number
  /** 0: none. */
  readonly compression?: Compression
  readonly timestampType?: 0 | 1
  readonly transactional?: boolean
  readonly control?: boolean
  readonly deleteHorizon?: boolean
  /** That of the last record; later where compaction has dropped that one. */
  readonly lastOffsetDelta?: number
  /** The first record's. */
  readonly baseTimestamp?: number
  /** The latest of the records'. */
  readonly maxTimestamp?: number
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly baseSequence?: number
}

/** A record to be written. Without an offset it follows the one before it. */
export type NewBatchRecord = RecordBody & Partial<Pick<BatchRecord, 'offsetDelta'>>

/** A batch to be written. What `readBatchHeader` and `decodeRecords` gave may be put in again. */
export interface NewBatch extends NewBatchHeader {
  readonly records: readonly NewBatchRecord[]
}

/** A batch that is about to be written: what must be known of it before its first byte is. */
export interface PlannedBatch {
  /** How many bytes it takes. */
  readonly bytes: number
  readonly header: WholeBatchHeader
  readonly records: readonly NewBatchRecord[]
  /** Of each record, without its length field; null where there is one record. */
  readonly sizes: Int32Array | null
}

/** Says how large a batch will be, so that room can be made for it. Nothing of it is compressed. */
export function planBatch(batch: Omit<NewBatch, 'compression'>): PlannedBatch {
  const { records, ...given } = batch
  const baseTimestamp = batch.baseTimestamp ?? records[0]?.timestamp ?? -1
  const sizes = records.length === 1 ? null : new Int32Array(records.length)
  let maxTimestamp = -1
  let lastOffsetDelta = -1
  let bytes = batchHeaderBytes
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!
    const { offsetDelta = lastOffsetDelta + 1, timestamp } = record
    assert(offsetDelta > lastOffsetDelta, 'the offsets of records must rise')
    assert(Number.isSafeInteger(timestamp - baseTimestamp), 'times lie within 2^53 of each other')
    lastOffsetDelta = offsetDelta
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    const size = recordBodyBytes(record, timestamp - baseTimestamp, offsetDelta)
    if (sizes !== null) sizes[index] = size
    bytes += varintBytes(size) + size
  }
  const header = {
    ...given,
    lastOffsetDelta: batch.lastOffsetDelta ?? lastOffsetDelta,
    baseTimestamp,
    maxTimestamp: batch.maxTimestamp ?? maxTimestamp,
  }
  return { bytes, header, records, sizes }
}

/** Writes a record batch into as many bytes as it takes; see batch.ts and record.ts for its grammar. */
export function putBatch({ header, records, sizes }: PlannedBatch, bytes: Uint8Array): void {
  putRecords({ header, records, sizes }, bytes, batchHeaderBytes)
  finishBatch(bytes, header, records.length)
}

function putRecords(
  { header, records, sizes }: Omit<PlannedBatch, 'bytes'>,
  bytes: Uint8Array,
  from: number,
): void {
  let at = from
  let offsetDelta = -1
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!
    offsetDelta = record.offsetDelta ?? offsetDelta + 1
    const delta = record.timestamp - header.baseTimestamp
    const size = sizes?.[index] ?? recordBodyBytes(record, delta, offsetDelta)
    at = putRecord(bytes, at, record, offsetDelta, delta, size)
  }
}

/**
 * Writes a record batch, compressed where its header says so. What comes back may be a part of
 * a larger buffer, as with `Buffer.allocUnsafe`: copy it before it goes to another thread.
 */
export function encodeBatch(batch: NewBatch): Uint8Array {
  const plan = planBatch(batch)
  if ((batch.compression ?? 0) === 0) {
    const bytes = unfilled(plan.bytes)
    putBatch(plan, bytes)
    return bytes
  }
  const payload = unfilled(plan.bytes - batchHeaderBytes)
  putRecords(plan, payload, 0)
  return assembleBatch(plan.header, payload, plan.records.length)
}

/** All that the header of a batch must be told. */
export type WholeBatchHeader = NewBatchHeader &
  Required<Pick<NewBatchHeader, 'lastOffsetDelta' | 'baseTimestamp' | 'maxTimestamp'>>

/**
 * Writes a record batch around records that are encoded already, such as those that `walkRecords` showed,
 * with deltas to the same base offset and base timestamp.
 */
export function assembleBatch(
  header: WholeBatchHeader,
  payload: Uint8Array,
  recordCount: number,
): Uint8Array {
  const packed = recordCount === 0 ? payload : compress(payload, header.compression ?? 0)
  const bytes = unfilled(batchHeaderBytes + packed.length)
  bytes.set(packed, batchHeaderBytes)
  return finishBatch(bytes, header, recordCount)
}

/** Writes the header before records that are there, and gives the bytes back. */
function finishBatch(bytes: Uint8Array, header: WholeBatchHeader, recordCount: number): Uint8Array {
  const { baseOffset, lastOffsetDelta, baseTimestamp, maxTimestamp } = header
  const { producerId = -1, producerEpoch = -1, baseSequence = -1 } = header
  assert(recordCount - 1 <= lastOffsetDelta && lastOffsetDelta >= 0, 'each record has an offset')
  assert(
    Number.isSafeInteger(baseOffset) &&
      Number.isSafeInteger(baseTimestamp) &&
      Number.isSafeInteger(maxTimestamp) &&
      Number.isSafeInteger(producerId),
    'numbers in a batch are safe integers',
  )
  assert(
    isInt32(lastOffsetDelta) &&
      isInt32(header.leaderEpoch) &&
      isInt32(baseSequence) &&
      producerEpoch === (producerEpoch << 16) >> 16,
    'numbers in a batch fit their fields',
  )
  putInt64(bytes, batchField.baseOffset, baseOffset)
  putInt32(bytes, batchField.leaderEpoch, header.leaderEpoch)
  bytes[batchField.magic] = 2
  putInt16(bytes, batchField.attributes, attributesOf(header))
  putInt32(bytes, batchField.lastOffsetDelta, lastOffsetDelta)
  putInt64(bytes, batchField.baseTimestamp, baseTimestamp)
  putInt64(bytes, batchField.maxTimestamp, maxTimestamp)
  putInt64(bytes, batchField.producerId, producerId)
  putInt16(bytes, batchField.producerEpoch, producerEpoch)
  putInt32(bytes, batchField.baseSequence, baseSequence)
  putInt32(bytes, batchField.recordCount, recordCount)
  sealBatch(bytes)
  return bytes
}

function isInt32(value: number): boolean {
  return value === (value | 0)
}

function attributesOf(header: NewBatchHeader): number {
  return (
    (header.compression ?? 0) |
    (header.timestampType === 1 ? batchBit.timestampType : 0) |
    (header.transactional ? batchBit.transactional : 0) |
    (header.control ? batchBit.control : 0) |
    (header.deleteHorizon ? batchBit.deleteHorizon : 0)
  )
}

/** Memory that whoever asked for it fills to the last byte; zeros would be written for nothing. */
function unfilled(bytes: number): Uint8Array {
  const buffer = Buffer.allocUnsafe(bytes)
  return new Uint8Array(buffer.buffer, buffer.byteOffset, bytes)
}

/**
 * Shows the records of the batch that begins here one after the other, decompressed. The view is
 * the same for all of them and holds until `visit` returns; with false, that is the end of the walk.
 * Refused where anything is not as its lengths say, after those records that were; also where offsets do not
 * rise, leave the batch, or times leave the safe integers. The checksum is not looked at.
 */
export function walkRecords(
  bytes: Uint8Array,
  at: number,
  visit: (record: RecordView, header: BatchHeader) => boolean,
): Result<void, CorruptBatch> {
  const opened = openRecords(bytes, at)
  if (!opened.ok) return opened
  const { header, payload } = opened.value
  const cursor = { bytes: payload, at: 0, end: payload.length }
  const view = newRecordView(payload)
  let offsetDelta = -1
  for (let left = header.recordCount; left > 0; left--) {
    const fault = readRecord(view, cursor)
    if (fault !== undefined) return corrupt(fault)
    if (view.offsetDelta <= offsetDelta) return corrupt('the offsets of its records do not rise')
    if (view.offsetDelta > header.lastOffsetDelta) return corrupt('a record lies behind its end')
    if (!Number.isSafeInteger(timestampOf(view, header))) return corrupt('a time is beyond 2^53')
    offsetDelta = view.offsetDelta
    if (!visit(view, header)) return ok(undefined)
  }
  return cursor.at === cursor.end ? ok(undefined) : corrupt('bytes follow its records')
}

/** The time of a record: its own, or that at which its batch was appended. */
export function timestampOf(view: RecordView, header: BatchHeader): number {
  if (header.timestampType === 1) return header.maxTimestamp
  return header.baseTimestamp + view.timestampDelta
}

/**
 * All records of the batch that begins here. Keys and values are parts of `bytes`, or of what was decompressed.
 * Refused as by `walkRecords`, and where it has more records and headers than `batchRecordsDecodedMax`.
 */
export function decodeRecords(
  bytes: Uint8Array,
  at: number,
): Result<readonly BatchRecord[], CorruptBatch> {
  const records: BatchRecord[] = []
  let left: number = limits.batchRecordsDecodedMax
  const walked = walkRecords(bytes, at, (view, header) => {
    left -= 1 + view.headerCount
    if (left >= 0) records.push(materialize(view, header))
    return left >= 0
  })
  if (!walked.ok) return walked
  return left >= 0 ? ok(records) : corrupt('it has too many records and headers')
}

function materialize(view: RecordView, header: BatchHeader): BatchRecord {
  const { payload, keyAt, keyBytes, valueAt, valueBytes } = view
  return {
    offsetDelta: view.offsetDelta,
    timestamp: timestampOf(view, header),
    key: keyBytes < 0 ? null : payload.subarray(keyAt, keyAt + keyBytes),
    value: valueBytes < 0 ? null : payload.subarray(valueAt, valueAt + valueBytes),
    headers: headersOf(view),
  }
}

interface OpenRecords {
  readonly header: BatchHeader
  readonly payload: Uint8Array
}

function openRecords(bytes: Uint8Array, at: number): Result<OpenRecords, CorruptBatch> {
  const checked = checkBatchShape(bytes, at)
  if (!checked.ok) return checked
  const header = checked.value
  const packed = bytes.subarray(at + batchHeaderBytes, at + header.bytes)
  // Compaction leaves no payload behind where it leaves no record, whatever the attributes say.
  if (packed.length === 0 && header.recordCount === 0) return ok({ header, payload: packed })
  const payload = decompress(packed, header.compression)
  return payload.ok ? ok({ header, payload: payload.value }) : payload
}

function corrupt(reason: string): Result<never, CorruptBatch> {
  return refused({ code: 'corrupt_batch', reason })
}
