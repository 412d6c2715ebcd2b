import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  batchBytesAt,
  batchHeaderBytes,
  checkBatch,
  checkBatchAt,
  checkBatchShape,
  checkClientBatch,
  lastOffsetOf,
  patchBatch,
  readBatchHeader,
  sealBatch,
  type BatchHeader,
} from './batch.ts'

const plain: BatchHeader = {
  baseOffset: 7,
  bytes: batchHeaderBytes + 30,
  leaderEpoch: 3,
  compression: 0,
  timestampType: 0,
  transactional: false,
  control: false,
  deleteHorizon: false,
  lastOffsetDelta: 1,
  baseTimestamp: 1_700_000_000_000,
  maxTimestamp: 1_700_000_000_001,
  producerId: 4_000,
  producerEpoch: 2,
  baseSequence: 10,
  recordCount: 2,
}

/** A batch of two records of some bytes, written field by field as the documentation lists them. */
function batchOf(fields: Partial<BatchHeader> = {}): Uint8Array {
  const header = { ...plain, ...fields }
  const bytes = new Uint8Array(header.bytes).fill(0xa5)
  const view = new DataView(bytes.buffer)
  view.setBigInt64(0, BigInt(header.baseOffset))
  view.setInt32(12, header.leaderEpoch)
  view.setInt8(16, 2)
  const bits =
    header.compression +
    8 * header.timestampType +
    16 * Number(header.transactional) +
    32 * Number(header.control) +
    64 * Number(header.deleteHorizon)
  view.setInt16(21, bits)
  view.setInt32(23, header.lastOffsetDelta)
  view.setBigInt64(27, BigInt(header.baseTimestamp))
  view.setBigInt64(35, BigInt(header.maxTimestamp))
  view.setBigInt64(43, BigInt(header.producerId))
  view.setInt16(51, header.producerEpoch)
  view.setInt32(53, header.baseSequence)
  view.setInt32(57, header.recordCount)
  sealBatch(bytes)
  return bytes
}

/** The batch with one more change, and a checksum that is right for it. */
function changed(change: (view: DataView) => void): Uint8Array {
  const bytes = batchOf()
  change(new DataView(bytes.buffer))
  const length = new DataView(bytes.buffer).getInt32(8)
  sealBatch(bytes)
  new DataView(bytes.buffer).setInt32(8, length)
  return bytes
}

function reasonOf(bytes: Uint8Array): string {
  const checked = checkBatch(bytes)
  assert.ok(!checked.ok)
  assert.equal(checked.refusal.code, 'corrupt_batch')
  assert.equal(checkBatchAt(bytes, 0, bytes.length), false)
  return checked.refusal.reason
}

const safe = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 1 - 2 ** 53]
const int32 = [0, 1, -1, 255, 256, 65_536, 2 ** 24, 2 ** 31 - 1, -(2 ** 31)]
const int16 = [0, 1, -1, 255, 256, 32_767, -32_768]
const flags = [false, true]
const values: { readonly [K in keyof BatchHeader]?: readonly BatchHeader[K][] } = {
  baseOffset: safe,
  leaderEpoch: int32,
  compression: [0, 1, 2, 3, 4],
  timestampType: [0, 1],
  transactional: flags,
  control: flags,
  deleteHorizon: flags,
  lastOffsetDelta: int32.filter((value) => value > 0),
  baseTimestamp: safe,
  maxTimestamp: safe,
  producerId: safe,
  producerEpoch: int16,
  baseSequence: int32,
  recordCount: [0, 1, 2],
}

for (const [field, list] of Object.entries(values)) {
  test(`the field ${field} is read over all of its range`, () => {
    for (const value of list) {
      const expected = { ...plain, [field]: value }
      const bytes = batchOf(expected)
      assert.deepEqual(checkBatch(bytes), { ok: true, value: expected })
      assert.equal(checkBatchAt(bytes, 0, bytes.length), expected.baseOffset >= 0)
    }
  })
}

test('a batch is read where it lies among others', () => {
  const batch = batchOf()
  const bytes = new Uint8Array(300).fill(0xff)
  bytes.set(batch, 100)
  assert.deepEqual(readBatchHeader(bytes, 100), plain)
  assert.deepEqual(checkBatchShape(bytes, 100), { ok: true, value: plain })
  assert.equal(batchBytesAt(bytes, 100), batch.length)
  assert.equal(checkBatchAt(bytes, 100, bytes.length), true)
  assert.equal(checkBatchAt(bytes, 100, 100 + batch.length), true)
  assert.equal(checkBatchAt(bytes, 100, 99 + batch.length), false)
  assert.equal(checkBatchAt(bytes, 99, bytes.length), false)
  assert.equal(checkBatchAt(bytes, 100, bytes.length + 1), false)
  assert.equal(lastOffsetOf(plain), 8)
})

test('every batch that is cut off is refused', () => {
  const batch = batchOf()
  for (let length = 0; length < batch.length; length++) {
    const start = batch.slice(0, length)
    assert.match(reasonOf(start), /cut off|ends within its header/)
    assert.equal(checkBatchShape(start, 0).ok, false)
    assert.equal(checkBatchAt(batch, 0, length), false)
    assert.equal(batchBytesAt(start, 0), length < 12 ? -1 : batch.length)
  }
})

test('a batch with a byte behind it is refused, but found where more is stored', () => {
  const bytes = new Uint8Array([...batchOf(), 0])
  const checked = checkBatch(bytes)
  assert.deepEqual(checked, {
    ok: false,
    refusal: { code: 'corrupt_batch', reason: 'bytes follow the batch' },
  })
  assert.equal(checkBatchAt(bytes, 0, bytes.length), true)
})

test('a flipped bit is refused wherever the checksum reaches, and in the fields before it', () => {
  const batch = batchOf()
  const isFree = (at: number) => at < 8 || (at >= 12 && at < 16)
  for (let at = 0; at < batch.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = batch.slice()
      flipped[at]! ^= 1 << bit
      const { baseOffset } = readBatchHeader(flipped, 0)
      const isTaken = isFree(at) && Number.isSafeInteger(baseOffset)
      assert.equal(checkBatch(flipped).ok, isTaken, `bit ${bit} of byte ${at}`)
      const isStored = checkBatchAt(flipped, 0, flipped.length)
      assert.equal(isStored, isTaken && baseOffset >= 0, `bit ${bit} of byte ${at}`)
    }
  }
})

const faults: readonly [string, (view: DataView) => void, RegExp][] = [
  ['of version 1', (view) => view.setInt8(16, 1), /not of version 2/],
  ['of version 3', (view) => view.setInt8(16, 3), /not of version 2/],
  ['with compression 5', (view) => view.setInt16(21, 5), /compression is unknown/],
  ['with compression 7', (view) => view.setInt16(21, 7), /compression is unknown/],
  ['that ends before it begins', (view) => view.setInt32(23, -1), /before its first/],
  [
    'with fewer records than none',
    (view) => view.setInt32(57, -1),
    /number of records is negative/,
  ],
  ['with more records than offsets', (view) => view.setInt32(57, 3), /more records than offsets/],
  ['of a negative length', (view) => view.setInt32(8, -1), /length is less than a header/],
  ['of a length below a header', (view) => view.setInt32(8, 48), /length is less than a header/],
  ['that claims one byte more', (view) => view.setInt32(8, 80), /is cut off/],
  ['that claims two gigabytes', (view) => view.setInt32(8, 2 ** 31 - 1), /is cut off/],
  ['whose offset is 2^53', (view) => view.setBigInt64(0, 2n ** 53n), /beyond 2\^53/],
  ['whose base time is -2^53', (view) => view.setBigInt64(27, -(2n ** 53n)), /beyond 2\^53/],
  ['whose latest time is 2^53', (view) => view.setBigInt64(35, 2n ** 53n), /beyond 2\^53/],
  ['whose producer is 2^63 - 1', (view) => view.setBigInt64(43, 2n ** 63n - 1n), /beyond 2\^53/],
]

for (const [name, change, reason] of faults) {
  test(`a batch ${name} is refused though its checksum is right`, () => {
    assert.match(reasonOf(changed(change)), reason)
  })
}

test('more records than could lie in the bytes are refused before anybody makes room for them', () => {
  const many = batchOf({ lastOffsetDelta: 2 ** 31 - 1, recordCount: 5 })
  assert.match(reasonOf(many), /too short for its number of records/)
  const four = batchOf({ lastOffsetDelta: 2 ** 31 - 1, recordCount: 4 })
  assert.ok(checkBatch(four).ok)
})

test('offset and leader epoch are patched without a change to anything else', () => {
  for (const baseOffset of safe) {
    for (const leaderEpoch of int32) {
      const bytes = new Uint8Array([0xee, ...batchOf(), 0xee])
      patchBatch(bytes, 1, baseOffset, leaderEpoch)
      assert.deepEqual(bytes, new Uint8Array([0xee, ...batchOf({ baseOffset, leaderEpoch }), 0xee]))
    }
  }
})

const notFromClients: readonly [string, Partial<BatchHeader>][] = [
  ['with gaps between its records', { lastOffsetDelta: 2 }],
  ['without records', { lastOffsetDelta: 0, recordCount: 0 }],
  ['of control records', { control: true }],
  ['with a delete horizon', { deleteHorizon: true }],
  ['with append times', { timestampType: 1 }],
  ['with a producer id below -1', { producerId: -2 }],
  ['with a producer but no epoch', { producerEpoch: -1 }],
  ['with a producer but no sequence', { baseSequence: -1 }],
  ['in a transaction of nobody', { transactional: true, producerId: -1 }],
]

for (const [name, fields] of notFromClients) {
  test(`a batch ${name} is valid, but not from a client`, () => {
    const header = { ...plain, ...fields }
    assert.ok(checkBatch(batchOf(fields)).ok)
    const checked = checkClientBatch(header)
    assert.ok(!checked.ok)
    assert.equal(checked.refusal.code, 'invalid_record')
  })
}

test('clients may say what they like about a producer that is none', () => {
  assert.ok(checkClientBatch(plain).ok)
  assert.ok(checkClientBatch({ ...plain, transactional: true }).ok)
  assert.ok(checkClientBatch({ ...plain, producerId: -1, producerEpoch: 0, baseSequence: 0 }).ok)
  assert.ok(checkClientBatch({ ...plain, producerId: -1, producerEpoch: -1, baseSequence: -1 }).ok)
})
