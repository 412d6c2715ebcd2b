import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomFrom } from '@fermata/testkit/random'
import {
  putVarint,
  putVarlong,
  readVarint,
  readVarlong,
  varintBytes,
  varlongBytes,
} from './varint.ts'

/** The encoding as its definition says it, in integers of any size. */
function encodedByDefinition(value: number): number[] {
  const wide = BigInt(value)
  let folded = wide >= 0n ? 2n * wide : -2n * wide - 1n
  const bytes: number[] = []
  for (; folded >= 128n; folded /= 128n) bytes.push(Number(folded % 128n) + 128)
  return [...bytes, Number(folded)]
}

function written(put: typeof putVarint, value: number): number[] {
  const bytes = new Uint8Array(16)
  const end = put(bytes, 3, value)
  assert.ok(bytes.subarray(0, 3).every((byte) => byte === 0))
  assert.ok(bytes.subarray(end).every((byte) => byte === 0))
  return [...bytes.subarray(3, end)]
}

function read(from: typeof readVarint, bytes: readonly number[]): { value: number; at: number } {
  const cursor = { bytes: Uint8Array.from([9, ...bytes, 9]), at: 1, end: 1 + bytes.length }
  const value = from(cursor)
  return { value, at: cursor.at - 1 }
}

/** Zero, the neighbours of all powers of two, and the ends, of integers of some bits. */
function edges(bits: number): number[] {
  const powers = Array.from({ length: bits - 1 }, (_, power) => 2 ** power)
  const near = powers.flatMap((power) => [power - 1, power, power + 1, -power - 1, -power])
  const max = 2 ** (bits - 1) - 1
  return [0, ...near, max, -max].filter((value) => Math.abs(value) <= max)
}

test('varints are as the protocol guide shows them', () => {
  const known: readonly [number, string][] = [
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [-64, '7f'],
    [64, '8001'],
    [300, 'd804'],
    [2_147_483_647, 'feffffff0f'],
    [-2_147_483_648, 'ffffffff0f'],
  ]
  for (const [value, hex] of known) {
    assert.equal(Buffer.from(written(putVarint, value)).toString('hex'), hex)
    assert.equal(Buffer.from(written(putVarlong, value)).toString('hex'), hex)
  }
})

test('every varint of 32 bits at an edge is written and read', () => {
  for (const value of [...edges(32), -(2 ** 31)]) {
    const bytes = encodedByDefinition(value)
    assert.deepEqual(written(putVarint, value), bytes, String(value))
    assert.equal(varintBytes(value), bytes.length)
    assert.deepEqual(read(readVarint, bytes), { value, at: bytes.length })
  }
})

test('every varlong within the safe integers is written and read', () => {
  const random = randomFrom(11)
  const some = Array.from(
    { length: 2_000 },
    () => Math.floor((random.unit() - 0.5) * 2 ** random.below(55)) % Number.MAX_SAFE_INTEGER,
  )
  for (const value of [...edges(54), ...some]) {
    const bytes = encodedByDefinition(value)
    assert.deepEqual(written(putVarlong, value), bytes, String(value))
    assert.equal(varlongBytes(value), bytes.length)
    assert.deepEqual(read(readVarlong, bytes), { value, at: bytes.length })
  }
})

test('a number that is cut off anywhere is none, and the reader stays where it was', () => {
  for (const value of [64, -(2 ** 31), 2 ** 31 - 1]) {
    const bytes = encodedByDefinition(value)
    for (let length = 0; length < bytes.length; length++) {
      const start = bytes.slice(0, length)
      assert.deepEqual(read(readVarint, start), { value: NaN, at: 0 })
      assert.deepEqual(read(readVarlong, start), { value: NaN, at: 0 })
    }
  }
})

test('a varint of more than 32 bits is none', () => {
  for (const hex of ['ffffffff10', 'ffffffff8f00', '808080808000', 'ffffffffffff']) {
    assert.equal(read(readVarint, [...Buffer.from(hex, 'hex')]).value, NaN, hex)
  }
})

test('a varlong beyond the safe integers is none', () => {
  const beyond = [2n ** 54n, 2n ** 54n - 1n, 2n ** 56n, 2n ** 63n, 2n ** 64n - 1n]
  for (const folded of beyond) {
    const bytes: number[] = []
    let rest = folded
    for (; rest >= 128n; rest /= 128n) bytes.push(Number(rest % 128n) + 128)
    assert.equal(read(readVarlong, [...bytes, Number(rest)]).value, NaN, String(folded))
  }
  assert.equal(read(readVarlong, [...Array.from({ length: 10 }, () => 0x80), 0]).value, NaN)
})
