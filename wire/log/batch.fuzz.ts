import { assert } from '@fermata/base/assert'
import { bytesEqual } from '@fermata/base/bytes'
import { randomFrom, type SeededRandom } from '@fermata/testkit/random'
import {
  batchBytesAt,
  batchField,
  batchHeaderBytes,
  checkBatch,
  checkBatchAt,
  checkBatchShape,
  readBatchHeader,
  type Compression,
} from './batch.ts'
import { crc32cByTable } from './crc32c.ts'
import { putInt32 } from './integers.ts'
import { encodeMarker, markerBytes, readMarker } from './marker.ts'
import type { BatchRecord } from './record.ts'
import { decodeRecords, encodeBatch } from './records.ts'

/** What became of the frames, so that whoever calls sees that all of it was tried. */
export interface FuzzCounts {
  /** Refused for their header or their checksum. */
  refused: number
  /** Valid by header and checksum, but their records are not. */
  damaged: number
  /** Whole, records and all. */
  decoded: number
}

/**
 * Damages valid batches and markers in `count` ways that the seed repeats, half of them with
 * the checksum made right again, and throws with seed and number where the codec throws, takes what it must
 * refuse, or contradicts itself.
 */
export function fuzzBatches(seed: number, count: number): FuzzCounts {
  const random = randomFrom(seed)
  const counts: FuzzCounts = { refused: 0, damaged: 0, decoded: 0 }
  const valid = Array.from({ length: 100 }, () => newBatch(random))
  for (let number = 0; number < count; number++) {
    if (random.chance(0.05)) valid[random.below(valid.length)] = newBatch(random)
    const before = [random.pick(valid), random.pick(valid)] as const
    const after = damage(random, ...before)
    const isSealed = random.chance(0.5) && seal(random, after)
    try {
      judge(before, after, isSealed, counts)
    } catch (error) {
      const frame = Buffer.from(after).toString('hex')
      throw new Error(`frame ${number} of FERMATA_SEED=${seed}: ${frame}`, { cause: error })
    }
  }
  return counts
}

function newBatch(random: SeededRandom): Uint8Array {
  const number = (): number => random.below(2 ** random.below(54))
  if (random.chance(0.1)) {
    return encodeMarker({
      baseOffset: number(),
      leaderEpoch: random.below(100),
      producerId: number(),
      producerEpoch: random.below(2 ** 15),
      coordinatorEpoch: random.below(100) - 1,
      commit: random.chance(0.5),
      timestamp: number(),
    })
  }
  const blob = (): Uint8Array | null =>
    random.chance(0.2) ? null : bytesOf(random, random.below(2 ** random.below(8)))
  const timestamp = 2 ** 41 + random.below(2 ** 30)
  let offsetDelta = -1
  const records = Array.from({ length: random.below(2 ** random.below(5)) }, (): BatchRecord => ({
    offsetDelta: (offsetDelta += 1 + (random.chance(0.2) ? random.below(200) : 0)),
    timestamp: timestamp + random.below(2 ** random.below(40)) - 2 ** random.below(20),
    key: blob(),
    value: blob(),
    headers: Array.from({ length: random.below(3) }, () => ({
      key: random.pick(['', 'trace', 'ж'.repeat(40)]),
      value: blob(),
    })),
  }))
  return encodeBatch({
    baseOffset: number(),
    leaderEpoch: random.below(2 ** 31),
    compression: random.pick<Compression>([0, 0, 1, 2, 3, 4]),
    transactional: random.chance(0.3),
    lastOffsetDelta: Math.max(0, offsetDelta) + (random.chance(0.2) ? 3 : 0),
    producerId: random.chance(0.5) ? -1 : number(),
    producerEpoch: random.below(2 ** 15),
    baseSequence: random.below(2 ** 31),
    records,
  })
}

function bytesOf(random: SeededRandom, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}

const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, -0x80000000, -1, -2, 60, 61, 1 << 20]

/** The batch with one to three wounds. */
function damage(random: SeededRandom, batch: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes: Uint8Array = batch.slice()
  for (let wounds = 1 + random.below(3); wounds > 0 && bytes.length > 0; wounds--) {
    const at = random.below(bytes.length)
    switch (random.below(8)) {
      case 0:
      case 1:
        bytes[at]! ^= 1 << random.below(8)
        break
      case 2:
        bytes[at] = random.pick(extremes)
        break
      case 3:
        if (at + 4 <= bytes.length) putInt32(bytes, at, random.pick(extremes))
        break
      case 4:
        bytes = bytes.slice(0, at)
        break
      case 5:
        bytes = joined(bytes, other.subarray(random.below(other.length)))
        break
      case 6:
        bytes = joined(bytes.subarray(0, at), other.subarray(Math.min(at, other.length)))
        break
      default:
        // A length that has no bounds, in the midst of the records.
        bytes.fill(0xff, at, at + random.below(11))
    }
  }
  return bytes
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

/** Makes checksum and, mostly, length and version right, so that the damage within is found by looking. */
function seal(random: SeededRandom, bytes: Uint8Array): boolean {
  if (bytes.length < batchHeaderBytes) return false
  if (random.chance(0.9)) {
    putInt32(bytes, batchField.length, bytes.length - 12)
    bytes[batchField.magic] = 2
  }
  putInt32(bytes, batchField.crc, crc32cByTable(bytes.subarray(batchField.attributes)))
  return true
}

function judge(
  before: readonly Uint8Array[],
  after: Uint8Array,
  isSealed: boolean,
  counts: FuzzCounts,
): void {
  const checked = checkBatch(after)
  const isStored = checkBatchAt(after, 0, after.length)
  // A sealed checksum may be right by intent; any other is right only for what was there before.
  if (!isSealed && checked.ok) {
    const isOneOfThem = before.some((batch) => isSameButPatched(batch, after))
    assert(isOneOfThem, 'a batch that was damaged is not taken')
  }
  if (checked.ok) {
    assert(isStored === checked.value.baseOffset >= 0, 'what is taken can be stored')
    assert(checked.value.bytes === after.length, 'a batch is as long as it says')
  }
  if (isStored) {
    const itself = after.subarray(0, batchBytesAt(after, 0))
    assert(checkBatch(itself).ok, 'what is stored can be taken')
  }
  judgeElsewhere(after, isStored)
  const records = decodeRecords(after, 0)
  const marker = readMarker(after, 0)
  if (marker !== undefined) assert(after.length >= markerBytes, 'a marker is whole')
  if (records.ok) judgeRecords(after, records.value)
  if (!checked.ok) counts.refused++
  else if (!records.ok) counts.damaged++
  else counts.decoded++
}

function isSameButPatched(before: Uint8Array, after: Uint8Array): boolean {
  return (
    bytesEqual(before.subarray(8, 12), after.subarray(8, 12)) &&
    bytesEqual(before.subarray(16), after.subarray(16))
  )
}

/** Nothing that lies around a frame may change what is said of it. */
function judgeElsewhere(frame: Uint8Array, isStored: boolean): void {
  const at = 13
  const around = new Uint8Array(at + frame.length + 200).fill(0xff)
  around.set(frame, at)
  const end = at + frame.length
  assert(checkBatchAt(around, at, end) === isStored, 'a check does not look around')
  if (batchBytesAt(frame, 0) !== frame.length) return
  const [here, there] = [decodeRecords(frame, 0), decodeRecords(around, at)]
  assert(said(here) === said(there), 'records are read from the batch alone')
}

/** Why a batch is refused may depend on what lies behind it; whether it is, may not. */
function said(records: ReturnType<typeof decodeRecords>): string {
  return records.ok ? JSON.stringify(records.value) : 'refused'
}

/** What was read as records is in itself sound, and written again it is read as the same. */
function judgeRecords(frame: Uint8Array, records: readonly BatchRecord[]): void {
  assert(checkBatchShape(frame, 0).ok, 'records have a header')
  const header = readBatchHeader(frame, 0)
  assert(records.length === header.recordCount, 'there are as many records as were promised')
  let last = -1
  for (const { offsetDelta, timestamp } of records) {
    assert(offsetDelta > last && offsetDelta <= header.lastOffsetDelta, 'offsets rise')
    assert(Number.isSafeInteger(timestamp), 'times are safe integers')
    last = offsetDelta
  }
  const times = records.map(({ timestamp }) => timestamp - header.baseTimestamp)
  if (!times.every(Number.isSafeInteger)) return
  const again = encodeBatch({ ...header, records })
  assert(checkBatch(again).ok, 'what is written is valid')
  const read = decodeRecords(again, 0)
  assert(said(read) === JSON.stringify(records), 'it is read as it was')
}
