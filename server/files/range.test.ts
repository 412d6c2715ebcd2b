import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRange } from './range.ts'

test('one run of bytes is read as RFC 9110 says, and anything else is the whole', () => {
  const cases: [string | undefined, number, ReturnType<typeof readRange>][] = [
    [undefined, 10, 'none'],
    ['bytes=0-4', 10, { first: 0, last: 4 }],
    ['bytes=5-', 10, { first: 5, last: 9 }],
    ['bytes=5-500', 10, { first: 5, last: 9 }],
    ['bytes=-3', 10, { first: 7, last: 9 }],
    ['bytes=-30', 10, { first: 0, last: 9 }],
    ['bytes=10-', 10, 'beyond'],
    ['bytes=-0', 10, 'beyond'],
    ['bytes=0-', 0, 'beyond'],
    ['bytes=-5', 0, 'beyond'],
    ['bytes=4-3', 10, 'none'],
    ['bytes=-', 10, 'none'],
    ['bytes=0-1,3-4', 10, 'none'],
    ['items=0-1', 10, 'none'],
    ['bytes=0x1-2', 10, 'none'],
    [`bytes=${'9'.repeat(40)}-`, 10, 'none'],
  ]
  for (const [header, bytes, range] of cases)
    assert.deepEqual(readRange(header, bytes), range, String(header))
})
