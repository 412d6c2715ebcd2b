import { batchBytesAt, batchHeaderBytes, checkBatchAt, readBatchHeader } from './batch.ts'
import type { BatchHeader } from './batch.ts'
import type { DiskFile } from './disk.ts'

/** Where a walk begins. */
export interface WalkStart {
  readonly position: number
  /** The offset that the batch there must have, or, where a compaction has been, must not be before. */
  readonly offset: number
  readonly isDense: boolean
}

/** A stored batch whose checksum and offset are right. */
export interface StoredBatch {
  readonly header: BatchHeader
  /** Where it begins in the file. */
  readonly position: number
  /** The bytes that were read, the batch among them. */
  readonly chunk: Uint8Array
  /** Where it begins in the chunk. */
  readonly at: number
}

/** Whether the batch that begins at `at` in the chunk, whole, is the one that must stand there. */
export function isExpected(
  chunk: Uint8Array,
  at: number,
  offset: number,
  isDense: boolean,
): boolean {
  if (!checkBatchAt(chunk, at, chunk.length)) return false
  const { baseOffset } = readBatchHeader(chunk, at)
  return isDense ? baseOffset === offset : baseOffset >= offset
}

/**
 * Walks the batches of a file from one on, up to the position `end` or the first place where there is not
 * the batch that must be there. Reads the file in pieces of `chunkBytes`, larger for a larger batch.
 */
export async function* walkFile(
  file: DiskFile,
  start: WalkStart,
  end: number,
  sizes: { readonly chunkBytes: number; readonly batchBytesMax: number },
): AsyncGenerator<StoredBatch> {
  let { position, offset } = start
  let wanted = sizes.chunkBytes
  while (position < end) {
    const chunk = await file.read(position, Math.min(wanted, end - position))
    let at = 0
    while (at < chunk.length && isExpected(chunk, at, offset, start.isDense)) {
      const header = readBatchHeader(chunk, at)
      yield { header, position: position + at, chunk, at }
      at += header.bytes
      offset = header.baseOffset + header.lastOffsetDelta + 1
    }
    position += at
    wanted = at > 0 ? sizes.chunkBytes : roomFor(chunk, wanted, end - position, sizes.batchBytesMax)
    if (wanted === 0) return
  }
}

/** How much must be read to see a batch whole that was read in part; 0 where there is no such batch. */
function roomFor(chunk: Uint8Array, read: number, left: number, batchBytesMax: number): number {
  const bytes = batchBytesAt(chunk, 0)
  const isCut = bytes >= batchHeaderBytes && bytes <= Math.min(batchBytesMax, left) && bytes > read
  return isCut ? bytes : 0
}

/**
 * Looks for the next valid batch after a damaged place: first where the damaged batch says that it ends,
 * then at every byte. `offsetMin` and `offsetMax` bound what its offset may be.
 */
export async function findValidBatch(
  file: DiskFile,
  from: number,
  end: number,
  bounds: {
    readonly offsetMin: number
    readonly offsetMax: number
    readonly batchBytesMax: number
  },
): Promise<{ readonly position: number; readonly offset: number } | undefined> {
  const isValid = (chunk: Uint8Array, at: number): boolean => {
    // The version is looked at first: nearly every byte that is no batch fails there.
    if (chunk[at + 16] !== 2 || !checkBatchAt(chunk, at, chunk.length)) return false
    const { baseOffset } = readBatchHeader(chunk, at)
    return baseOffset >= bounds.offsetMin && baseOffset < bounds.offsetMax
  }
  const windowBytes = 2 * bounds.batchBytesMax
  for (let position = from; position < end; position += bounds.batchBytesMax) {
    const chunk = await file.read(position, Math.min(windowBytes, end - position))
    if (position === from) {
      const jump = batchBytesAt(chunk, 0)
      if (jump >= batchHeaderBytes && jump < chunk.length && isValid(chunk, jump)) {
        return { position: from + jump, offset: readBatchHeader(chunk, jump).baseOffset }
      }
    }
    const last = Math.min(bounds.batchBytesMax, chunk.length)
    for (let at = position === from ? 1 : 0; at < last; at++) {
      if (isValid(chunk, at)) {
        return { position: position + at, offset: readBatchHeader(chunk, at).baseOffset }
      }
    }
  }
  return undefined
}
