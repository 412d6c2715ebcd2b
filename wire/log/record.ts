import type { RecordHeader } from './store.ts'
import {
  putVarint,
  putVarlong,
  readVarint,
  readVarlong,
  varintBytes,
  varlongBytes,
  type Cursor,
} from './varint.ts'

/** A record, wherever it lies. */
export interface RecordBody {
  /** Milliseconds since 1970, -1 for none. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly RecordHeader[]
}

/** A record of a batch. */
export interface BatchRecord extends RecordBody {
  /** How far after the batch's first offset it lies. */
  readonly offsetDelta: number
  readonly headers: readonly RecordHeader[]
}

/** Where the parts of one record lie. A walk uses one of these for all records. */
export interface RecordView {
  /** The records of the batch, not compressed. */
  readonly payload: Uint8Array
  /** Where the record begins in it, its length field included, and where it ends. */
  at: number
  end: number
  offsetDelta: number
  timestampDelta: number
  keyAt: number
  /** -1: there is no key. */
  keyBytes: number
  valueAt: number
  /** -1: there is no value. */
  valueBytes: number
  headersAt: number
  headerCount: number
}

/** A view that points nowhere yet. */
export function newRecordView(payload: Uint8Array): RecordView {
  return {
    payload,
    at: 0,
    end: 0,
    offsetDelta: 0,
    timestampDelta: 0,
    keyAt: 0,
    keyBytes: -1,
    valueAt: 0,
    valueBytes: -1,
    headersAt: 0,
    headerCount: 0,
  }
}

// One record within a batch. Sources: KIP-98, "Message Format"; KIP-82 for the headers; the Kafka documentation,
// "Implementation: Message Format: Record". For varint and varlong see varint.ts.
//
//   Record =>
//     Length         varint   of all that follows in this record
//     Attributes     int8     unused
//     TimestampDelta varlong  to the batch's base timestamp
//     OffsetDelta    varint   to the batch's base offset
//     KeyLength      varint   -1: no key
//     Key
//     ValueLength    varint   -1: no value
//     Value
//     HeaderCount    varint
//     Header*
//   Header =>
//     KeyLength      varint
//     Key                     UTF-8
//     ValueLength    varint   -1: no value
//     Value

/** Writes a record and gives back where it ends. `bodyBytes` is what `recordBodyBytes` says. */
export function putRecord(
  bytes: Uint8Array,
  at: number,
  record: RecordBody,
  offsetDelta: number,
  timestampDelta: number,
  bodyBytes: number,
): number {
  let next = putVarint(bytes, at, bodyBytes)
  bytes[next++] = 0
  next = putVarlong(bytes, next, timestampDelta)
  next = putVarint(bytes, next, offsetDelta)
  next = putBlob(bytes, next, record.key)
  next = putBlob(bytes, next, record.value)
  const headers = record.headers ?? noHeaders
  next = putVarint(bytes, next, headers.length)
  for (const { key, value } of headers) {
    next = putText(bytes, next, key)
    next = putBlob(bytes, next, value)
  }
  return next
}

const noHeaders: readonly RecordHeader[] = []

function putBlob(bytes: Uint8Array, at: number, blob: Uint8Array | null): number {
  if (blob === null) return putVarint(bytes, at, -1)
  const next = putVarint(bytes, at, blob.length)
  bytes.set(blob, next)
  return next + blob.length
}

const encoder = new TextEncoder()

function putText(bytes: Uint8Array, at: number, text: string): number {
  const next = putVarint(bytes, at, Buffer.byteLength(text))
  return next + encoder.encodeInto(text, bytes.subarray(next)).written
}

/** The bytes of a record that follow its length field. */
export function recordBodyBytes(
  record: RecordBody,
  timestampDelta: number,
  offsetDelta = 0,
): number {
  const headers = record.headers ?? noHeaders
  let bytes = 1 + varlongBytes(timestampDelta) + varintBytes(offsetDelta)
  bytes += blobBytes(record.key) + blobBytes(record.value) + varintBytes(headers.length)
  for (const { key, value } of headers) {
    const keyBytes = Buffer.byteLength(key)
    bytes += varintBytes(keyBytes) + keyBytes + blobBytes(value)
  }
  return bytes
}

function blobBytes(blob: Uint8Array | null): number {
  return blob === null ? 1 : varintBytes(blob.length) + blob.length
}

/** Points the view at the record where the cursor stands, and moves that behind it; says what is wrong. */
export function readRecord(view: RecordView, cursor: Cursor): string | undefined {
  view.at = cursor.at
  const length = readVarint(cursor)
  if (!(length >= 0 && length <= cursor.end - cursor.at)) return 'a record is cut off'
  const end = cursor.at + length
  view.end = end
  cursor.at++
  view.timestampDelta = readVarlong(cursor)
  view.offsetDelta = readVarint(cursor)
  view.keyBytes = skipBlob(cursor)
  view.keyAt = cursor.at - Math.max(view.keyBytes, 0)
  view.valueBytes = skipBlob(cursor)
  view.valueAt = cursor.at - Math.max(view.valueBytes, 0)
  view.headerCount = readVarint(cursor)
  view.headersAt = cursor.at
  // A sum with NaN is NaN, so one look is enough for all that was read before.
  const sum = view.timestampDelta + view.offsetDelta + view.keyBytes + view.valueBytes
  if (Number.isNaN(sum + view.headerCount)) return 'a record is damaged'
  if (view.headerCount < 0) return 'a record has a negative number of headers'
  for (let left = view.headerCount; left > 0; left--) {
    if (!(skipBlob(cursor) >= 0) || !(skipBlob(cursor) >= -1)) return 'a header is damaged'
  }
  return cursor.at === end ? undefined : 'a record does not end where its length says'
}

/** Moves behind a blob and gives back its bytes; -1 for none, NaN where it does not end in time. */
function skipBlob(cursor: Cursor): number {
  const bytes = readVarint(cursor)
  if (!(bytes >= -1 && bytes <= cursor.end - cursor.at)) return NaN
  if (bytes > 0) cursor.at += bytes
  return bytes
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The headers of a record that `readRecord` has passed. What is no UTF-8 in a key is replaced. */
export function headersOf(view: RecordView): readonly RecordHeader[] {
  if (view.headerCount === 0) return noHeaders
  const cursor = { bytes: view.payload, at: view.headersAt, end: view.end }
  return Array.from({ length: view.headerCount }, () => ({
    key: decoder.decode(takeBlob(cursor) ?? undefined),
    value: takeBlob(cursor),
  }))
}

function takeBlob(cursor: Cursor): Uint8Array | null {
  const bytes = skipBlob(cursor)
  return bytes === -1 ? null : cursor.bytes.subarray(cursor.at - bytes, cursor.at)
}
