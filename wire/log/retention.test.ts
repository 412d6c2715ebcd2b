import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configOf } from './contract.world.ts'
import { droppedSegments, type RetentionFacts } from './retention.ts'
import { isFull, isStale, type OpenSegment } from './roll.ts'

const config = configOf({ segmentBytes: 1_000, segmentMs: 60_000 })

/** Three closed segments of 100 bytes with 10 offsets each, a minute apart, and an open one. */
function facts(changes: Partial<RetentionFacts>): RetentionFacts {
  const closed = [0, 1, 2].map((index) => {
    return { bytes: 100, last: index * 10 + 9, newest: index * 60_000, createdAt: index * 60_000 }
  })
  return { closed, bytes: 350, start: 0, high: 35, cursors: [], config, nowMs: 200_000, ...changes }
}

test('a segment is closed when the next batch would make it too large, too long or too old', () => {
  const segment: OpenSegment = { bytes: 900, base: 5, last: 10, createdAt: 1_000 }
  assert.equal(isFull(segment, 100, config, 61_000), false)
  assert.equal(isFull(segment, 101, config, 61_000), true)
  assert.equal(isFull(segment, 100, config, 61_001), true)
  assert.equal(isFull({ ...segment, last: 4 + 2 ** 31 }, 1, config, 1_000), true)
  assert.equal(isFull({ ...segment, bytes: 0 }, 5_000, config, 1e9), false)
  assert.equal(isStale({ ...segment, bytes: 0 }, config, 1e9), false)
})

test('each rule drops the oldest segments that it names, and stops at the first that none names', () => {
  const cases: readonly [string, Partial<RetentionFacts>, number][] = [
    ['no rule', {}, 0],
    ['old', { config: { ...config, retentionMs: 139_999 } }, 2],
    ['just not old', { config: { ...config, retentionMs: 140_000 } }, 1],
    ['large', { config: { ...config, retentionBytes: 249 } }, 2],
    ['just not large', { config: { ...config, retentionBytes: 250 } }, 1],
    ['nothing may be kept', { config: { ...config, retentionBytes: 0 } }, 3],
    ['read', { config: { ...config, untilRead: true }, cursors: [20, 31] }, 2],
    ['just not read', { config: { ...config, untilRead: true }, cursors: [19, 31] }, 1],
    ['read by nobody', { config: { ...config, untilRead: true } }, 0],
    ['cursors without the rule', { cursors: [30] }, 0],
    ['before the start', { start: 20 }, 2],
    ['the start is inside', { start: 19 }, 1],
    ['not flushed', { start: 19, high: 9 }, 0],
  ]
  for (const [name, changes, count] of cases) {
    assert.equal(droppedSegments(facts(changes)), count, name)
  }
})

test('records without a time are as old as their segment', () => {
  const old = { ...config, retentionMs: 150_000 }
  const closed = facts({}).closed.map((segment) => ({ ...segment, newest: -1 }))
  assert.equal(droppedSegments(facts({ closed, config: old })), 1)
})

test('a younger segment keeps the older ones behind it only from its own place on', () => {
  const old = { ...config, retentionMs: 100_000 }
  const [first, second, third] = facts({}).closed
  const closed = [first!, { ...second!, newest: 190_000 }, third!]
  assert.equal(droppedSegments(facts({ closed, config: old })), 1)
})
