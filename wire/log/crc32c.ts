// The checksum of record batches: CRC-32C (Castagnoli), RFC 3720 section 12.1 and appendix B.4.

/** By the processor's own instruction; absent where the addon was not built for this machine. */
const native = await import('@node-rs/crc32').then(
  (addon) => addon.crc32c,
  () => undefined,
)

/** Below this, crossing over to the addon costs more than the table. */
const nativeBytesMin = 192

/**
 * The CRC-32C of some bytes, 0 to 2^32 - 1. With the CRC of what came before them as `seed`, that of
 * both together.
 */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  if (native === undefined || bytes.length < nativeBytesMin) return crc32cByTable(bytes, seed)
  return native(bytes, seed)
}

/** The reversed polynomial 0x1EDC6F41. */
const polynomial = 0x82f63b78

/** Eight tables of 256: table k advances a byte over k bytes of zeros ("slicing by 8"). */
const table = makeTable()

function makeTable(): Int32Array {
  const made = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0)
    made[byte] = crc
  }
  for (let at = 256; at < made.length; at++) {
    const before = made[at - 256]!
    made[at] = (before >>> 8) ^ made[before & 0xff]!
  }
  return made
}

/** As `crc32c`, everywhere and without the addon. Eight bytes a step. */
export function crc32cByTable(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed
  let at = 0
  for (const whole = bytes.length - 7; at < whole; at += 8) {
    crc =
      table[0x700 | ((crc ^ bytes[at]!) & 0xff)]! ^
      table[0x600 | (((crc >>> 8) ^ bytes[at + 1]!) & 0xff)]! ^
      table[0x500 | (((crc >>> 16) ^ bytes[at + 2]!) & 0xff)]! ^
      table[0x400 | ((crc >>> 24) ^ bytes[at + 3]!)]! ^
      table[0x300 | bytes[at + 4]!]! ^
      table[0x200 | bytes[at + 5]!]! ^
      table[0x100 | bytes[at + 6]!]! ^
      table[bytes[at + 7]!]!
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]!) & 0xff]!
  return ~crc >>> 0
}
