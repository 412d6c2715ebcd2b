import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whenOf } from './when.ts'

const at = (text: string): number => Date.parse(text)

test('a time is said as the wall shows it where it is meant', () => {
  assert.deepEqual(whenOf(at('2026-03-29T07:00Z'), 'Europe/Rome', 'receiver'), {
    wall: '2026-03-29T09:00',
    zone: 'Europe/Rome',
    whose: 'receiver',
  })
  assert.deepEqual(whenOf(at('2026-01-05T03:30Z'), 'Asia/Kolkata', 'sender'), {
    wall: '2026-01-05T09:00',
    zone: 'Asia/Kolkata',
    whose: 'sender',
  })
})

test('the second of two hours of the same name is said as the moment it is', () => {
  const first = at('2026-10-25T00:30Z')
  assert.ok('wall' in whenOf(first, 'Europe/Rome', 'sender'))
  const second = first + 3_600_000
  assert.deepEqual(whenOf(second, 'Europe/Rome', 'sender'), { at: second })
})
