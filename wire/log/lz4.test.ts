import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import { randomFrom } from '@fermata/testkit/random'
import { lz4DecodedBytes } from './lz4.ts'

const anyBytes = 2 ** 40

/** Bytes whose repetitions are of all lengths, near and far. */
function bytesOf(seed: number, length: number): Buffer {
  const random = randomFrom(seed)
  const bytes = Buffer.alloc(length)
  let at = 0
  while (at < length) {
    const size = 1 + random.below(2 ** random.below(14))
    if (at > 0 && random.chance(0.7)) {
      const from = random.below(at)
      for (let i = 0; i < size && at < length; i++) bytes[at++] = bytes[from + (i % (at - from))]!
    } else {
      for (let i = 0; i < size && at < length; i++) bytes[at++] = random.below(256)
    }
  }
  return bytes
}

test('a frame is measured without being unpacked', () => {
  const options = [undefined, { contentChecksum: true }, { blockChecksums: true }]
  for (let seed = 0; seed < 60; seed++) {
    const length = [0, 1, 12, 13, 20, 300, 65_536, 65_537, 400_000, 5_000_000][seed % 10]!
    const frame = compressFrameSync(bytesOf(seed, length), options[seed % 3])
    assert.equal(lz4DecodedBytes(frame, anyBytes), length, `seed ${seed}`)
    assert.equal(lz4DecodedBytes(frame, length), length)
    if (length > 0) assert.equal(lz4DecodedBytes(frame, length - 1), undefined)
  }
})

test('every prefix of a frame, and a frame with more behind it, is refused', () => {
  for (const contentChecksum of [false, true]) {
    const frame = compressFrameSync(bytesOf(1, 500), { contentChecksum })
    for (let length = 0; length < frame.length; length++) {
      assert.equal(lz4DecodedBytes(frame.subarray(0, length), anyBytes), undefined)
    }
    assert.equal(lz4DecodedBytes(Buffer.concat([frame, Buffer.of(0)]), anyBytes), undefined)
    assert.equal(lz4DecodedBytes(Buffer.concat([frame, frame]), anyBytes), undefined)
  }
})

/** A frame whose header checksum nobody looks at, of one block. */
function frameOf(
  flags: string,
  descriptor: string,
  block: string,
  size = block.length / 2,
): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(size)
  return Buffer.concat([
    Buffer.from(`04224d18${flags}${descriptor}00`, 'hex'),
    length,
    Buffer.from(`${block}00000000`, 'hex'),
  ])
}

const blocks: readonly [string, string, number | undefined][] = [
  ['literals alone', '50aaaaaaaaaa', 5],
  ['15 literals', `f000${'aa'.repeat(15)}`, 15],
  ['270 literals', `f0ff00${'aa'.repeat(270)}`, 270],
  ['a match of 4', '10aa010010bb', 1 + 4 + 1],
  ['a match of 19', '1faa01000010bb', 1 + 19 + 1],
  ['a match of 274', '1faa0100ff0010bb', 1 + 274 + 1],
  ['nothing after a match', '10aa0100', undefined],
  ['a distance that is cut off', '10aa01', undefined],
  ['literals that are cut off', '50aaaaaaaa', undefined],
  ['a length that never ends', 'f0ffffffff', undefined],
  ['a match length that never ends', '1faa0100ffffff', undefined],
]

for (const [name, block, bytes] of blocks) {
  test(`a block with ${name} is ${bytes === undefined ? 'refused' : `of ${bytes} bytes`}`, () => {
    assert.equal(lz4DecodedBytes(frameOf('60', '40', block), anyBytes), bytes)
  })
}

test('a block that holds more than its frame allows is refused', () => {
  // 257 bytes of 255 make 65,535; the token, the first literal and the last one add to it.
  const match = (last: string) => `1faa0100${'ff'.repeat(256)}${last}10bb`
  assert.equal(lz4DecodedBytes(frameOf('60', '40', match('eb')), anyBytes), 65_536)
  assert.equal(lz4DecodedBytes(frameOf('60', '40', match('ec')), anyBytes), undefined)
  assert.equal(lz4DecodedBytes(frameOf('60', '50', match('ec')), anyBytes), 65_537)
})

test('a block that is not compressed counts as it is', () => {
  assert.equal(lz4DecodedBytes(frameOf('60', '40', 'aabbcc', 2 ** 31 + 3), anyBytes), 3)
  assert.equal(lz4DecodedBytes(frameOf('60', '40', 'aabbcc', 2 ** 31 + 9), anyBytes), undefined)
})

const headers: readonly [string, string, string][] = [
  ['of another version', '20', '40'],
  ['whose blocks need each other', '40', '40'],
  ['with a dictionary', '61', '40'],
  ['with a reserved flag', '62', '40'],
  ['with blocks of unknown size', '60', '30'],
  ['with a reserved bit in its descriptor', '60', '41'],
  ['with the other one', '60', 'c0'],
]

for (const [name, flags, descriptor] of headers) {
  test(`a frame ${name} is refused`, () => {
    assert.equal(lz4DecodedBytes(frameOf('60', '40', '10aa'), anyBytes), 1)
    assert.equal(lz4DecodedBytes(frameOf(flags, descriptor, '10aa'), anyBytes), undefined)
  })
}

test('the measure agrees with the decoder wherever both take a damaged frame', () => {
  const random = randomFrom(99)
  let both = 0
  for (let round = 0; round < 5_000; round++) {
    const length = 1 + random.below(300)
    const frame = compressFrameSync(bytesOf(round, length))
    const at = 11 + random.below(frame.length - 15)
    frame[at]! ^= 1 << random.below(8)
    const measured = lz4DecodedBytes(frame, anyBytes)
    if (measured === undefined) continue
    try {
      assert.equal(decompressFrameSync(frame).length, measured, `round ${round}`)
      both++
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
    }
  }
  assert.ok(both > 1_000, `${both} frames`)
})
