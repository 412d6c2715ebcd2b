import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesBetween } from './record.ts'

test('what did not change is not told', () => {
  const before = { name: 'Shop', origins: ['a', 'b'], answerMinutes: { low: 60, high: 5 } }
  assert.deepEqual(changesBetween(before, structuredClone(before)), [])
})

test('what changed is told in words, a record within by each of its fields', () => {
  const before = { name: 'Shop', team: null, origins: ['a'], answerMinutes: { low: 60, high: 5 } }
  const after = { name: 'Web', team: 'x', origins: ['a', 'b'], answerMinutes: { low: 30, high: 5 } }
  assert.deepEqual(changesBetween(before, after), [
    { field: 'name', from: 'Shop', to: 'Web' },
    { field: 'team', from: '', to: 'x' },
    { field: 'origins', from: 'a', to: 'a, b' },
    { field: 'answerMinutes.low', from: '60', to: '30' },
  ])
})

test('what was not there before, or is not there after, is told as nothing', () => {
  assert.deepEqual(changesBetween({}, { role: 'agent' }), [
    { field: 'role', from: '', to: 'agent' },
  ])
  assert.deepEqual(changesBetween({ role: 'agent' }, {}), [
    { field: 'role', from: 'agent', to: '' },
  ])
})
