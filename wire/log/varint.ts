// Integers of variable length, as records use them. Sources: the Kafka protocol guide, "Protocol Primitive
// Types": VARINT and VARLONG; Protocol Buffers, "Encoding": Signed Integers (ZigZag).
//
//   ZigZag folds the sign in: 0 -> 0, -1 -> 1, 1 -> 2, -2 -> 3, …
//   The result goes out seven bits at a time, the lowest first; bit 7 of a byte says that more follow:
//   at most 5 bytes for a varint of 32 bits, 10 for a varlong of 64.

/** Where a reader stands in bytes that it must not leave. */
export interface Cursor {
  readonly bytes: Uint8Array
  at: number
  /** Exclusive. */
  readonly end: number
}

/** Reads a varint; NaN where there is none: it is cut off, or has more than 32 bits. */
export function readVarint(cursor: Cursor): number {
  const { bytes, end } = cursor
  let at = cursor.at
  let folded = 0
  for (let shift = 0; shift < 35; shift += 7) {
    if (at >= end) return NaN
    const byte = bytes[at++]!
    if (shift === 28 && byte > 0x0f) return NaN
    folded |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      cursor.at = at
      return (folded >>> 1) ^ -(folded & 1)
    }
  }
  return NaN
}

/** Reads a varlong; NaN where there is none, or one beyond 2^53. */
export function readVarlong(cursor: Cursor): number {
  const { bytes, end } = cursor
  let at = cursor.at
  // The folded number in two halves of 28 bits; whatever goes beyond must be empty.
  let low = 0
  let high = 0
  for (let shift = 0; shift < 70; shift += 7) {
    if (at >= end) return NaN
    const byte = bytes[at++]!
    const bits = byte & 0x7f
    if (shift < 28) low |= bits << shift
    else if (shift < 56) high |= bits << (shift - 28)
    else if (bits !== 0) return NaN
    if (byte < 0x80) {
      cursor.at = at
      return unfold(low, high)
    }
  }
  return NaN
}

function unfold(low: number, high: number): number {
  const magnitude = high * 2 ** 27 + (low >>> 1)
  const value = low & 1 ? -1 - magnitude : magnitude
  return Number.isSafeInteger(value) ? value : NaN
}

/** The bytes of a signed integer of 32 bits as a varint. */
export function varintBytes(value: number): number {
  const folded = (value << 1) ^ (value >> 31)
  return Math.ceil((32 - Math.clz32(folded | 1)) / 7)
}

/** The bytes of a safe integer as a varlong. */
export function varlongBytes(value: number): number {
  if (value === value >> 0) return varintBytes(value)
  // Without the six bits that share the first byte with the sign.
  let rest = Math.floor((value < 0 ? -1 - value : value) / 64)
  let bytes = 1
  for (; rest > 0; rest = Math.floor(rest / 128)) bytes++
  return bytes
}

/** Writes a signed integer of 32 bits as a varint and gives back where it ends. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0
  let next = at
  for (; rest > 0x7f; rest >>>= 7) bytes[next++] = (rest & 0x7f) | 0x80
  bytes[next++] = rest
  return next
}

/** Writes a safe integer as a varlong and gives back where it ends. */
export function putVarlong(bytes: Uint8Array, at: number, value: number): number {
  if (value === value >> 0) return putVarint(bytes, at, value)
  const magnitude = value < 0 ? -1 - value : value
  let byte = (magnitude % 64) * 2 + (value < 0 ? 1 : 0)
  let rest = Math.floor(magnitude / 64)
  let next = at
  for (; rest > 0; rest = Math.floor(rest / 128)) {
    bytes[next++] = byte | 0x80
    byte = rest % 128
  }
  bytes[next++] = byte
  return next
}
