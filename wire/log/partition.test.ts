import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { seededRandom } from '@fermata/testkit/random'
import { readBatchHeader } from './batch.ts'
import { batchOf } from './contract.world.ts'
import { randomHistory, replayed } from './history.world.ts'
import {
  abortedBetween,
  applyAppend,
  applyMarker,
  decideAppend,
  dropBefore,
  isLastOfProducer,
  lastStable,
  lookAtProducers,
  newPartitionState,
  setHigh,
  type PartitionState,
} from './partition.ts'
import { restoreState, snapshotState } from './partition.snapshot.ts'
import type { NewBatchHeader } from './records.ts'

/** The header of a batch of one record of producer 1. */
function headerOf(state: PartitionState, fields: Partial<NewBatchHeader> = {}) {
  const numbered = { producerId: 1, producerEpoch: 0, baseSequence: 0 }
  return readBatchHeader(batchOf(['a'], { ...numbered, baseOffset: state.end, ...fields }), 0)
}

function applyEnd(state: PartitionState, producerId: number, commit: boolean): void {
  const marker = { producerId, producerEpoch: 0, coordinatorEpoch: 0, commit }
  applyMarker(state, { ...marker, offset: state.end, timestamp: 0 })
}

test('a history that is read again gives the same state', () => {
  const random = seededRandom('replay')
  for (let round = 0; round < 20; round++) {
    const { state, batches } = randomHistory(random)
    assert.deepEqual(snapshotState(replayed(batches)), snapshotState(state))
  }
})

test('a snapshot and what came after it give the same state', () => {
  const random = seededRandom('snapshot')
  for (let round = 0; round < 20; round++) {
    const { state, batches } = randomHistory(random)
    const cut = random.below(batches.length)
    const snapshot = snapshotState(replayed(batches.slice(0, cut)))
    const restored = restoreState(snapshot)
    assert.ok(restored !== undefined)
    assert.deepEqual(snapshotState(restored), snapshot)
    assert.deepEqual(replayed(batches.slice(cut), restored), state)
  }
})

test('no more aborted transactions are kept than the limit says, and dropping some makes room', () => {
  const state = newPartitionState()
  const count = limits.abortedTransactionsPerPartitionMax
  const next = headerOf(state, { transactional: true })
  for (let index = 0; index < count; index++) {
    applyAppend(state, { ...next, baseOffset: state.end, baseSequence: index })
    applyEnd(state, 1, false)
  }
  const refused = decideAppend(state, headerOf(state, { transactional: true, producerId: 2 }))
  assert.ok(refused.kind === 'refused' && refused.refusal.code === 'invalid_transaction_state')
  assert.match(refused.refusal.reason, new RegExp(`^${count} aborted`))
  assert.equal(decideAppend(state, headerOf(state, { producerId: 2 })).kind, 'append')
  setHigh(state, state.end)
  dropBefore(state, 10)
  const again = headerOf(state, { transactional: true, producerId: 2 })
  assert.equal(decideAppend(state, again).kind, 'append')
})

test('a snapshot holds what is not on disk yet, and the order of use', () => {
  const state = newPartitionState(2 ** 40)
  for (const producerId of [3, 1, 2, 3]) {
    const baseSequence = producerId === 3 ? state.end - 2 ** 40 : 2 ** 31 - 1
    applyAppend(state, headerOf(state, { producerId, transactional: true, baseSequence }))
    if (producerId === 1) setHigh(state, state.end)
  }
  applyEnd(state, 1, false)
  applyEnd(state, 2, true)
  lookAtProducers(state, 1_234.5)
  const restored = restoreState(snapshotState(state))
  assert.deepEqual(restored, state)
  assert.deepEqual([...restored.producers.keys()], [3, 1, 2])
  assert.deepEqual([...restored.transactions.open.keys()], [3])
  assert.equal(restored.transactions.ended.length, 2)
})

test('a snapshot of another version is none', () => {
  const snapshot = snapshotState(newPartitionState())
  assert.equal(restoreState(snapshot.with(0, snapshot[0]! + 1)), undefined)
  assert.equal(restoreState(new Uint8Array()), undefined)
})

test('to decide changes nothing', () => {
  const random = seededRandom('decide')
  const { state } = randomHistory(random)
  const before = snapshotState(state)
  for (let round = 0; round < 200; round++) {
    const producerId = random.below(8) - 1
    const producerEpoch = random.below(5)
    const baseSequence = random.below(50)
    const transactional = random.chance(0.5)
    decideAppend(state, headerOf(state, { producerId, producerEpoch, baseSequence, transactional }))
  }
  assert.deepEqual(snapshotState(state), before)
})

test('a marker that is not on disk holds the last stable offset back as its transaction did', () => {
  const state = newPartitionState()
  applyAppend(state, headerOf(state, { transactional: true }))
  applyAppend(state, headerOf(state, { producerId: -1 }))
  setHigh(state, 2)
  assert.equal(lastStable(state), 0)
  applyEnd(state, 1, true)
  assert.equal(lastStable(state), 0)
  setHigh(state, 2)
  assert.equal(lastStable(state), 0)
  setHigh(state, 3)
  assert.equal(lastStable(state), 3)
})

test('the last stable offset is never beyond the high watermark', () => {
  const state = newPartitionState()
  applyAppend(state, headerOf(state, { producerId: -1 }))
  applyAppend(state, headerOf(state, { transactional: true }))
  assert.equal(lastStable(state), 0)
  setHigh(state, 1)
  assert.equal(lastStable(state), 1)
  setHigh(state, 2)
  assert.equal(lastStable(state), 1)
})

test('a batch is its producer’s last until a later one is on disk', () => {
  const state = newPartitionState()
  const headers = [0, 1, 2].map((baseSequence) => {
    const header = headerOf(state, { baseSequence })
    applyAppend(state, header)
    return header
  })
  const last = (high: number) => {
    setHigh(state, high)
    return headers.map((header) => isLastOfProducer(state, header))
  }
  assert.deepEqual(last(0), [true, true, true])
  assert.deepEqual(last(1), [true, false, false])
  assert.deepEqual(last(3), [false, false, true])
  assert.equal(isLastOfProducer(state, headerOf(newPartitionState(), { producerId: 2 })), false)
})

test('what is before the start is no longer found among the aborted transactions', () => {
  const state = newPartitionState()
  for (const producerId of [1, 2, 3]) {
    applyAppend(state, headerOf(state, { producerId, transactional: true }))
    applyEnd(state, producerId, false)
  }
  const all = [0, 2, 4].map((firstOffset, index) => ({ producerId: index + 1, firstOffset }))
  assert.deepEqual(abortedBetween(state, 0, 6), all)
  setHigh(state, state.end)
  dropBefore(state, 1)
  assert.deepEqual(abortedBetween(state, 0, 6), all)
  dropBefore(state, 4)
  assert.deepEqual(abortedBetween(state, 0, 6), all.slice(2))
})

test('a producer that began anew after it was forgotten has no older batches', () => {
  // What is read again knows nothing of the forgetting in between.
  const state = newPartitionState()
  for (const baseSequence of [5, 6, 7, 0]) applyAppend(state, headerOf(state, { baseSequence }))
  assert.deepEqual(decideAppend(state, headerOf(state, { baseSequence: 6 })), {
    kind: 'refused',
    refusal: { code: 'out_of_order', expected: 1 },
  })
  const again = decideAppend(state, headerOf(state, { baseSequence: 0 }))
  assert.deepEqual(again, { kind: 'duplicate', first: 3, last: 3 })
})

test('batches that compaction has left with gaps between them are known again', () => {
  const state = newPartitionState()
  for (const baseSequence of [5, 90, 400]) applyAppend(state, headerOf(state, { baseSequence }))
  for (const [offset, baseSequence] of [5, 90, 400].entries()) {
    const again = decideAppend(state, headerOf(state, { baseSequence }))
    assert.deepEqual(again, { kind: 'duplicate', first: offset, last: offset })
  }
  assert.equal(decideAppend(state, headerOf(state, { baseSequence: 401 })).kind, 'append')
})

test('a producer with an open transaction is not forgotten, however many come and however long', () => {
  const state = newPartitionState()
  applyAppend(state, headerOf(state, { transactional: true }))
  for (let producerId = 2; producerId < limits.producersPerPartitionMax + 10; producerId++) {
    applyAppend(state, headerOf(state, { producerId }))
  }
  assert.equal(state.producers.size, limits.producersPerPartitionMax)
  assert.ok(state.producers.has(1))
  assert.ok(!state.producers.has(2))
  lookAtProducers(state, 1_000)
  lookAtProducers(state, 1_000 + limits.producerStateMs)
  assert.deepEqual([...state.producers.keys()], [1])
  applyEnd(state, 1, true)
  lookAtProducers(state, 1_000 + limits.producerStateMs)
  assert.equal(state.producers.size, 1)
  lookAtProducers(state, 1_000 + 2 * limits.producerStateMs)
  assert.equal(state.producers.size, 0)
})

test('a clock that is set back or forwards forgets nobody before a day has passed by it', () => {
  const state = newPartitionState()
  applyAppend(state, headerOf(state))
  const day = limits.producerStateMs
  for (const nowMs of [50 * day, 2 * day, 3 * day - 1]) lookAtProducers(state, nowMs)
  assert.equal(state.producers.size, 1)
  lookAtProducers(state, 3 * day)
  assert.equal(state.producers.size, 0)
})
