import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { limits } from '@fermata/base/limits'
import { fakeClock } from '@fermata/testkit/clock'
import { pngOf } from '@fermata/testkit/picture'
import { seededRandom } from '@fermata/testkit/random'
import { openPictures } from './pictures.ts'

const opened = (t: TestContext) => {
  const clock = fakeClock()
  const pictures = openPictures(clock)
  t.after(() => pictures.close())
  return { clock, pictures, look: (bytes: Buffer) => pictures.look(async () => bytes) }
}

test('a picture has its size and a small one of its form, with nothing else in it', async (t) => {
  const { look } = opened(t)
  const large = await look(pngOf(1_920, 480))
  assert.deepEqual([large?.width, large?.height], [1_920, 480])
  const small = Buffer.from(large!.small)
  assert.equal(small.subarray(8, 12).toString(), 'WEBP')
  assert.doesNotMatch(small.toString('latin1'), /EXIF|ICCP|XMP /)
  assert.ok(small.length < 3_000)
  const tiny = await look(pngOf(3, 2))
  assert.deepEqual([tiny?.width, tiny?.height], [3, 2])
})

test('what is no picture, is broken, or has too many pixels is told, and the next one is looked at', async (t) => {
  const { look } = opened(t)
  const side = Math.ceil(Math.sqrt(limits.picturePixelsMax)) + 1
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  const garbage = Buffer.concat([pngOf(9, 9).subarray(0, 20), Buffer.alloc(50, 3)])
  for (const bytes of [pngOf(side, side), svg, garbage, Buffer.alloc(0)]) {
    assert.equal(await look(bytes), null)
  }
  assert.equal((await look(pngOf(20, 10)))?.width, 20)
})

test('damaged pictures end neither the thread nor the process', async (t) => {
  const random = seededRandom('damaged pictures')
  const { look } = opened(t)
  for (let run = 0; run < 60; run++) {
    const bytes = pngOf(40, 30)
    for (let damage = 0; damage < 4; damage++) bytes[random.below(bytes.length)] = random.below(256)
    const looked = await look(bytes)
    assert.ok(looked === null || looked.width > 0)
  }
  assert.equal((await look(pngOf(20, 10)))?.width, 20)
})

test('a picture that takes too long costs its thread, and the next one gets another', async (t) => {
  const { clock, pictures, look } = opened(t)
  // Nothing of it has been looked at when its time is over.
  const slow = look(pngOf(7_000, 7_000))
  while (clock.timers() === 0) await new Promise((resolve) => setImmediate(resolve))
  clock.advance(limits.pictureMsMax)
  assert.equal(await slow, null)
  assert.equal((await look(pngOf(20, 10)))?.width, 20)
  await pictures.close()
})
