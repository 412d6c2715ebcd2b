import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knob, testSeed } from '@fermata/testkit/knobs'
import { randomFrom, type SeededRandom } from '@fermata/testkit/random'
import { apis } from './apis.ts'
import { decodeRequest, encodeRequest, type Offer } from './codec.ts'
import { noUuid } from './declare.ts'
import { drawBody, drawBytes, forms } from './samples.fixture.ts'

const requests = forms.filter(({ half }) => half === 'request')
const everything: Offer = Object.fromEntries(
  Object.entries(apis).map(([name, { request }]) => [name, request.versions]),
)

/** Lengths that a frame would not survive if they were believed. */
const lies = [0x7fffffff, 0x80000000, 0xffffffff, 0x00ffffff, 0x7fff, 0xffff, 0xff]

const damages: readonly ((random: SeededRandom, frame: Buffer) => Buffer)[] = [
  (random, frame) => {
    const flips = 1 + random.below(4)
    for (let flip = 0; flip < flips; flip++) {
      const at = random.below(frame.length)
      frame[at] = frame[at]! ^ (1 << random.below(8))
    }
    return frame
  },
  (random, frame) => {
    frame[random.below(frame.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff])
    return frame
  },
  (random, frame) => {
    const at = 8 + random.below(Math.max(1, frame.length - 12))
    if (at + 4 <= frame.length) frame.writeUInt32BE(random.pick(lies), at)
    return frame
  },
  (random, frame) => frame.subarray(0, random.below(frame.length)),
  (random, frame) => {
    const at = random.below(frame.length)
    const stray = drawBytes(random, 1 + random.below(8))
    return Buffer.concat([frame.subarray(0, at), stray, frame.subarray(at)])
  },
  (random, frame) => {
    const at = 8 + random.below(frame.length)
    const lie = Buffer.of(0xff, 0xff, 0xff, 0xff, random.pick([0x07, 0x0f, 0x7f]))
    return Buffer.concat([frame.subarray(0, at), lie, frame.subarray(at)])
  },
]

/** How many elements and bytes were made of a frame; the id of nothing is made once for all. */
function sizeOf(value: unknown): { elements: number; bytes: number } {
  if (value instanceof Uint8Array) return { elements: 0, bytes: value.length }
  if (value === noUuid) return { elements: 0, bytes: 0 }
  if (typeof value === 'string') return { elements: 0, bytes: Buffer.byteLength(value) }
  if (typeof value !== 'object' || value === null) return { elements: 0, bytes: 0 }
  const own = Array.isArray(value) ? value.length : 0
  return Object.values(value).reduce<{ elements: number; bytes: number }>(
    (sum, inside) => {
      const { elements, bytes } = sizeOf(inside)
      return { elements: sum.elements + elements, bytes: sum.bytes + bytes }
    },
    { elements: own, bytes: 0 },
  )
}

// The long run: FERMATA_FUZZ_RUNS=1000000 node --test wire/faces/kafka/codec.fuzz.test.ts
test('[R5] a damaged frame is read or refused by name, and nothing larger than it is made of it', (t) => {
  const seed = testSeed()
  const runs = knob('FERMATA_FUZZ_RUNS', 20_000)
  const random = randomFrom(seed)
  const counts = { read: 0, malformed: 0, other: 0 }
  for (let run = 0; run < runs; run++) {
    const form = random.pick(requests)
    const body = drawBody(random, form)
    const head = { api: form.api, version: form.version, correlationId: 1, clientId: 'fuzz' }
    const whole = Buffer.concat(encodeRequest({ ...head, body: body as never })).subarray(4)
    const frame = random.pick(damages)(random, Buffer.from(whole))
    const read = decodeRequest(frame, everything)
    if (read.ok) {
      const { elements, bytes } = sizeOf(read.value.body)
      assert.ok(elements <= frame.length, `${elements} elements of ${frame.length} bytes`)
      assert.ok(bytes <= 3 * frame.length, `${bytes} bytes of ${frame.length}`)
      counts.read++
    } else if (read.refusal.code === 'malformed') {
      assert.notEqual(read.refusal.field, '')
      assert.notEqual(read.refusal.reason, '')
      counts.malformed++
    } else counts.other++
  }
  t.diagnostic(`FERMATA_SEED=${seed}: ${JSON.stringify(counts)}`)
  assert.equal(counts.read + counts.malformed + counts.other, runs)
  if (runs < 1_000) return
  for (const [name, count] of Object.entries(counts)) {
    assert.ok(count > runs / 200, `${count} of ${runs} frames were ${name}`)
  }
})
