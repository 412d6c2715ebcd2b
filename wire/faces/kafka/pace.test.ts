import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '@fermata/testkit/clock'
import { openPace } from './pace.ts'

void test('who asks too often waits, nobody else does, and in time it is forgotten', async () => {
  const clock = fakeClock()
  const pace = openPace(clock, { atOnce: 3, perSecond: 2 })
  const told: string[] = []
  const ask = async (name: string): Promise<void> => {
    await pace.turn(name)
    told.push(name)
  }
  const asking = Array.from({ length: 5 }, () => ask('a'))
  await Promise.all([...asking.slice(0, 3), ask('b')])
  assert.deepEqual(told, ['a', 'a', 'a', 'b'])
  clock.advance(499)
  await Promise.resolve()
  assert.equal(told.length, 4)
  clock.advance(1)
  await asking[3]
  assert.equal(told.length, 5)
  clock.advance(500)
  await asking[4]
  clock.advance(10_000)
  pace.forget()
  await Promise.all([ask('a'), ask('a'), ask('a')])
  assert.equal(told.length, 9)
})

void test('however often somebody asks, the wait has an end', async () => {
  const clock = fakeClock()
  const pace = openPace(clock, { atOnce: 1, perSecond: 1 })
  const asking = Array.from({ length: 1_000 }, () => pace.turn('a'))
  clock.advance(10_000)
  await Promise.all(asking)
})
