import assert from 'node:assert/strict'
import { test } from 'node:test'
import { containsWords } from './match.ts'

test('all words must occur, in any order, whatever their case and accents', () => {
  assert.equal(containsWords('Segna come non letta da qui', 'letta NON'), true)
  assert.equal(containsWords('Perché è così', 'perche cosi'), true)
  assert.equal(containsWords('Pause until…', 'until resume'), false)
  assert.equal(containsWords('Anything', ''), true)
})
