import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@fermata/testkit/random'
import { firstKeys, type KeysFrom, type RowKey } from './lists.keys.ts'

function before(x: RowKey, y: RowKey): number {
  return x[0] - y[0] || x[1] - y[1] || (x[2] < y[2] ? -1 : x[2] > y[2] ? 1 : 0)
}

/** Inboxes with rows, and how many of them were read. */
function shelf(rows: ReadonlyMap<string, readonly RowKey[]>, sign: number) {
  const sorted = (x: RowKey, y: RowKey): number =>
    before([sign * x[0], x[1], x[2]], [sign * y[0], y[1], y[2]])
  const seen = { rows: 0, rounds: 0 }
  const read = (asked: readonly KeysFrom[], each: number) => {
    seen.rounds += 1
    const found = asked.map(({ inbox, from }): [string, RowKey[]] => {
      const after = (rows.get(inbox) ?? []).filter((key) => sorted(key, from) > 0)
      return [inbox, after.toSorted(sorted).slice(0, each)]
    })
    for (const [, keys] of found) seen.rows += keys.length
    return Promise.resolve(new Map(found))
  }
  return { read, seen, sorted }
}

const start: RowKey = [-1, 0, '00']

test('the first keys of several inboxes are those of all rows sorted together', async () => {
  const random = seededRandom('first keys')
  for (let round = 0; round < 500; round++) {
    const ascends = random.chance(0.5)
    const names = Array.from({ length: random.below(12) }, (_, at) => `inbox${at}`)
    const lean = random.chance(0.3)
    const rows = new Map(
      names.map((name, at) => [
        name,
        Array.from({ length: random.below(lean && at > 0 ? 3 : 30) }, (_, place): RowKey => {
          // No id comes twice.
          const id = String(random.below(10_000) * 100 + place).padStart(8, '0')
          return [random.below(20), random.below(3), id]
        }),
      ]),
    )
    const { read, sorted } = shelf(rows, ascends ? 1 : -1)
    const limit = 1 + random.below(20)
    const from: RowKey = random.chance(0.5)
      ? [random.below(20), random.below(3), '5']
      : ascends
        ? start
        : [100, 0, '00']
    const all = [...rows.values()].flat().toSorted(sorted)
    const expected = all.filter((key) => sorted(key, from) > 0).slice(0, limit)
    assert.deepEqual(await firstKeys(names, { from, ascends, limit }, read), expected)
  }
})

test('what is read grows with the page, not with the inboxes times the page', async () => {
  const random = seededRandom('first keys read')
  const rows = new Map(
    Array.from({ length: 200 }, (_, inbox) => [
      `inbox${inbox}`,
      Array.from({ length: 200 }, (_, at): RowKey => [random.below(1e9), 0, `${inbox}-${at}`]),
    ]),
  )
  const { read, seen } = shelf(rows, 1)
  const found = await firstKeys([...rows.keys()], { from: start, ascends: true, limit: 51 }, read)
  assert.equal(found.length, 51)
  assert.ok(seen.rounds <= 5, `${seen.rounds} rounds`)
  assert.ok(seen.rows < 200 + 4 * 51, `${seen.rows} rows`)
})
