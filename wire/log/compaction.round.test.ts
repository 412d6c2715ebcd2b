import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@fermata/testkit/random'
import { lastOffsetOf, readBatchHeader } from './batch.ts'
import { beginRound } from './compaction.round.ts'
import { batchesIn, type ReadBatch } from './contract.world.ts'
import { randomHistory, replayed, type History } from './history.world.ts'
import { isLastOfProducer, lastStable, replaceAborted, type PartitionState } from './partition.ts'
import { expectedSequence } from './producers.ts'

interface Compacted {
  readonly batches: readonly Uint8Array[]
  readonly to: number
}

/** One round over all batches before the last stable offset. */
function compact(
  state: PartitionState,
  batches: readonly Uint8Array[],
  order: { readonly nowMs: number; readonly cleanedTo?: number; readonly keysMax?: number },
): Compacted {
  const { nowMs, cleanedTo = 0, keysMax = 1e6 } = order
  const round = beginRound(
    {
      aborted: state.transactions.aborted,
      isLastOfProducer: (header) => isLastOfProducer(state, header),
      tombstoneMs: 1_000,
      nowMs,
      keysMax,
    },
    cleanedTo,
  )
  const stable = lastStable(state)
  for (const bytes of batches) {
    if (lastOffsetOf(readBatchHeader(bytes, 0)) >= stable || !round.note(bytes, 0)) break
  }
  const left = batches.flatMap((bytes) => round.compact(bytes, 0) ?? [])
  replaceAborted(state, round.to, round.aborted)
  return { batches: left, to: round.to }
}

/** The newest committed text of each key before the last stable offset, and where it lies. */
function newestIn({ state, records }: History): Map<string, [number, string]> {
  const newest = new Map<string, [number, string]>()
  for (const [offset, { text, transaction }] of records) {
    if (offset >= lastStable(state) || transaction?.isAborted) continue
    newest.set(text.replace(/[=!].*/, ''), [offset, text])
  }
  return newest
}

function textsByOffset(batches: readonly ReadBatch[]): Map<number, string> {
  return new Map(
    batches.flatMap(({ offsets, texts }) => texts.map((text, index) => [offsets[index]!, text])),
  )
}

const parsed = (batches: readonly Uint8Array[]): ReadBatch[] => batches.flatMap(batchesIn)

test('a round leaves the newest committed record of each key, and nothing else', () => {
  const random = seededRandom('round')
  for (let repeat = 0; repeat < 20; repeat++) {
    const history = randomHistory(random)
    const stable = lastStable(history.state)
    const { batches, to } = compact(history.state, history.batches, { nowMs: 0 })
    assert.equal(to, stable)
    const left = textsByOffset(parsed(batches).filter(({ header }) => header.baseOffset < stable))
    assert.deepEqual(left, new Map([...newestIn(history).values()].toSorted(([a], [b]) => a - b)))
    // What is not stable is as it was, byte for byte.
    const after = (list: readonly Uint8Array[]) =>
      list.filter((bytes) => readBatchHeader(bytes, 0).baseOffset >= stable)
    assert.deepEqual(after(batches), after(history.batches))
  }
})

test('rounds with room for few keys come to the same as one with room for all', () => {
  const random = seededRandom('few keys')
  for (let repeat = 0; repeat < 10; repeat++) {
    const history = randomHistory(random, { isClosed: true })
    let { batches } = history
    let cleanedTo = 0
    for (let rounds = 0; cleanedTo < lastStable(history.state); rounds++) {
      const compacted = compact(history.state, batches, { nowMs: 0, cleanedTo, keysMax: 4 })
      assert.ok(compacted.to > cleanedTo, 'every round gets on')
      batches = [...compacted.batches]
      cleanedTo = compacted.to
    }
    const newest = [...newestIn(history).values()].toSorted(([a], [b]) => a - b)
    assert.deepEqual(textsByOffset(parsed(batches)), new Map(newest))
  }
})

test('a state that is read again from a compacted log knows producers, epochs and the end', () => {
  const random = seededRandom('rebuild')
  for (let repeat = 0; repeat < 20; repeat++) {
    const { state, batches } = randomHistory(random)
    let left: readonly Uint8Array[] = batches
    for (const nowMs of [0, 500, 2_000, 4_000, 6_000]) {
      left = compact(state, left, { nowMs }).batches
      const rebuilt = replayed(left)
      assert.equal(rebuilt.end, state.end)
      assert.deepEqual(rebuilt.transactions.open, state.transactions.open)
      const known = ({ producers }: PartitionState) =>
        Array.from(producers.values(), (producer) => {
          const { id, epoch, kept } = producer
          return [id, epoch, expectedSequence(producer), kept.at(-1)]
        }).toSorted(([a], [b]) => (a as number) - (b as number))
      assert.deepEqual(known(rebuilt), known(state))
    }
  }
})

test('once nothing is new, rounds end: what is left stays as it is, and no horizon lies behind', () => {
  const random = seededRandom('rest')
  for (let repeat = 0; repeat < 20; repeat++) {
    const { state, batches } = randomHistory(random, { isClosed: true })
    let left: readonly Uint8Array[] = batches
    for (let nowMs = 0; nowMs < 10_000; nowMs += 1_000)
      left = compact(state, left, { nowMs }).batches
    const again = compact(state, left, { nowMs: 20_000 }).batches
    assert.deepEqual(again, left)
    for (const { header, texts } of parsed(left)) {
      assert.equal(header.deleteHorizon, false)
      assert.ok(!texts.some((text) => text.endsWith('!')))
    }
    // Each batch that is left has records, or is somebody's last, or the last of all.
    for (const { header } of parsed(left).filter(({ texts }) => texts.length === 0)) {
      if (header.control || lastOffsetOf(header) + 1 === state.end) continue
      assert.ok(isLastOfProducer(state, header))
    }
  }
})

test('no reader is told of an aborted transaction whose marker is gone', () => {
  const random = seededRandom('misled')
  for (let repeat = 0; repeat < 20; repeat++) {
    const history = randomHistory(random, { isClosed: true })
    const { state } = history
    let left: readonly Uint8Array[] = history.batches
    for (let nowMs = 0; nowMs < 5_000; nowMs += 900) {
      left = compact(state, left, { nowMs }).batches
      const markers = new Set(left.map((bytes) => readBatchHeader(bytes, 0).baseOffset))
      // Without it, a reader would pass over all that the producer has written since.
      for (const { marker } of state.transactions.aborted) assert.ok(markers.has(marker))
    }
  }
})

test('an aborted transaction is told until a round has met nothing of it', () => {
  const random = seededRandom('met')
  const history = randomHistory(random, { isClosed: true })
  const { state, batches } = history
  const ofActors = state.transactions.aborted.map(({ marker }) => marker)
  const first = compact(state, batches, { nowMs: 0 })
  // The batches went with this round, so readers may still have some of them in hand.
  assert.deepEqual(
    state.transactions.aborted.map(({ marker }) => marker),
    ofActors,
  )
  const second = compact(state, first.batches, { nowMs: 1 })
  const left = second.batches.map((bytes) => readBatchHeader(bytes, 0))
  for (const { producerId, firstOffset, marker } of state.transactions.aborted) {
    const isPart = (offset: number) => offset >= firstOffset && offset < marker
    assert.ok(left.some((header) => header.producerId === producerId && isPart(header.baseOffset)))
  }
  assert.ok(ofActors.length > state.transactions.aborted.length)
})
