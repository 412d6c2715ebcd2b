import { int32At, putInt32 } from './integers.ts'

// Snappy as Kafka's clients write it: one bare block, or the frame of snappy-java, which its Java client uses
// and which Kafka never wrote down. Sources: google/snappy, `format_description.txt`; xerial/snappy-java,
// `SnappyCodec` and `SnappyOutputStream`.
//
//   Frame => Magic (82 53 4e 41 50 50 59 00), Version int32 1, CompatibleVersion int32 1, Chunk*
//   Chunk => Bytes int32, Block
//   Block => DecodedBytes (varint of 32 bits, not folded), …

/** Absent where the addon was not built for this machine. */
const snappy = await import('snappy').catch(() => undefined)

/** Whether this machine can read and write snappy. */
export const hasSnappy = snappy !== undefined

const magic = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]
const frameHeaderBytes = 16

/** What the Java client puts into one chunk. */
const chunkBytesMax = 32 * 1024

/** Compresses into a frame. Only where `hasSnappy`. */
export function encodeSnappy(bytes: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += chunkBytesMax) {
    blocks.push(snappy!.compressSync(bytes.subarray(at, at + chunkBytesMax)))
  }
  const total = blocks.reduce((sum, block) => sum + 4 + block.length, frameHeaderBytes)
  const frame = new Uint8Array(total)
  frame.set(magic)
  putInt32(frame, 8, 1)
  putInt32(frame, 12, 1)
  let at = frameHeaderBytes
  for (const block of blocks) {
    putInt32(frame, at, block.length)
    frame.set(block, at + 4)
    at += 4 + block.length
  }
  return frame
}

/**
 * Unpacks a frame or a bare block; undefined where it is cut off or holds more than `bytesMax`. Throws what
 * the decoder throws at damage within a block. Only where `hasSnappy`.
 */
export function decodeSnappy(bytes: Uint8Array, bytesMax: number): Uint8Array | undefined {
  const blocks = hasMagic(bytes) ? blocksOf(bytes) : [bytes]
  if (blocks === undefined) return undefined
  // What the blocks promise is added up before memory is taken for any of them.
  let total = 0
  for (const block of blocks) total += promisedBytes(block)
  if (!(total <= bytesMax)) return undefined
  const decoded = new Uint8Array(total)
  let at = 0
  for (const block of blocks) {
    const part = snappy!.uncompressSync(block)
    if (typeof part === 'string' || at + part.length > total) return undefined
    decoded.set(part, at)
    at += part.length
  }
  return at === total ? decoded : undefined
}

function hasMagic(bytes: Uint8Array): boolean {
  return magic.every((byte, at) => bytes[at] === byte)
}

function blocksOf(frame: Uint8Array): Uint8Array[] | undefined {
  if (frame.length < frameHeaderBytes || int32At(frame, 12) !== 1) return undefined
  const blocks: Uint8Array[] = []
  let at = frameHeaderBytes
  while (at < frame.length) {
    if (frame.length - at < 4) return undefined
    const bytes = int32At(frame, at)
    at += 4
    if (bytes <= 0 || bytes > frame.length - at) return undefined
    blocks.push(frame.subarray(at, at + bytes))
    at += bytes
  }
  return blocks
}

/** What a block says it holds; NaN where it does not say so in 32 bits. */
function promisedBytes(block: Uint8Array): number {
  let promised = 0
  for (let at = 0; at < 5; at++) {
    const byte = block[at]
    if (byte === undefined) return NaN
    promised += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return promised
  }
  return NaN
}
