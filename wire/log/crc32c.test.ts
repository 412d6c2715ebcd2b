import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '@fermata/base/bytes'
import { randomFrom } from '@fermata/testkit/random'
import { crc32c, crc32cByTable } from './crc32c.ts'

/** RFC 3720, appendix B.4, where the bytes of the checksum stand in the order of the wire. */
const known: readonly [string, Uint8Array, number][] = [
  ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 bytes that count up', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['32 bytes that count down', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ['the digits', utf8('123456789'), 0xe3069283],
  ['nothing', new Uint8Array(0), 0],
]

for (const [name, bytes, expected] of known) {
  test(`the checksum of ${name} is that of the standard`, () => {
    assert.equal(crc32c(bytes), expected)
    assert.equal(crc32cByTable(bytes), expected)
  })
}

function randomBytes(seed: number, length: number): Uint8Array {
  const random = randomFrom(seed)
  return Uint8Array.from({ length }, () => random.below(256))
}

test('addon and table agree on all lengths, at all places in memory', () => {
  const bytes = randomBytes(5, 1_200)
  for (let length = 0; length < 1_150; length++) {
    const part = bytes.subarray(length % 17, (length % 17) + length)
    assert.equal(crc32c(part), crc32cByTable(part), `${length} bytes`)
  }
  const large = randomBytes(6, 1_000_003)
  assert.equal(crc32c(large), crc32cByTable(large))
})

test('a checksum goes on from that of what came before', () => {
  const bytes = randomBytes(7, 2_000)
  for (const cut of [0, 1, 7, 8, 500, 1_999, 2_000]) {
    const [before, after] = [bytes.subarray(0, cut), bytes.subarray(cut)]
    assert.equal(crc32c(after, crc32c(before)), crc32c(bytes))
    assert.equal(crc32cByTable(after, crc32cByTable(before)), crc32c(bytes))
  }
})
