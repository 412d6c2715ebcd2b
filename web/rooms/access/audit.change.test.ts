import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeInWords } from './audit.change.ts'

test('an id is shown as the name of what it stands for, a gap as a dash', () => {
  const change = { field: 'team', from: '', to: 'tea_1' }
  const expected = { field: 'team', from: '–', to: 'Support' }
  assert.deepEqual(changeInWords(change, { tea_1: { name: 'Support' } }), expected)
})

test('an id of what is no longer there, and any other word, stay what they are', () => {
  const change = { field: 'team', from: 'tea_1', to: 'toString' }
  assert.deepEqual(changeInWords(change, Object.create(null)), change)
})
