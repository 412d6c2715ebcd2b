import { crc32c } from './crc32c.ts'
import { roundUp } from './arena.ts'

/** How many bytes stand in front of a frame's body. */
export const frameHeaderBytes = 32

const magic = 0x464a3031

/** What stands in front of a frame's body. */
export interface FrameHeader {
  /** Drawn at random at each start of the log and never told to anybody. */
  readonly saltHigh: number
  readonly saltLow: number
  /** One more than that of the frame before. */
  readonly sequence: number
  /** The checksum of the frame before, or the seed that the checkpoint names. */
  readonly chain: number
  /** The bytes of the body. */
  readonly bytes: number
}

/** A frame that was found in a journal file. */
export interface FoundFrame extends FrameHeader {
  readonly checksum: number
  /** Its header and body with the padding up to the next page. */
  readonly paddedBytes: number
}

/**
 * Writes the header in front of a body that stands there already, and answers the frame's checksum.
 *
 *     frame    = magic checksum salt sequence chain bytes body *%x00   ; padded to a page
 *     magic    = u32          ; "FJ01"; all numbers big-endian
 *     checksum = u32          ; CRC-32C from the salt to the end of the body
 *     salt     = 2u32
 *     sequence = u64
 *     chain    = u32          ; the checksum of the frame before
 *     bytes    = u32          ; of the body
 *
 * A frame counts only if its own checksum is right, its salt is that of the running log and its
 * chain is the checksum of the frame before: what an earlier use of the file left behind, or what a
 * client put into a record, is none of these.
 */
export function sealFrame(frame: Uint8Array, header: FrameHeader): number {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  view.setUint32(0, magic)
  view.setUint32(8, header.saltHigh)
  view.setUint32(12, header.saltLow)
  view.setBigUint64(16, BigInt(header.sequence))
  view.setUint32(24, header.chain)
  view.setUint32(28, header.bytes)
  const end = frameHeaderBytes + header.bytes
  frame.fill(0, end)
  const checksum = crc32c(frame.subarray(8, end))
  view.setUint32(4, checksum)
  return checksum
}

/** Whether a frame's header seems to begin here: only the first four bytes are looked at. */
export function looksLikeFrame(bytes: Uint8Array, at: number): boolean {
  return (
    at + frameHeaderBytes <= bytes.length &&
    bytes[at] === magic >>> 24 &&
    bytes[at + 1] === ((magic >>> 16) & 255) &&
    bytes[at + 2] === ((magic >>> 8) & 255) &&
    bytes[at + 3] === (magic & 255)
  )
}

/** Reads the header that seems to begin here, unchecked; undefined where there is none. */
export function readFrameHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (!looksLikeFrame(bytes, at)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, frameHeaderBytes)
  return {
    saltHigh: view.getUint32(8),
    saltLow: view.getUint32(12),
    sequence: Number(view.getBigUint64(16)),
    chain: view.getUint32(24),
    bytes: view.getUint32(28),
  }
}

/** Reads the frame that begins here if its checksum is right. Its chain and salt are the caller's to check. */
export function readFrame(bytes: Uint8Array, at: number): FoundFrame | undefined {
  const header = readFrameHeader(bytes, at)
  if (header === undefined || at + frameHeaderBytes + header.bytes > bytes.length) return undefined
  const stated = new DataView(bytes.buffer, bytes.byteOffset + at, 8).getUint32(4)
  const checksum = crc32c(bytes.subarray(at + 8, at + frameHeaderBytes + header.bytes))
  if (checksum !== stated) return undefined
  return { ...header, checksum, paddedBytes: roundUp(frameHeaderBytes + header.bytes) }
}
