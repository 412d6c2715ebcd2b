import { decodeRecords } from '@fermata/wire/log/records'
import { readBatchHeader } from '@fermata/wire/log/batch'
import { taken, valueAt, type Bed } from './log.bed.ts'

/** As many batches are read back after a round. */
const samples = 512

/**
 * Holds the log against what was sent: each partition ends where its last record was acknowledged, and
 * a sample of batches, evenly spread from the offsets `since` on, holds the records that were sent. Answers
 * how many records were compared; throws where one differs.
 */
export async function checkBed(bed: Bed, since: readonly number[]): Promise<number> {
  const { log, partitions, next } = bed
  for (const [place, partition] of partitions.entries()) {
    const high = log.partition(partition)?.high
    if (high !== next[place]) throw new Error(`partition ${place} ends at ${high}`)
  }
  const each = Math.max(1, Math.floor(samples / partitions.length))
  const step = Math.max(1, Math.floor(partitions.length / samples))
  let compared = 0
  for (let place = 0; place < partitions.length; place += step) {
    const [from, to] = [since[place]!, next[place]!]
    for (let sample = 0; sample < Math.min(each, to - from); sample++) {
      const offset = from + Math.floor(((sample + 0.5) * (to - from)) / Math.min(each, to - from))
      compared += await checkAt(bed, place, offset)
    }
  }
  return compared
}

/** Compares all records of the batch that holds an offset. */
async function checkAt({ log, partitions }: Bed, place: number, offset: number): Promise<number> {
  const order = { partition: partitions[place]!, offset, bytesMax: 1, committed: false }
  const { bytes } = taken(await log.read(order))
  const { baseOffset } = readBatchHeader(bytes, 0)
  const records = taken(decodeRecords(bytes, 0))
  for (const { offsetDelta, value } of records) {
    const expected = valueAt(place, baseOffset + offsetDelta)
    if (value === null || Buffer.compare(value, expected) !== 0) {
      throw new Error(`partition ${place} holds something else at ${baseOffset + offsetDelta}`)
    }
  }
  if (offset < baseOffset || offset >= baseOffset + records.length) {
    throw new Error(`partition ${place} answers another batch for ${offset}`)
  }
  return records.length
}
