import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fakeClock } from '@fermata/testkit/clock'
import { rateLimiter } from './rate.ts'

function limiter(max = 3, windowMs = 1_000, keysMax = 10) {
  const clock = fakeClock()
  return { clock, rate: rateLimiter({ clock, max, windowMs, keysMax }) }
}

test('so many are allowed at once, and one more is told when to come again', () => {
  const { clock, rate } = limiter()
  for (let i = 0; i < 3; i++) assert.deepEqual(rate.take('a'), { ok: true })
  const refused = rate.take('a')
  assert.ok(!refused.ok)
  assert.deepEqual(rate.take('b'), { ok: true }, 'another key counts for itself')
  clock.advance(refused.retryAfterMs - 1)
  assert.ok(!rate.take('a').ok, 'a millisecond too early')
  clock.advance(1)
  assert.deepEqual(rate.take('a'), { ok: true })
})

test('a burst at the end of one window leaves no room for another at the start of the next', () => {
  const { clock, rate } = limiter()
  rate.take('a')
  clock.advance(999)
  rate.take('a')
  rate.take('a')
  clock.advance(1)
  assert.ok(!rate.take('a').ok)
})

test('whoever waits as long as they were told is let in, and what was refused is not counted', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.integer({ min: 0, max: 1_500 }), { maxLength: 60 }),
      (max, pauses) => {
        const { clock, rate } = limiter(max)
        for (const pause of pauses) {
          clock.advance(pause)
          const taken = rate.take('a')
          if (taken.ok) continue
          assert.ok(taken.retryAfterMs > 0 && taken.retryAfterMs <= 2_000)
          assert.ok(!rate.take('a').ok)
          clock.advance(taken.retryAfterMs)
          assert.deepEqual(rate.take('a'), { ok: true })
        }
      },
    ),
  )
})

test('a steady rush gets the limit in every window, and hardly more', () => {
  const { clock, rate } = limiter(10, 1_000)
  let allowed = 0
  for (let ms = 0; ms < 60_000; ms += 5) {
    if (rate.take('a').ok) allowed += 1
    clock.advance(5)
  }
  assert.ok(allowed >= 500 && allowed <= 610, `${allowed} in a minute of 10 a second`)
})

test('keys are forgotten, the longest unused first, so that memory is bounded', () => {
  const { rate } = limiter(1, 1_000, 3)
  for (const key of ['a', 'b', 'c']) rate.take(key)
  rate.take('a')
  rate.take('d')
  assert.equal(rate.keys(), 3)
  assert.ok(!rate.take('a').ok, 'a was used last and is still counted')
  assert.ok(rate.take('b').ok, 'b was forgotten')
})

test('whoever waits exactly as long as they were told is let in, whatever the limit and the window', () => {
  for (const windowMs of [1_000, 60_000, 180_000, 3_600_000]) {
    for (let max = 1; max <= 200; max++) {
      const { clock, rate } = limiter(max, windowMs)
      for (let i = 0; i < max; i++) rate.take('a')
      const refused = rate.take('a')
      assert.ok(!refused.ok)
      clock.advance(refused.retryAfterMs)
      assert.deepEqual(rate.take('a'), { ok: true }, `${max} in ${windowMs} ms`)
    }
  }
})
