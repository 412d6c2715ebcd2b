import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomFrom } from './random.ts'

test('a seed repeats all numbers, and another seed gives others', () => {
  const draw = (seed: number): number[] => {
    const random = randomFrom(seed)
    return Array.from({ length: 20 }, () => random.below(1_000_000))
  }
  assert.deepEqual(draw(7), draw(7))
  assert.notDeepEqual(draw(7), draw(8))
})

test('numbers stay below their bound and reach all of it', () => {
  const random = randomFrom(1)
  const seen = new Set(Array.from({ length: 1_000 }, () => random.below(6)))
  assert.deepEqual(seen, new Set([0, 1, 2, 3, 4, 5]))
})

test('a shuffled list has the same members', () => {
  const random = randomFrom(3)
  const list = Array.from({ length: 50 }, (_, i) => i)
  const shuffled = random.shuffled(list)
  assert.notDeepEqual(shuffled, list)
  assert.deepEqual(
    shuffled.toSorted((a, b) => a - b),
    list,
  )
})
