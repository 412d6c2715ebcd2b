import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { decoderOf } from './decoder.ts'
import {
  array,
  boolean,
  bytes,
  float64,
  int16,
  int32,
  int64,
  int8,
  message,
  noUuid,
  rows,
  string,
  struct,
  uint16,
  uuid,
  type Fields,
  type Message,
} from './declare.ts'
import { encoderOf } from './encoder.ts'
import { newReader } from './reader.ts'
import { finish, newWriter } from './writer.ts'

// Small messages of our own show the grammar byte by byte: version 0 is not flexible, version 1 is.

function declare<F extends Fields>(fields: F): Message<F> {
  return message({ name: 'Example', versions: '0-1', flexible: '1+', fields })
}

function read(message: Message, version: number, hex: string) {
  const reader = newReader(Buffer.from(hex.replaceAll(' ', ''), 'hex'), limits.kafkaElementsMax)
  const value = decoderOf(message, version)(reader)
  const field = reader.path.toReversed().join('.').replaceAll('.[', '[')
  if (reader.fault !== undefined) return `${field} ${reader.fault}`
  return reader.at === reader.end ? value : `leaves ${reader.end - reader.at}`
}

function write(message: Message, version: number, value: unknown): string {
  const writer = newWriter(1)
  encoderOf(message, version)(writer, value)
  return Buffer.concat(finish(writer)).toString('hex')
}

/** Bytes and value say the same, both ways. */
function same(message: Message, version: number, hex: string, value: unknown): void {
  assert.deepEqual(read(message, version, hex), value)
  assert.equal(write(message, version, value), hex.replaceAll(' ', ''))
}

test('[G1] numbers are big-endian, and as wide as they are called', () => {
  const numbers = declare({
    a: boolean(),
    b: int8(),
    c: int16(),
    d: uint16(),
    e: int32(),
    f: int64(),
    g: float64(),
  })
  const value = { a: true, b: -2, c: -3, d: 65_535, e: -4, f: -5, g: 1.5 }
  const hex = '01 fe fffd ffff fffffffc fffffffffffffffb 3ff8000000000000'
  same(numbers, 0, hex, value)
  same(numbers, 1, `${hex} 00`, value)
  assert.deepEqual(read(declare({ a: boolean() }), 0, '07'), { a: true })
})

test('[G2] eight bytes are read up to 2^53, and beyond are refused unless they may as well be less', () => {
  const long = declare({ at: int64() })
  same(long, 0, '001fffffffffffff', { at: 2 ** 53 - 1 })
  same(long, 0, 'ffe0000000000001', { at: -(2 ** 53) + 1 })
  same(long, 0, '00000001fffffffe', { at: 2 ** 33 - 2 })
  for (const hex of [
    '0020000000000000',
    'ffe0000000000000',
    '7fffffffffffffff',
    '8000000000000000',
  ]) {
    assert.equal(read(long, 0, hex), 'at is an integer beyond 2^53')
  }
  const late = declare({ at: int64({ saturates: true }) })
  assert.deepEqual(read(late, 0, '7fffffffffffffff'), { at: 2 ** 53 - 1 })
  assert.deepEqual(read(late, 0, '8000000000000000'), { at: -(2 ** 53) + 1 })
  assert.deepEqual(read(late, 0, 'fffffffffffffffe'), { at: -2 })
})

test('[G3] a text has a length of two bytes, or compact one more than its length', () => {
  const text = declare({ name: string({ nullable: true }) })
  same(text, 0, '0003 c3a961', { name: 'éa' })
  same(text, 1, '04 c3a961 00', { name: 'éa' })
  same(text, 0, '0000', { name: '' })
  same(text, 1, '01 00', { name: '' })
  same(text, 0, 'ffff', { name: null })
  same(text, 1, '00 00', { name: null })
  const long = 'z'.repeat(200)
  same(text, 1, `c901 ${'7a'.repeat(200)} 00`, { name: long })
  const wide = '鍵'.repeat(40)
  same(text, 0, `0078 ${'e98db5'.repeat(40)}`, { name: wide })
})

test('[G4] bytes have a length of four bytes, or compact one more than their length', () => {
  const opaque = declare({ data: bytes({ nullable: true }) })
  same(opaque, 0, '00000002 beef', { data: Buffer.from('beef', 'hex') })
  same(opaque, 1, '03 beef 00', { data: Buffer.from('beef', 'hex') })
  same(opaque, 0, 'ffffffff', { data: null })
  same(opaque, 1, '00 00', { data: null })
})

test('[G5] arrays are counted in four bytes, or compact as one more', () => {
  const list = declare({ ids: array(int16(), { nullable: true }) })
  same(list, 0, '00000002 0001 0002', { ids: [1, 2] })
  same(list, 1, '03 0001 0002 00', { ids: [1, 2] })
  same(list, 0, 'ffffffff', { ids: null })
  same(list, 1, '00 00', { ids: null })
})

test('[G6] a struct ends with its own tags in flexible versions, and may be null behind a byte', () => {
  const inner = { a: int8() }
  const outer = declare({
    one: struct(inner),
    many: rows(inner),
    maybe: struct(inner, { nullable: true }),
  })
  const value = { one: { a: 1 }, many: [{ a: 2 }], maybe: { a: 3 } }
  same(outer, 0, '01 00000001 02 01 03', value)
  same(outer, 1, '01 00 02 02 00 01 03 00 00', value)
  same(outer, 1, '01 00 01 ff 00', { one: { a: 1 }, many: [], maybe: null })
})

test('[G7] an id is sixteen bytes', () => {
  const id = declare({ id: uuid() })
  const hex = '00112233445566778899aabbccddeeff'
  same(id, 0, hex, { id: '00112233-4455-6677-8899-aabbccddeeff' })
  same(id, 0, '00'.repeat(16), { id: noUuid })
})

const tagged = declare({
  plain: int8(),
  second: string({ tag: 1, in: '1+', otherwise: 'none' }),
  first: int16({ tag: 0, in: '1+', otherwise: 7 }),
  deep: struct({ a: int8({ otherwise: -1 }) }, { tag: 5, in: '1+' }),
})

const defaults = { plain: 1, second: 'none', first: 7, deep: { a: -1 } }

test('[T1] tagged fields are written where they differ from what they would be, in the order of their tags', () => {
  same(tagged, 1, '01 00', defaults)
  const value = { plain: 1, second: 'a', first: 8, deep: { a: 2 } }
  same(tagged, 1, '01 03 00020008 01020261 05020200', value)
  assert.equal(write(tagged, 1, { plain: 1 }), '0100')
  assert.deepEqual(read(tagged, 0, '01'), defaults)
})

test('[T2] tags that nobody knows are skipped', () => {
  assert.deepEqual(read(tagged, 1, '01 03 02 01 ff 05020200 07 00'), {
    ...defaults,
    deep: { a: 2 },
  })
})

test('[T3] a tag section keeps to its bounds and to its order', () => {
  const refused = (hex: string): unknown => read(tagged, 1, `01 ${hex}`)
  assert.equal(refused('01 03 05 ff'), 'tags has a tag of 5 bytes, cut off')
  assert.equal(refused('01 03 ffffffff0f'), 'tags has a tag of 4294967295 bytes, cut off')
  assert.equal(refused('ffffffff0f 03 00'), 'tags is cut off')
  assert.equal(refused('02 04 00 03 00'), 'tags has tag 3 after tag 4')
  assert.equal(refused('02 00020008 00020009'), 'tags has tag 0 after tag 0')
  assert.equal(refused('01 00 03 0008ff'), 'first leaves 1 bytes of its tag')
  assert.equal(refused('02 00 01 00 08 00'), 'first is cut off')
  assert.equal(refused('01 01 02 0561'), 'second has a length of 4, and 1 bytes are left')
})

const nested = declare({
  rows: rows({ name: string(), parts: array(int32()), data: bytes() }),
  rest: string({ nullable: true }),
})

test('[R2] a length is checked before it is believed', () => {
  const refusals: readonly [version: number, hex: string, refusal: string][] = [
    [0, '7fffffff', 'rows has 2147483647 elements, and 0 bytes are left'],
    [0, '00000002 0000 00000000 00000000', 'rows has 2 elements, and 10 bytes are left'],
    [0, 'fffffffe', 'rows has -2 elements, and 0 bytes are left'],
    [1, 'ffffffff0f', 'rows has 4294967294 elements, and 0 bytes are left'],
    [
      0,
      '00000001 7fff 61000000000000000000',
      'rows[0].name has a length of 32767, and 10 bytes are left',
    ],
    [0, '00000001 fffe 00000000 00000000', 'rows[0].name has a length of -2, and 8 bytes are left'],
    [0, '00000001 0001 61 00000001 0000 00000000', 'rows[0].data is cut off'],
    [
      0,
      '00000001 0001 61 00000003 0000 00000000',
      'rows[0].parts has 3 elements, and 6 bytes are left',
    ],
    [
      0,
      '00000001 0001 61 00000000 7fffffff 00',
      'rows[0].data has a length of 2147483647, and 1 bytes are left',
    ],
    [
      1,
      '02 02 61 01 ffffffff0f 00',
      'rows[0].data has a length of 4294967294, and 1 bytes are left',
    ],
  ]
  for (const [version, hex, refusal] of refusals) assert.equal(read(nested, version, hex), refusal)
})

test('[R3] null is refused where a version has no null', () => {
  assert.equal(read(nested, 0, 'ffffffff'), 'rows is null')
  assert.equal(read(nested, 1, '00'), 'rows is null')
  assert.equal(read(nested, 0, '00000001 ffff 00000000 00000000'), 'rows[0].name is null')
  assert.equal(read(nested, 1, '02 00 01 01 00'), 'rows[0].name is null')
  assert.equal(read(nested, 0, '00000001 0000 ffffffff 00000000'), 'rows[0].parts is null')
  assert.equal(read(nested, 0, '00000001 0000 00000000 ffffffff'), 'rows[0].data is null')
  const since = declare({ name: string({ nullable: '1+' }) })
  assert.equal(read(since, 0, 'ffff'), 'name is null')
  assert.deepEqual(read(since, 1, '00 00'), { name: null })
})

test('[R4] what is not UTF-8, or a varint of more than 32 bits, is refused', () => {
  const text = declare({ name: string() })
  assert.equal(read(text, 0, '0002 c328'), 'name is not UTF-8')
  assert.equal(read(text, 0, '0003 eda080'), 'name is not UTF-8')
  assert.deepEqual(read(text, 0, '0003 efbfbd'), { name: '\ufffd' })
  assert.equal(read(text, 1, 'ffffffff1f'), 'name has a varint of more than 32 bits')
  assert.equal(read(text, 1, '8080808080 00'), 'name has a varint of more than 32 bits')
})

test('[R5] a frame makes no more elements than a limit with a name', () => {
  const many = declare({ ids: array(int8()) })
  const frame = (count: number): string => count.toString(16).padStart(8, '0') + '01'.repeat(count)
  const most = limits.kafkaElementsMax
  assert.ok(typeof read(many, 0, frame(most)) === 'object')
  const refusal = `ids has ${most + 1} elements, more than a frame may hold`
  const given = read(many, 0, frame(most + 1))
  assert.equal(typeof given === 'string' ? given : 'it was read', refusal)
})
