import { isUtf8 } from 'node:buffer'

// Primitive values out of a frame that nobody vouches for. Source: the Kafka protocol guide, "Protocol Primitive Types".
//
//   integers         big-endian, two's complement
//   boolean          => 1 byte; 0 is false
//   uvarint          => seven bits a byte, the lowest first; bit 7 says that more follow; at most 32 bits
//   string           => int16 length, UTF-8;        a length of -1 is null
//   compact string   => uvarint length + 1, UTF-8;  0 is null
//   bytes            => int32 length, bytes;        -1 is null
//   compact bytes    => uvarint length + 1, bytes;  0 is null
//   array            => int32 count, values;        -1 is null
//   compact array    => uvarint count + 1, values;  0 is null
//   uuid             => 16 bytes
//   tag section      => uvarint count, (uvarint tag, uvarint bytes, value)*, the tags ascending
//
// The first thing that is wrong is kept in `fault`, and whoever reads goes on with empty values until it looks. Nothing here
// throws, and nothing is made larger than what is left of the frame.

/** Where a reader stands in a frame. */
export interface Reader {
  readonly bytes: Buffer
  at: number
  /** Exclusive. A tagged value is read with an end of its own. */
  end: number
  /** Elements of arrays that may still be made of this frame. */
  elementsLeft: number
  /** What is wrong; undefined while nothing is. */
  fault: string | undefined
  /** The field that is wrong, from the inside out; filled in as readers give up. */
  readonly path: string[]
}

/** Starts to read a frame. */
export function newReader(frame: Uint8Array, elementsMax: number): Reader {
  const bytes = Buffer.isBuffer(frame)
    ? frame
    : Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
  return { bytes, at: 0, end: bytes.length, elementsLeft: elementsMax, fault: undefined, path: [] }
}

/** Says what is wrong, unless something was already. */
export function fail(reader: Reader, fault: string): void {
  reader.fault ??= fault
  reader.at = reader.end
}

/** Whether so many bytes are left; without them the frame is cut off. */
function has(reader: Reader, bytes: number): boolean {
  if (reader.end - reader.at >= bytes) return true
  fail(reader, 'is cut off')
  return false
}

/** 0 is false, anything else true. */
export function readBoolean(reader: Reader): boolean {
  return has(reader, 1) && reader.bytes[reader.at++] !== 0
}

/** One byte with a sign. */
export function readInt8(reader: Reader): number {
  return has(reader, 1) ? (reader.bytes[reader.at++]! << 24) >> 24 : 0
}

/** Two bytes with a sign. */
export function readInt16(reader: Reader): number {
  return (readUint16(reader) << 16) >> 16
}

/** Two bytes without a sign. */
export function readUint16(reader: Reader): number {
  if (!has(reader, 2)) return 0
  const { bytes, at } = reader
  reader.at = at + 2
  return (bytes[at]! << 8) | bytes[at + 1]!
}

/** Four bytes with a sign. */
export function readInt32(reader: Reader): number {
  if (!has(reader, 4)) return 0
  const { bytes, at } = reader
  reader.at = at + 4
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

/** Eight bytes with a sign; beyond 2^53 it is a fault. */
export function readInt64(reader: Reader): number {
  const value = readInt32(reader) * 2 ** 32 + (readInt32(reader) >>> 0)
  if (Number.isSafeInteger(value)) return value
  fail(reader, 'is an integer beyond 2^53')
  return 0
}

/** Eight bytes with a sign; one beyond 2^53 is read as the last safe integer on its side. */
export function readInt64Saturating(reader: Reader): number {
  const value = readInt32(reader) * 2 ** 32 + (readInt32(reader) >>> 0)
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(value, Number.MAX_SAFE_INTEGER))
}

/** Eight bytes as IEEE 754 has them. */
export function readFloat64(reader: Reader): number {
  if (!has(reader, 8)) return 0
  reader.at += 8
  return reader.bytes.readDoubleBE(reader.at - 8)
}

/** An integer of at most 32 bits without a sign. */
export function readUvarint(reader: Reader): number {
  const { bytes, end } = reader
  let at = reader.at
  let value = 0
  for (let shift = 0; shift < 35; shift += 7) {
    if (at >= end) {
      fail(reader, 'is cut off')
      return 0
    }
    const byte = bytes[at++]!
    if (shift === 28 && byte > 0x0f) break
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      reader.at = at
      return value >>> 0
    }
  }
  fail(reader, 'has a varint of more than 32 bits')
  return 0
}

/** Sixteen bytes as text. */
export function readUuid(reader: Reader): string {
  if (!has(reader, 16)) return ''
  reader.at += 16
  const hex = reader.bytes.toString('hex', reader.at - 16, reader.at)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A length of two bytes; -1 for null. What lies beyond the end is a fault. */
export function readShortLength(reader: Reader): number {
  return checkedLength(reader, readInt16(reader))
}

/** A length of four bytes; -1 for null. What lies beyond the end is a fault. */
export function readLongLength(reader: Reader): number {
  return checkedLength(reader, readInt32(reader))
}

/** A compact length; -1 for null. What lies beyond the end is a fault. */
export function readCompactLength(reader: Reader): number {
  return checkedLength(reader, readUvarint(reader) - 1)
}

function checkedLength(reader: Reader, length: number): number {
  if (reader.fault !== undefined) return 0
  if (length >= -1 && length <= reader.end - reader.at) return length
  fail(reader, `has a length of ${length}, and ${reader.end - reader.at} bytes are left`)
  return 0
}

/** So many bytes as text; they must be there. What is not UTF-8 is a fault, so that no two names are read as one. */
export function readText(reader: Reader, length: number): string {
  if (length === 0) return ''
  const { bytes, at } = reader
  reader.at = at + length
  const text = bytes.toString('utf8', at, reader.at)
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(at, reader.at)))
    fail(reader, 'is not UTF-8')
  return text
}

/** So many bytes as a view of the frame; they must be there. */
export function readView(reader: Reader, length: number): Uint8Array {
  const { at } = reader
  reader.at = at + length
  return reader.bytes.subarray(at, reader.at)
}
