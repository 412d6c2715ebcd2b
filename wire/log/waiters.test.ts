import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { fakeClock } from '@fermata/testkit/clock'
import type { PartitionId, Place } from './store.ts'
import { openWaiters, type Reach } from './waiters.ts'

/** Waiters over partitions whose offsets the test moves; answers are noted in the order they came. */
function world() {
  const clock = fakeClock()
  const reaches = new Map<PartitionId, Reach>()
  const waiters = openWaiters({ clock, reachOf: (partition) => reaches.get(partition) })
  const woken: string[] = []
  const move = (partition: PartitionId, high: number, stable = high): void => {
    reaches.set(partition, { high, stable })
    waiters.advanced(partition, high, stable)
  }
  const wait = (name: string, places: readonly Place[], waitMs = 1_000): void => {
    void waiters.waitFor(places, waitMs).then((ready) => woken.push(`${name}: ${ready.join(' ')}`))
  }
  const seen = async (): Promise<string[]> => {
    await new Promise((resolve) => setImmediate(resolve))
    return woken.splice(0)
  }
  return { clock, reaches, waiters, move, wait, seen }
}

const at = (partition: PartitionId, offset: number, committed = false): Place => {
  return { partition, offset, committed }
}

test('who stands before the high watermark does not wait', async () => {
  const { move, wait, waiters, seen, clock } = world()
  move(1, 5)
  move(2, 5)
  wait('a', [at(1, 4), at(2, 5), at(1, 0)])
  assert.deepEqual(await seen(), ['a: 1'])
  assert.equal(waiters.waiting() + clock.timers(), 0)
})

test('who waits is woken by the offset that is waited for, and by no other', async () => {
  const { move, wait, waiters, seen, clock } = world()
  move(1, 5)
  move(2, 5)
  wait('next', [at(1, 5), at(2, 5)])
  wait('later', [at(1, 7)])
  move(1, 5)
  assert.deepEqual(await seen(), [])
  assert.equal(waiters.waiting(), 3)
  move(1, 6)
  assert.deepEqual(await seen(), ['next: 1'])
  move(2, 6)
  move(1, 7)
  assert.deepEqual(await seen(), [])
  move(1, 8)
  assert.deepEqual(await seen(), ['later: 1'])
  assert.equal(waiters.waiting() + clock.timers(), 0)
})

test('who comes later and stands before the others is woken first', async () => {
  const { move, wait, seen } = world()
  move(1, 5)
  wait('far', [at(1, 9)])
  wait('near', [at(1, 5)])
  move(1, 6)
  assert.deepEqual(await seen(), ['near: 1'])
  wait('next', [at(1, 6)])
  move(1, 7)
  assert.deepEqual(await seen(), ['next: 1'])
  move(1, 10)
  assert.deepEqual(await seen(), ['far: 1'])
})

test('the high watermark wakes nobody who waits for committed records', async () => {
  const { move, wait, seen } = world()
  move(1, 5, 3)
  wait('committed', [at(1, 3, true)])
  wait('all', [at(1, 5)])
  wait('both', [at(1, 5, true), at(1, 6)])
  move(1, 6, 3)
  assert.deepEqual(await seen(), ['all: 1'])
  move(1, 6, 4)
  assert.deepEqual(await seen(), ['committed: 1'])
  move(1, 6, 6)
  assert.deepEqual(await seen(), ['both: 1'])
})

test('time runs out by the clock that was handed in', async () => {
  const { wait, move, seen, clock, waiters } = world()
  move(1, 0)
  wait('short', [at(1, 0)], 100)
  wait('long', [at(1, 0)], 200)
  wait('never', [at(1, 0)], 0)
  assert.deepEqual(await seen(), ['never: '])
  clock.advance(99)
  assert.deepEqual(await seen(), [])
  clock.advance(1)
  assert.deepEqual(await seen(), ['short: '])
  move(1, 1)
  assert.deepEqual(await seen(), ['long: 1'])
  assert.equal(waiters.waiting() + clock.timers(), 0)
})

test('a partition that is not there, or goes, wakes its readers', async () => {
  const { reaches, waiters, wait, move, seen } = world()
  wait('absent', [at(9, 0)])
  assert.deepEqual(await seen(), ['absent: 9'])
  move(1, 5)
  wait('goes', [at(1, 5)])
  wait('goes too', [at(1, 9, true)])
  reaches.delete(1)
  waiters.gone(1)
  assert.deepEqual(await seen(), ['goes: 1', 'goes too: 1'])
})

test('the end wakes all, and nobody waits after it', async () => {
  const { waiters, wait, move, seen, clock } = world()
  move(1, 5)
  wait('a', [at(1, 5)])
  wait('b', [at(1, 9, true), at(1, 6)])
  waiters.end()
  wait('c', [at(1, 0)])
  assert.deepEqual(await seen(), ['a: ', 'b: ', 'c: '])
  assert.equal(waiters.waiting() + clock.timers(), 0)
})

test('no more places wait than the limit says', async () => {
  const { waiters, wait, move, seen } = world()
  move(1, 0)
  const half = Array.from({ length: limits.wireWaitersMax / 2 }, () => at(1, 0))
  wait('a', half)
  wait('b', half)
  wait('c', [at(1, 0)])
  assert.deepEqual(await seen(), ['c: '])
  assert.equal(waiters.waiting(), limits.wireWaitersMax)
  move(1, 1)
  assert.deepEqual(await seen(), ['a: 1', 'b: 1'])
  wait('d', [at(1, 1)])
  assert.equal(waiters.waiting(), 1)
})
