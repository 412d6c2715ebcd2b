import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from './clock.ts'

test('timers run in the order of their times, each at its own time', () => {
  const clock = fakeClock(1_000)
  const ran: string[] = []
  const note = (name: string) => () => ran.push(`${name} at ${clock.now()}`)
  clock.after(30, note('late'))
  clock.after(10, note('early'))
  clock.after(10, note('after early'))
  clock.after(20, () => clock.after(5, note('made on the way')))
  clock.after(31, note('not yet'))
  clock.advance(30)
  assert.deepEqual(ran, [
    'early at 1010',
    'after early at 1010',
    'made on the way at 1025',
    'late at 1030',
  ])
  assert.equal(clock.now(), 1_030)
  assert.equal(clock.timers(), 1)
})

test('a cancelled timer does not run', () => {
  const clock = fakeClock()
  const cancel = clock.after(10, () => assert.fail('it ran'))
  cancel()
  clock.advance(100)
})

test('setting the wall clock back leaves the monotonic time and the timers alone', () => {
  const clock = fakeClock(5_000)
  let ran = 0
  clock.after(10, () => (ran += 1))
  clock.advance(5)
  clock.setWall(1_000)
  assert.equal(clock.now(), 1_000)
  assert.equal(clock.monotonic(), 5)
  clock.advance(5)
  assert.equal(ran, 1)
  assert.equal(clock.now(), 1_005)
})
