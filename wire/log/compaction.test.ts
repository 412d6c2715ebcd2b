import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newNewestOffsets } from './compaction.keys.ts'
import { planCompaction, type CompactionFacts } from './compaction.ts'

/** Four closed segments of 100 bytes with 10 offsets each, a minute apart; the first two are clean. */
function facts(changes: Partial<CompactionFacts>): CompactionFacts {
  const closed = [0, 1, 2, 3].map((index) => {
    const last = index * 10 + 9
    const time = index * 60_000
    return { bytes: 100, last, newest: time, createdAt: time, horizon: undefined }
  })
  const config = { lagMs: 0, tombstoneMs: 1_000, dirtyShare: 0.5 }
  return { closed, cleanedTo: 20, stable: 100, config, nowMs: 200_000, ...changes }
}

const config = facts({}).config

test('a round has a cause when enough is new, or the time of a tombstone is up', () => {
  const withHorizon = (horizon: number) =>
    facts({}).closed.map((segment, index) => (index === 0 ? { ...segment, horizon } : segment))
  const all = { segments: 4, cleanSegments: 2 }
  const cases: readonly [string, Partial<CompactionFacts>, unknown][] = [
    ['half is new', {}, all],
    ['half is not enough', { config: { ...config, dirtyShare: 0.51 } }, undefined],
    ['nothing is new', { cleanedTo: 40, config: { ...config, dirtyShare: 0 } }, undefined],
    ['all is new', { cleanedTo: 0 }, { segments: 4, cleanSegments: 0 }],
    ['the last round ended within a segment', { cleanedTo: 15 }, { segments: 4, cleanSegments: 1 }],
    ['half of what may be looked at is new', { stable: 39 }, undefined],
    ['nothing is stable', { stable: 9 }, undefined],
    [
      'time is up',
      { cleanedTo: 40, closed: withHorizon(200_000) },
      { segments: 4, cleanSegments: 4 },
    ],
    ['time is not up', { cleanedTo: 40, closed: withHorizon(200_001) }, undefined],
    ['nothing is closed', { closed: [] }, undefined],
  ]
  for (const [name, changes, plan] of cases) {
    assert.deepEqual(planCompaction(facts(changes)), plan, name)
  }
})

test('young records end the range, clean ones and a lag of nothing do not', () => {
  const young = (lagMs: number, nowMs = 200_000) =>
    planCompaction(facts({ config: { ...config, lagMs, dirtyShare: 0 }, nowMs }))
  assert.equal(young(0, -1e9)?.segments, 4)
  assert.equal(young(20_000)?.segments, 4)
  assert.equal(young(20_001)?.segments, 3)
  assert.equal(young(80_001), undefined)
})

test('keys are known by their bytes', () => {
  const newest = newNewestOffsets(10)
  const long = new Uint8Array(65).fill(7)
  const keys = [new Uint8Array(), Uint8Array.of(0), Uint8Array.of(200), long, long.with(64, 8)]
  keys.forEach((key, index) => newest.note(key, index))
  newest.note(long.slice(), 9)
  assert.deepEqual(
    keys.map((key) => newest.of(key)),
    [0, 1, 2, 9, 4],
  )
  assert.equal(newest.of(long.subarray(1)), -1)
})

test('there is room for a first batch, however many keys it has, and then up to the limit', () => {
  const newest = newNewestOffsets(10)
  assert.equal(newest.hasRoomFor(1_000), true)
  newest.note(Uint8Array.of(1), 0)
  assert.equal(newest.hasRoomFor(9), true)
  assert.equal(newest.hasRoomFor(10), false)
})
