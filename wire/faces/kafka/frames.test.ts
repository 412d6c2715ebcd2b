import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { testSeed } from '@fermata/testkit/knobs'
import { randomFrom } from '@fermata/testkit/random'
import { newFrameSplitter } from './frames.ts'

function framed(body: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length)
  return Buffer.concat([length, body])
}

function pushAll(chunks: readonly Uint8Array[], bytesMax?: number): string[] {
  const splitter = newFrameSplitter(bytesMax)
  return chunks.flatMap((chunk) => {
    const pushed = splitter.push(chunk)
    assert.ok(pushed.ok, JSON.stringify(pushed))
    return pushed.value.map((frame) => frame.toString('latin1'))
  })
}

const bodies = ['', 'a', 'bc', 'd'.repeat(70_000), '', 'efg']
const stream = Buffer.concat(bodies.map((body) => framed(Buffer.from(body))))

test('[F1] frames come out whole when a connection brings a byte at a time', () => {
  const bytes = Array.from(stream, (byte) => Uint8Array.of(byte))
  assert.deepEqual(pushAll(bytes), bodies)
})

test('[F1] frames come out whole, however they were cut', (t) => {
  const seed = testSeed()
  t.diagnostic(`FERMATA_SEED=${seed}`)
  const random = randomFrom(seed)
  assert.deepEqual(pushAll([stream]), bodies)
  for (let round = 0; round < 200; round++) {
    const chunks: Uint8Array[] = []
    const most = random.pick([2, 7, 100, 30_000, 80_000])
    for (let at = 0; at < stream.length;) {
      const end = Math.min(stream.length, at + random.below(most + 1))
      chunks.push(stream.subarray(at, end))
      at = end
    }
    assert.deepEqual(pushAll(chunks), bodies)
  }
})

test('[F2] a frame that came in one piece is a view of it', () => {
  const chunk = framed(Buffer.from('whole'))
  const pushed = newFrameSplitter().push(chunk)
  assert.ok(pushed.ok)
  assert.equal(pushed.value[0]?.buffer, chunk.buffer)
})

test('[F3] a length that is negative or beyond the limit ends it, wherever it was cut', () => {
  const announce = (length: number): Buffer => {
    const bytes = Buffer.alloc(9)
    bytes.writeInt32BE(length)
    return bytes
  }
  for (const length of [-1, -(2 ** 31), 101, 2 ** 31 - 1]) {
    for (let cut = 0; cut <= 8; cut++) {
      const splitter = newFrameSplitter(100)
      const bytes = announce(length)
      const first = splitter.push(bytes.subarray(0, cut))
      const pushed = first.ok ? splitter.push(bytes.subarray(cut)) : first
      const refusal = { code: 'bad_length', bytes: length, bytesMax: 100 }
      assert.deepEqual(pushed, { ok: false, refusal })
      assert.throws(() => splitter.push(bytes), { name: 'AssertionFailure' })
    }
  }
  assert.equal(pushAll([framed(Buffer.alloc(100))], 100).length, 1)
  assert.equal(newFrameSplitter().bytesMax, limits.kafkaFrameBytesMax)
})

test('[F3] the limit may grow while a connection goes on', () => {
  const splitter = newFrameSplitter(2)
  assert.ok(splitter.push(framed(Buffer.from('ab'))).ok)
  splitter.bytesMax = 5
  assert.ok(splitter.push(framed(Buffer.from('abcde'))).ok)
  assert.ok(!splitter.push(framed(Buffer.from('abcdef'))).ok)
})

test('[F4] what is held grows with what came, not with what was announced', () => {
  const splitter = newFrameSplitter()
  const before = process.memoryUsage().arrayBuffers
  const length = Buffer.alloc(4)
  length.writeInt32BE(limits.kafkaFrameBytesMax)
  assert.ok(splitter.push(length).ok)
  assert.ok(splitter.push(Buffer.alloc(1_000)).ok)
  assert.equal(splitter.heldBytes, 1_004)
  const grown = process.memoryUsage().arrayBuffers - before
  assert.ok(grown < 1_000_000, `${grown} bytes for 1,004`)
})
