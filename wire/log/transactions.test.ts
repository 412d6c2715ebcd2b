import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@fermata/testkit/random'
import {
  abortedWithin,
  firstUnstable,
  newTransactions,
  noteMarker,
  noteTransactional,
  settleMarkers,
  takeBefore,
} from './transactions.ts'

test('the aborted transactions of a range are those that a look at all of them finds', () => {
  const random = seededRandom('aborted')
  for (let round = 0; round < 30; round++) {
    const transactions = newTransactions()
    const ended: { producerId: number; firstOffset: number; marker: number }[] = []
    let end = 0
    for (let step = 0; step < 150; step++) {
      const producerId = random.below(6)
      const firstOffset = transactions.open.get(producerId)
      if (firstOffset === undefined || random.chance(0.6)) {
        noteTransactional(transactions, producerId, end)
      } else {
        const commit = random.chance(0.4)
        noteMarker(transactions, { producerId, commit, offset: end })
        if (!commit) ended.push({ producerId, firstOffset, marker: end })
      }
      end += 1 + random.below(3)
    }
    for (let look = 0; look < 200; look++) {
      const from = random.below(end)
      const to = from + random.below(end - from + 1)
      const expected = ended.filter(({ firstOffset, marker }) => marker >= from && firstOffset < to)
      assert.deepEqual(
        abortedWithin(transactions.aborted, from, to),
        expected.map(({ producerId, firstOffset }) => ({ producerId, firstOffset })),
      )
    }
    const before = random.below(end)
    const taken = takeBefore(transactions, before).map(({ marker }) => marker)
    assert.ok(taken.every((marker) => marker < before))
    assert.equal(taken.length + transactions.aborted.length, ended.length)
  }
})

test('the first unstable offset is that of the oldest transaction that has not ended durably', () => {
  const transactions = newTransactions()
  assert.equal(firstUnstable(transactions), undefined)
  for (const producerId of [1, 2, 3]) noteTransactional(transactions, producerId, producerId * 10)
  noteTransactional(transactions, 1, 40)
  noteMarker(transactions, { producerId: 1, commit: true, offset: 41 })
  noteTransactional(transactions, 1, 42)
  noteMarker(transactions, { producerId: 2, commit: false, offset: 43 })
  assert.equal(firstUnstable(transactions), 10)
  settleMarkers(transactions, 41)
  assert.equal(firstUnstable(transactions), 10)
  settleMarkers(transactions, 42)
  assert.equal(firstUnstable(transactions), 20)
  settleMarkers(transactions, 44)
  assert.equal(firstUnstable(transactions), 30)
  noteMarker(transactions, { producerId: 3, commit: true, offset: 44 })
  assert.equal(firstUnstable(transactions), 30)
  settleMarkers(transactions, 45)
  assert.equal(firstUnstable(transactions), 42)
})
