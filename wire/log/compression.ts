import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { assert } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Compression, CorruptBatch } from './batch.ts'
import { lz4DecodedBytes } from './lz4.ts'
import { decodeSnappy, encodeSnappy, hasSnappy } from './snappy.ts'

// How the records of a batch are compressed as a whole. Source: the Kafka documentation, "Implementation:
// Message Format: Record Batch", attributes, bits 0 to 2; KIP-57 for the frames of lz4; KIP-110 for zstd.

/** Absent where the addon was not built for this machine; then lz4 is refused. */
const lz4 = await import('lz4-napi').catch(() => undefined)

/** Whether this machine can read and write a compression; without an addon some are missing. */
export function hasCompression(compression: Compression): boolean {
  if (compression === 2) return hasSnappy
  return compression !== 3 || lz4 !== undefined
}

/** Compresses the records of a batch. Only for what `hasCompression` says is there. */
export function compress(bytes: Uint8Array, compression: Compression): Uint8Array {
  assert(hasCompression(compression), `compression ${compression} must be there`)
  switch (compression) {
    case 0:
      return bytes
    case 1:
      return plain(gzipSync(bytes))
    case 2:
      return encodeSnappy(bytes)
    case 3:
      return plain(lz4!.compressFrameSync(bufferOf(bytes)))
    case 4:
      return plain(zstdCompressSync(bytes))
  }
}

/**
 * Decompresses the records of a batch. Refused where they are damaged, or hold more than `bytesMax` bytes,
 * which is found out before so much memory is taken.
 */
export function decompress(
  bytes: Uint8Array,
  compression: Compression,
  bytesMax: number = limits.batchDecompressedBytesMax,
): Result<Uint8Array, CorruptBatch> {
  if (!hasCompression(compression)) return corrupt('its compression is not available here')
  const decoded = attempt(bytes, compression, bytesMax)
  if (decoded === undefined) return corrupt('its records cannot be decompressed')
  if (decoded.length > bytesMax) return corrupt('its records are too large when decompressed')
  return ok(decoded)
}

function corrupt(reason: string): Result<never, CorruptBatch> {
  return refused({ code: 'corrupt_batch', reason })
}

/** The decoders throw at damage, which here is nothing unexpected. */
function attempt(
  bytes: Uint8Array,
  compression: Compression,
  bytesMax: number,
): Uint8Array | undefined {
  try {
    return decode(bytes, compression, bytesMax)
  } catch {
    return undefined
  }
}

function decode(
  bytes: Uint8Array,
  compression: Compression,
  bytesMax: number,
): Uint8Array | undefined {
  switch (compression) {
    case 0:
      return bytes
    case 1:
      return plain(gunzipSync(bytes, { maxOutputLength: bytesMax }))
    case 2:
      return decodeSnappy(bytes, bytesMax)
    case 3: {
      // The decoder of the addon takes no limit, so the frame is measured first.
      if (lz4DecodedBytes(bytes, bytesMax) === undefined) return undefined
      return plain(lz4!.decompressFrameSync(bufferOf(bytes)))
    }
    case 4:
      return plain(zstdDecompressSync(bytes, { maxOutputLength: bytesMax }))
  }
}

/** The same bytes, whose parts are no `Buffer`s either. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
