import { ok, refused, type Result } from '@fermata/base/result'
import { crc32c } from './crc32c.ts'
import { int16At, int32At, int64At, putInt32, putInt64 } from './integers.ts'

// The record batch of version 2, as Kafka has written it since 0.11. Sources: KIP-98, section "Message
// Format"; the Kafka documentation, "Implementation: Message Format: Record Batch"; KIP-534 for the delete
// horizon. All numbers are big-endian.
//
//   RecordBatch =>
//     BaseOffset           int64     at 0
//     BatchLength          int32     at 8    of all that follows this field
//     PartitionLeaderEpoch int32     at 12
//     Magic                int8      at 16   2
//     Crc                  uint32    at 17   CRC-32C of all that follows this field
//     Attributes           int16     at 21   bits 0-2 compression, 3 timestamp type, 4 transactional,
//                                            5 control, 6 delete horizon; the others are unused
//     LastOffsetDelta      int32     at 23
//     BaseTimestamp        int64     at 27
//     MaxTimestamp         int64     at 35
//     ProducerId           int64     at 43
//     ProducerEpoch        int16     at 51
//     BaseSequence         int32     at 53
//     RecordCount          int32     at 57
//     Records                        at 61   see records.ts; compressed as a whole where bits 0-2 say so

/** The bytes of a batch before its records. */
export const batchHeaderBytes = 61

/** The bytes up to and with the length field, which counts only what follows it. */
export const batchLengthEnd = 12

/** Where the fields of a batch begin. */
export const batchField = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const

/** The bits of a batch's attributes. */
export const batchBit = {
  compression: 0x07,
  timestampType: 0x08,
  transactional: 0x10,
  control: 0x20,
  deleteHorizon: 0x40,
} as const

/** How the records of a batch are compressed: not at all, gzip, snappy, lz4, zstd. */
export type Compression = 0 | 1 | 2 | 3 | 4

/** The fewest bytes that one uncompressed record takes: seven fields of one byte. */
const recordBytesMin = 7

/** What stands before the records of a batch. */
export interface BatchHeader {
  readonly baseOffset: number
  /** Of the whole batch, this header and the length field included. */
  readonly bytes: number
  readonly leaderEpoch: number
  readonly compression: Compression
  /** 0: the records' own times. 1: all records have the time `maxTimestamp`, given by the log. */
  readonly timestampType: 0 | 1
  readonly transactional: boolean
  /** It holds a marker of the log's own (see marker.ts), not records of a user's. */
  readonly control: boolean
  /** `baseTimestamp` says until when the tombstones are kept. */
  readonly deleteHorizon: boolean
  readonly lastOffsetDelta: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  /** -1: none; then epoch and sequence mean nothing, and clients differ in what they write there. */
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

/** Not one whole record batch of version 2, or its checksum is wrong. */
export interface CorruptBatch {
  readonly code: 'corrupt_batch'
  readonly reason: string
}

/** A well-formed batch that no producer may send. */
export interface InvalidRecord {
  readonly code: 'invalid_record'
  readonly reason: string
}

/**
 * Reads what stands before the records. Checks nothing: 61 bytes must be there, and only what
 * `checkBatch` has passed has numbers that mean something.
 */
export function readBatchHeader(bytes: Uint8Array, at: number): BatchHeader {
  const attributes = bytes[at + batchField.attributes + 1]!
  return {
    baseOffset: int64At(bytes, at),
    bytes: batchLengthEnd + int32At(bytes, at + batchField.length),
    leaderEpoch: int32At(bytes, at + batchField.leaderEpoch),
    compression: (attributes & batchBit.compression) as Compression,
    timestampType: attributes & batchBit.timestampType ? 1 : 0,
    transactional: (attributes & batchBit.transactional) !== 0,
    control: (attributes & batchBit.control) !== 0,
    deleteHorizon: (attributes & batchBit.deleteHorizon) !== 0,
    lastOffsetDelta: int32At(bytes, at + batchField.lastOffsetDelta),
    baseTimestamp: int64At(bytes, at + batchField.baseTimestamp),
    maxTimestamp: int64At(bytes, at + batchField.maxTimestamp),
    producerId: int64At(bytes, at + batchField.producerId),
    producerEpoch: int16At(bytes, at + batchField.producerEpoch),
    baseSequence: int32At(bytes, at + batchField.baseSequence),
    recordCount: int32At(bytes, at + batchField.recordCount),
  }
}

/** The bytes of the batch that begins here, as its length field says; -1 where that field is not there. */
export function batchBytesAt(bytes: Uint8Array, at: number): number {
  if (bytes.length - at < batchLengthEnd) return -1
  return batchLengthEnd + int32At(bytes, at + batchField.length)
}

/** The offset of a batch's last record, whether or not compaction has left it. */
export function lastOffsetOf(header: BatchHeader): number {
  return header.baseOffset + header.lastOffsetDelta
}

/**
 * Reads the header of what must be exactly one whole batch. The records themselves are not looked at.
 * 64-bit fields beyond 2^53 are refused: nobody's offsets, producers or milliseconds lie there.
 */
export function checkBatch(bytes: Uint8Array): Result<BatchHeader, CorruptBatch> {
  const reason = shapeFaultOf(bytes, 0, bytes.length)
  if (reason !== undefined) return refused({ code: 'corrupt_batch', reason })
  if (batchBytesAt(bytes, 0) !== bytes.length) {
    return refused({ code: 'corrupt_batch', reason: 'bytes follow the batch' })
  }
  if (!hasItsChecksum(bytes, 0)) {
    return refused({ code: 'corrupt_batch', reason: 'its checksum is wrong' })
  }
  return ok(readBatchHeader(bytes, 0))
}

/** Reads the header of a batch that begins here; refused as by `checkBatch`, but for the checksum. */
export function checkBatchShape(bytes: Uint8Array, at: number): Result<BatchHeader, CorruptBatch> {
  const reason = shapeFaultOf(bytes, at, bytes.length)
  if (reason !== undefined) return refused({ code: 'corrupt_batch', reason })
  return ok(readBatchHeader(bytes, at))
}

/**
 * Whether a valid batch begins here that ends at `end` or before. For walking what was stored, where no
 * offset is negative; that of a client's batch does not matter, as the log gives it another.
 */
export function checkBatchAt(bytes: Uint8Array, at: number, end: number): boolean {
  if (shapeFaultOf(bytes, at, end) !== undefined) return false
  return int32At(bytes, at + batchField.baseOffset) >= 0 && hasItsChecksum(bytes, at)
}

function hasItsChecksum(bytes: Uint8Array, at: number): boolean {
  const end = at + batchLengthEnd + int32At(bytes, at + batchField.length)
  const crc = crc32c(bytes.subarray(at + batchField.attributes, end))
  return crc === int32At(bytes, at + batchField.crc) >>> 0
}

/** What is wrong with the batch that begins at `at` and may go on until `end`, but for the checksum. */
function shapeFaultOf(bytes: Uint8Array, at: number, end: number): string | undefined {
  if (end - at < batchHeaderBytes || end > bytes.length) return 'it ends within its header'
  const length = batchLengthEnd + int32At(bytes, at + batchField.length)
  if (length < batchHeaderBytes) return 'its length is less than a header'
  if (length > end - at) return 'it is cut off'
  if (bytes[at + batchField.magic] !== 2) return 'it is not of version 2'
  const compression = bytes[at + batchField.attributes + 1]! & batchBit.compression
  if (compression > 4) return 'its compression is unknown'
  const lastOffsetDelta = int32At(bytes, at + batchField.lastOffsetDelta)
  const recordCount = int32At(bytes, at + batchField.recordCount)
  if (lastOffsetDelta < 0) return 'its last offset is before its first'
  if (recordCount < 0) return 'its number of records is negative'
  if (recordCount - 1 > lastOffsetDelta) return 'it has more records than offsets'
  if (compression === 0 && recordCount * recordBytesMin > length - batchHeaderBytes) {
    return 'it is too short for its number of records'
  }
  const isSafe =
    Number.isSafeInteger(int64At(bytes, at + batchField.baseOffset)) &&
    Number.isSafeInteger(int64At(bytes, at + batchField.baseTimestamp)) &&
    Number.isSafeInteger(int64At(bytes, at + batchField.maxTimestamp)) &&
    Number.isSafeInteger(int64At(bytes, at + batchField.producerId))
  return isSafe ? undefined : 'a number is beyond 2^53'
}

/**
 * Whether a client may send a batch that `checkBatch` has passed: what Kafka's `LogValidator` asks. A batch
 * that compaction has thinned out is valid, but not as the batch of a client.
 */
export function checkClientBatch(header: BatchHeader): Result<BatchHeader, InvalidRecord> {
  const reason = clientFaultOf(header)
  return reason === undefined ? ok(header) : refused({ code: 'invalid_record', reason })
}

function clientFaultOf(header: BatchHeader): string | undefined {
  if (header.recordCount !== header.lastOffsetDelta + 1) return 'it has offsets without records'
  if (header.control) return 'control records are written by the log alone'
  if (header.deleteHorizon) return 'a delete horizon is set by the log alone'
  if (header.timestampType === 1) return 'append times are set by the log alone'
  if (header.producerId < -1) return 'its producer id is negative'
  if (header.producerId === -1) {
    return header.transactional ? 'it is transactional without a producer id' : undefined
  }
  if (header.producerEpoch < 0) return 'its producer epoch is negative'
  if (header.baseSequence < 0) return 'its sequence is negative'
  return undefined
}

/** Writes offset and leader epoch into a batch. Neither is under its checksum. */
export function patchBatch(
  bytes: Uint8Array,
  at: number,
  baseOffset: number,
  leaderEpoch: number,
): void {
  putInt64(bytes, at + batchField.baseOffset, baseOffset)
  putInt32(bytes, at + batchField.leaderEpoch, leaderEpoch)
}

/** Gives all records of the batch that begins here one time, that of its being appended, and seals it again. */
export function stampBatch(bytes: Uint8Array, at: number, nowMs: number): void {
  bytes[at + batchField.attributes + 1]! |= batchBit.timestampType
  putInt64(bytes, at + batchField.maxTimestamp, nowMs)
  const end = at + batchBytesAt(bytes, at)
  putInt32(bytes, at + batchField.crc, crc32c(bytes.subarray(at + batchField.attributes, end)))
}

/** Writes length and checksum into a batch that is complete otherwise and ends where the bytes end. */
export function sealBatch(bytes: Uint8Array): void {
  putInt32(bytes, batchField.length, bytes.length - batchLengthEnd)
  putInt32(bytes, batchField.crc, crc32c(bytes.subarray(batchField.attributes)))
}
