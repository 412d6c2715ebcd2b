import assert from 'node:assert/strict'
import { test } from 'node:test'
import { highest, newBudget } from './budget.ts'

test('while all together hold too much, those go who are chosen, and nobody else', () => {
  const dropped: string[] = []
  const budget = newBudget<string>({
    bytesMax: 100,
    choose: (held) => highest(held, (_, bytes) => bytes),
    drop: (owner) => void dropped.push(owner),
  })
  budget.note('a', 40)
  budget.note('b', 60)
  assert.deepEqual(dropped, [])
  budget.note('a', 50)
  assert.deepEqual(dropped, ['b'])
  // Whoever was dropped holds nothing any more.
  budget.note('c', 50)
  assert.deepEqual(dropped, ['b'])
  budget.note('a', 0)
  budget.note('c', 100)
  assert.deepEqual(dropped, ['b'])
  budget.note('d', 200)
  assert.deepEqual(dropped, ['b', 'd'])
})
