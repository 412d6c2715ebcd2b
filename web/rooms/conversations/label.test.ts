import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { isLabel, withLabel } from './label.ts'

test('a label has something to see, no comma, and fits', () => {
  assert.equal(isLabel(' brakes '), true)
  assert.equal(isLabel('  '), false)
  assert.equal(isLabel('a, b'), false)
  assert.equal(isLabel('a'.repeat(limits.labelCharsMax)), true)
  assert.equal(isLabel('a'.repeat(limits.labelCharsMax + 1)), false)
})

test('a label is put on once, whatever its case', () => {
  const labels = ['Brakes']
  assert.deepEqual(withLabel(labels, ' warranty '), ['Brakes', 'warranty'])
  assert.equal(withLabel(labels, 'brakes'), labels)
  assert.equal(withLabel(labels, ','), labels)
})
