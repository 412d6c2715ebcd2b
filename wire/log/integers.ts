// Big-endian integers in bytes, put together byte by byte: a `DataView` for each header took twice the
// time when it was measured, and a 64-bit integer as `BigInt` is an allocation besides.

const wide = 2 ** 32

/** A signed integer of 16 bits. */
export function int16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) >> 16) | bytes[at + 1]!
}

/** A signed integer of 32 bits. */
export function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

/** A signed integer of 64 bits; beyond 2^53 it is only near, and no safe integer. */
export function int64At(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at) * wide + (int32At(bytes, at + 4) >>> 0)
}

/** Writes the low 16 bits of an integer. */
export function putInt16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

/** Writes the low 32 bits of an integer. */
export function putInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24
  bytes[at + 1] = value >> 16
  bytes[at + 2] = value >> 8
  bytes[at + 3] = value
}

/** Writes a safe integer as 64 bits. */
export function putInt64(bytes: Uint8Array, at: number, value: number): void {
  putInt32(bytes, at, Math.floor(value / wide))
  putInt32(bytes, at + 4, value)
}
