import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAtEnd, readNumber } from './thread-scroll.ts'

const messages = [
  { number: 1, top: 0, height: 100 },
  { number: 2, top: 100, height: 40 },
  { number: 3, top: 140, height: 2_000 },
  { number: 4, top: 2_140, height: 60 },
]

function read(scrollTop: number, clientHeight = 200): number | null {
  return readNumber(messages, { scrollTop, clientHeight, scrollHeight: 2_200 })
}

test('what has been in view is read, what lies below is not', () => {
  assert.equal(read(0, 90), null)
  assert.equal(read(0, 100), 1)
  assert.equal(read(0), 2)
  assert.equal(read(2_000), 4)
})

test('a message longer than the screen is read once enough of it has been seen', () => {
  assert.equal(read(98), 2)
  assert.equal(read(99), 3)
})

test('the end is a place with some room', () => {
  assert.equal(isAtEnd({ scrollTop: 2_000, clientHeight: 200, scrollHeight: 2_200 }), true)
  assert.equal(isAtEnd({ scrollTop: 1_960, clientHeight: 200, scrollHeight: 2_200 }), true)
  assert.equal(isAtEnd({ scrollTop: 1_900, clientHeight: 200, scrollHeight: 2_200 }), false)
})
