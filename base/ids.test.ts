import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  idBytes,
  idPattern,
  idText,
  uuidBytes,
  uuidText,
  uuidv7Generator,
  uuidv7Pattern,
} from './ids.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)

test('an id goes to text and back, and texts sort as the bytes do', () => {
  const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 })
  fc.assert(
    fc.property(sixteen, sixteen, (a, b) => {
      const texts = [idText('cnv', a), idText('cnv', b)] as const
      assert.deepEqual([...idBytes(texts[0])!], [...a])
      assert.match(texts[0], new RegExp(idPattern('cnv')))
      assert.equal(
        Math.sign(Buffer.compare(a, b)),
        texts[0] < texts[1] ? -1 : texts[0] > texts[1] ? 1 : 0,
      )
    }),
  )
})

test('a text that is no id gives undefined', () => {
  for (const text of [
    '',
    'cnv',
    'cnv_',
    `cnv_8${'0'.repeat(25)}`,
    `cnv_${'u'.repeat(26)}`,
    `cnv-${'0'.repeat(26)}`,
  ]) {
    assert.equal(idBytes(text), undefined)
  }
})

test('ids grow while the clock stands still, steps back, and when a millisecond is full', () => {
  let now = 1_700_000_000_000
  const next = uuidv7Generator({ now: () => now }, random)
  let last = next()
  for (let i = 0; i < 20_000; i++) {
    if (i === 9_000) now -= 5_000
    const uuid = next()
    assert.ok(Buffer.compare(last, uuid) < 0)
    last = uuid
  }
})

test('a UUIDv7 carries its time, version and variant, and its usual text parses back', () => {
  const uuid = uuidv7Generator({ now: () => 0x0123_4567_89ab }, random)()
  const text = uuidText(uuid)
  assert.match(text, new RegExp(uuidv7Pattern))
  assert.equal(text.slice(0, 13), '01234567-89ab')
  assert.deepEqual(uuidBytes(text), uuid)
})
