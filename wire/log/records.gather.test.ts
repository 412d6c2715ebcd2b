import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@fermata/testkit/random'
import { gatherRecords, recordBytesMax } from './records.gather.ts'
import { encodeBatch } from './records.ts'
import type { NewRecord } from './store.ts'

const encode = (records: readonly NewRecord[]): Uint8Array =>
  encodeBatch({
    baseOffset: 0,
    leaderEpoch: 0,
    records: records.map((record) => ({ timestamp: 0, ...record })),
  })

test('records are divided in their order, into batches that are never too large', () => {
  const random = seededRandom('gather')
  for (let round = 0; round < 200; round++) {
    const waiting = Array.from({ length: random.below(60) }, () => {
      const value = new Uint8Array(random.below(200))
      const headers = random.chance(0.2) ? [{ key: 'kéy', value: new Uint8Array(9) }] : []
      const timestamp = random.below(2 ** 41)
      const record = { key: random.chance(0.5) ? null : value, value, headers, timestamp }
      return { record, bytes: recordBytesMax(record) }
    })
    const bytesMax = 600 + random.below(2_000)
    const batches = gatherRecords(waiting, bytesMax)
    assert.deepEqual(batches.flat(), waiting)
    const sizes = batches.map((batch) => encode(batch.map(({ record }) => record)).length)
    assert.ok(
      sizes.every((size) => size <= bytesMax),
      `${sizes.join(' ')} in ${bytesMax}`,
    )
  }
})

test('a batch is filled as far as its records may reach', () => {
  const record = { key: null, value: new Uint8Array(100) }
  const each = recordBytesMax(record)
  const waiting = Array.from({ length: 10 }, () => ({ record, bytes: each }))
  const sizes = (bytesMax: number) => gatherRecords(waiting, bytesMax).map(({ length }) => length)
  assert.deepEqual(sizes(61 + 10 * each), [10])
  assert.deepEqual(sizes(61 + 10 * each - 1), [9, 1])
  assert.deepEqual(sizes(61 + 3 * each), [3, 3, 3, 1])
  assert.deepEqual(
    sizes(1),
    Array.from({ length: 10 }, () => 1),
  )
})
