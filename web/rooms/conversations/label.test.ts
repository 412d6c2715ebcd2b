import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { isLabel, labelNamed } from './label.ts'

test('a label has something to see, no comma, and fits', () => {
  assert.equal(isLabel(' brakes '), true)
  assert.equal(isLabel('  '), false)
  assert.equal(isLabel('a, b'), false)
  assert.equal(isLabel('a'.repeat(limits.labelCharsMax)), true)
  assert.equal(isLabel('a'.repeat(limits.labelCharsMax + 1)), false)
})

test('a label is found by its name, whatever its case', () => {
  const brakes = { id: 'lbl_1', name: 'Brakes', colour: 'grey' } as const
  assert.equal(labelNamed([brakes], ' bRAKES '), brakes)
  assert.equal(labelNamed([brakes], 'brake'), undefined)
})
