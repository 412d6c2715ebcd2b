import { recordBodyBytes } from './record.ts'
import { batchHeaderBytes } from './batch.ts'
import type { NewRecord } from './store.ts'

/** More than a record's length, its time and its place in the batch can take. */
const varyingBytesMax = 5 + 10 + 5

/** No batch of our own holds more records, however small they are. */
const recordsMax = 100_000

/** The most bytes that a record can take in a batch, wherever it stands there. */
export function recordBytesMax({ key, value, headers = [] }: NewRecord): number {
  const bare = { offsetDelta: 0, timestamp: 0, key, value, headers }
  return recordBodyBytes(bare, 0) + varyingBytesMax
}

/**
 * Divides what waits into batches, in its order: as few as `bytesMax` allows, and one record in each at least.
 * `bytes` is what `recordBytesMax` says of each.
 */
export function gatherRecords<T extends { readonly bytes: number }>(
  waiting: readonly T[],
  bytesMax: number,
): T[][] {
  const batches: T[][] = []
  let batch: T[] | undefined
  let bytes = 0
  for (const one of waiting) {
    const { bytes: more } = one
    if (batch !== undefined && bytes + more <= bytesMax && batch.length < recordsMax) {
      batch.push(one)
      bytes += more
    } else {
      batch = [one]
      batches.push(batch)
      bytes = batchHeaderBytes + more
    }
  }
  return batches
}
