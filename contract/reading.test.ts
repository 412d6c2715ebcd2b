import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readOfRuns, readUpTo, runsOf, seenUpTo, unreadOf, type Run } from './reading.ts'

const last = 30

const someRuns = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: last }), fc.integer({ min: 0, max: 5 }))
    .map(([from, more]): Run => ({ from, to: Math.min(last, from + more) })),
  { maxLength: 6 },
)

function numbersIn(runs: readonly Run[]): number[] {
  const numbers = new Set<number>()
  for (const { from, to } of runs) for (let n = from; n <= to; n++) numbers.add(n)
  return [...numbers].sort((a, b) => a - b)
}

test('runs in any order come to the same numbers, in order and without touching each other', () => {
  fc.assert(
    fc.property(someRuns, (runs) => {
      const read = readOfRuns(runs)
      assert.deepEqual(numbersIn(runsOf(read)), numbersIn(runs))
      assert.equal(unreadOf(read, last), last - numbersIn(runs).length)
      const tidy = runsOf(read)
      for (const [i, run] of tidy.entries()) {
        assert.ok(run.from <= run.to && (i === 0 || run.from > tidy[i - 1]!.to + 1))
      }
      assert.ok(read.beyond.every(({ from }) => from > read.cursor + 1))
    }),
  )
})

test('to read on makes nothing unread, and to mark unread leaves nothing read behind it', () => {
  fc.assert(
    fc.property(someRuns, fc.integer({ min: 0, max: last }), (runs, number) => {
      const read = readOfRuns(runs)
      const before = numbersIn(runs)
      const seen = numbersIn(runsOf(readUpTo(read, seenUpTo(read, number))))
      if (number >= read.cursor) {
        assert.deepEqual(
          seen,
          [...new Set([...before, ...numbersIn([{ from: 1, to: number }])])].sort((a, b) => a - b),
        )
      }
      const marked = numbersIn(runsOf(readUpTo(read, number)))
      const isMark =
        number < read.cursor || (before.includes(number) && before.includes(number + 1))
      if (isMark && number !== read.cursor) {
        assert.deepEqual(marked, numbersIn([{ from: 1, to: number }]))
      }
    }),
  )
})
