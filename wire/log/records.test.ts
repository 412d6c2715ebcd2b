import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '@fermata/base/bytes'
import { limits } from '@fermata/base/limits'
import { batchHeaderBytes, checkBatch, readBatchHeader, type Compression } from './batch.ts'
import { compress } from './compression.ts'
import { putInt32 } from './integers.ts'
import {
  assembleBatch,
  decodeRecords,
  encodeBatch,
  timestampOf,
  walkRecords,
  type NewBatch,
} from './records.ts'
import { putVarint, varintBytes } from './varint.ts'

const compressions: readonly Compression[] = [0, 1, 2, 3, 4]

/** Sizes on both sides of where a length takes one more byte. */
const sizes = [0, 1, 62, 63, 64, 8_191, 8_192, 20_000]

const batch: NewBatch = {
  baseOffset: 1_000,
  leaderEpoch: 4,
  producerId: 9,
  producerEpoch: 1,
  baseSequence: 5,
  transactional: true,
  records: sizes.map((size, index) => ({
    timestamp: 1_700_000_000_000 + (index % 2 === 0 ? index : -index * 2 ** 33),
    key: index % 3 === 0 ? null : new Uint8Array(size).fill(index),
    value: index % 4 === 3 ? null : new Uint8Array(size).fill(65 + index),
    headers: Array.from({ length: index }, (_, at) => ({
      key: `schlüssel-${'x'.repeat(at * 40)}`,
      value: at % 2 ? null : utf8(`wert ${at}`),
    })),
  })),
}

const expected = batch.records.map((record, offsetDelta) => ({ ...record, offsetDelta }))

function decoded(bytes: Uint8Array) {
  const records = decodeRecords(bytes, 0)
  assert.ok(records.ok, JSON.stringify(records))
  return records.value
}

function reasonOf(bytes: Uint8Array): string {
  const records = decodeRecords(bytes, 0)
  assert.ok(!records.ok)
  assert.equal(records.refusal.code, 'corrupt_batch')
  return records.refusal.reason
}

for (const compression of compressions) {
  test(`records with compression ${compression} are read as they were written`, () => {
    const bytes = encodeBatch({ ...batch, compression })
    const checked = checkBatch(bytes)
    assert.ok(checked.ok)
    assert.deepEqual(decoded(bytes), expected)
    assert.equal(checked.value.compression, compression)
    assert.equal(checked.value.recordCount, sizes.length)
    assert.equal(checked.value.lastOffsetDelta, sizes.length - 1)
    assert.equal(checked.value.baseTimestamp, 1_700_000_000_000)
    assert.equal(checked.value.maxTimestamp, 1_700_000_000_006)
    assert.deepEqual(encodeBatch({ ...checked.value, records: decoded(bytes) }), bytes)
  })

  test(`with compression ${compression}, every prefix of the records is refused`, () => {
    const { records } = batch
    const small = { ...batch, compression, records: records.slice(0, 5) }
    const bytes = encodeBatch(small)
    for (let length = batchHeaderBytes; length < bytes.length; length++) {
      const start = bytes.slice(0, length)
      // The header says what is there, so that only the records themselves can tell.
      putInt32(start, 8, length - 12)
      assert.equal(decodeRecords(start, 0).ok, false, `${length} of ${bytes.length} bytes`)
    }
  })

  test(`with compression ${compression}, a record more or less than promised is refused`, () => {
    for (const change of [-1, 1]) {
      const bytes = encodeBatch({ ...batch, compression, lastOffsetDelta: 100 })
      putInt32(bytes, 57, sizes.length + change)
      assert.match(reasonOf(bytes), change < 0 ? /bytes follow its records/ : /is cut off/)
    }
  })
}

test('a batch of our own says no producer', () => {
  const bytes = encodeBatch({
    baseOffset: 0,
    leaderEpoch: 0,
    records: [{ timestamp: -1, key: null, value: null }],
  })
  const header = readBatchHeader(bytes, 0)
  assert.deepEqual([header.producerId, header.producerEpoch, header.baseSequence], [-1, -1, -1])
  assert.deepEqual([header.baseTimestamp, header.maxTimestamp], [-1, -1])
  const record = { timestamp: -1, key: null, value: null, headers: [], offsetDelta: 0 }
  assert.deepEqual(decoded(bytes), [record])
})

test('what compaction leaves keeps its offsets, up to nothing at all', () => {
  const [first, , third] = expected
  const thinned = { ...batch, lastOffsetDelta: 7, records: [first!, third!] }
  const bytes = encodeBatch(thinned)
  assert.ok(checkBatch(bytes).ok)
  assert.deepEqual(decoded(bytes), [first, third])
  assert.equal(readBatchHeader(bytes, 0).lastOffsetDelta, 7)
  for (const compression of compressions) {
    const empty = encodeBatch({ ...thinned, compression, records: [] })
    assert.ok(checkBatch(empty).ok)
    assert.equal(empty.length, batchHeaderBytes)
    assert.deepEqual(decoded(empty), [])
  }
})

test('records may be put into another batch as they are', () => {
  const bytes = encodeBatch({ ...batch, compression: 4 })
  const kept: Uint8Array[] = []
  const walked = walkRecords(bytes, 0, (view, header) => {
    assert.equal(timestampOf(view, header), expected[view.offsetDelta]!.timestamp)
    if (view.offsetDelta % 2 === 0) kept.push(view.payload.slice(view.at, view.end))
    return true
  })
  assert.ok(walked.ok)
  const again = assembleBatch(readBatchHeader(bytes, 0), Buffer.concat(kept), kept.length)
  assert.deepEqual(
    decoded(again),
    expected.filter((_, index) => index % 2 === 0),
  )
})

test('a walk ends where its visitor says so', () => {
  const seen: number[] = []
  const bytes = encodeBatch(batch)
  walkRecords(bytes, 0, ({ offsetDelta }) => {
    seen.push(offsetDelta)
    return offsetDelta < 2
  })
  assert.deepEqual(seen, [0, 1, 2])
})

test('all records of a batch with append times have the time of the batch', () => {
  const bytes = encodeBatch({ ...batch, timestampType: 1, maxTimestamp: 5 })
  assert.ok(decoded(bytes).every(({ timestamp }) => timestamp === 5))
})

/** A batch around records that are spelled out. */
function spelled(
  payload: string | Uint8Array,
  recordCount: number,
  fields: object = {},
): Uint8Array {
  const bytes = typeof payload === 'string' ? Buffer.from(payload, 'hex') : payload
  const header = { baseOffset: 0, leaderEpoch: 0, lastOffsetDelta: 10, ...fields }
  const times = { baseTimestamp: 0, maxTimestamp: 0, ...fields }
  return assembleBatch({ ...header, ...times }, bytes, recordCount)
}

test('a record is as the documentation spells it', () => {
  assert.deepEqual(decoded(spelled('1c000604026104626302026804696a', 1)), [
    {
      timestamp: 3,
      offsetDelta: 2,
      key: utf8('a'),
      value: utf8('bc'),
      headers: [{ key: 'h', value: utf8('ij') }],
    },
  ])
})

const damaged: readonly [string, string, number, RegExp][] = [
  ['a length of -1', '01000000010100', 1, /is cut off/],
  ['a length of nothing', '00000000010100', 1, /damaged|its length says/],
  ['a length one too small', '0a000000010100', 1, /its length says/],
  ['a length one too large', '0e000000010100', 1, /is cut off/],
  ['a length of two gigabytes', 'feffffff0f00000001010000', 1, /is cut off/],
  ['a key of -2 bytes', '0c000000030100', 1, /damaged/],
  ['a key beyond the record', '0c000000140100', 1, /damaged/],
  ['a key of two gigabytes', '14000000feffffff0f0100', 1, /damaged/],
  ['a value beyond the record', '0c000000011400', 1, /damaged/],
  ['-1 headers', '0c000000010101', 1, /negative number of headers/],
  ['a header that is not there', '0c000000010102', 1, /header is damaged/],
  ['a billion headers', '14000000010180a8d6b907', 1, /header is damaged/],
  ['a header without a key', '1000000001010201ff', 1, /header is damaged|is cut off/],
  ['a header key of -1 bytes', '10000000010102010100', 1, /header is damaged/],
  ['an offset of six bytes', '160000ffffffffffff010100', 1, /damaged|is cut off/],
  ['a time of eleven bytes', '200080808080808080808080000000010100', 1, /damaged|is cut off/],
  ['a byte more than it says', '0e00000001010000', 1, /its length says/],
  ['an offset before the batch', '0c000001010100', 1, /do not rise/],
  ['an offset behind the batch', '0c000016010100', 1, /behind its end/],
  ['the offset of the one before', '0c0000020101000c000002010100', 2, /do not rise/],
]

for (const [name, hex, count, reason] of damaged) {
  test(`a record with ${name} is refused`, () => {
    assert.match(reasonOf(spelled(hex, count)), reason)
  })
}

test('a record whose time leaves the safe integers is refused', () => {
  const fields = { baseTimestamp: Number.MAX_SAFE_INTEGER }
  assert.match(reasonOf(spelled('0c000200010100', 1, fields)), /beyond 2\^53/)
  assert.ok(decodeRecords(spelled('0c000000010100', 1, fields), 0).ok)
})

test('what is no UTF-8 in the key of a header is replaced, and a byte order mark stays', () => {
  const [record] = decoded(spelled('1a0000000101020aefbbbfff4101', 1))
  assert.deepEqual(record?.headers, [{ key: '\ufeff\ufffdA', value: null }])
})

test('a bomb of compressed nothing is refused before it goes off', () => {
  const zeros = new Uint8Array(limits.batchDecompressedBytesMax + 1)
  for (const compression of compressions.slice(1)) {
    const bytes = spelled('00'.repeat(10), 1, { compression })
    const bomb = compress(zeros, compression)
    const batch = new Uint8Array(batchHeaderBytes + bomb.length)
    batch.set(bytes.subarray(0, batchHeaderBytes))
    batch.set(bomb, batchHeaderBytes)
    putInt32(batch, 8, batch.length - 12)
    assert.match(reasonOf(batch), /cannot be decompressed/)
  }
})

test('more records than may be held at once are walked, but not held', () => {
  const count = limits.batchRecordsDecodedMax + 1
  const payload = new Uint8Array(10 * count)
  let at = 0
  for (let offsetDelta = 0; offsetDelta < count; offsetDelta++) {
    const start = at++
    payload.set([0, 0], at)
    at = putVarint(payload, at + 2, offsetDelta)
    payload.set([1, 1, 0], at)
    at += 3
    putVarint(payload, start, at - start - 1)
  }
  const fields = { lastOffsetDelta: count, compression: 4 }
  const tooMany = spelled(payload.subarray(0, at), count, fields)
  assert.match(reasonOf(tooMany), /too many records and headers/)
  let seen = 0
  assert.ok(walkRecords(tooMany, 0, () => ++seen > 0).ok)
  assert.equal(seen, count)
})

test('more headers than may be held at once are walked, but not held', () => {
  const count = limits.batchRecordsDecodedMax
  const payload = new Uint8Array(2 * count + 20)
  let at = putVarint(payload, 0, 2 * count + 5 + varintBytes(count))
  payload.set([0, 0, 0, 1, 1], at)
  at = putVarint(payload, at + 5, count)
  payload.fill(1, at, at + 2 * count)
  for (let key = at; key < at + 2 * count; key += 2) payload[key] = 0
  const tooMany = spelled(payload.subarray(0, at + 2 * count), 1, { compression: 4 })
  assert.match(reasonOf(tooMany), /too many records and headers/)
  let seen = 0
  assert.ok(walkRecords(tooMany, 0, ({ headerCount }) => (seen = headerCount) > 0).ok)
  assert.equal(seen, count)
})
