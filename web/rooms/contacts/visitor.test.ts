import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initialsOf } from '../../ui/initials.ts'
import { visitorCode } from './visitor.ts'

test('a visitor is called by the random end of the id, always the same', () => {
  assert.equal(visitorCode('ctc_01m83kc3c2e00bny02bt2e54f2'), '4F2')
})

test('initials are the first letters of the first and last word, in any script', () => {
  assert.equal(initialsOf('Marta von der Lindqvist'), 'ML')
  assert.equal(initialsOf('  ana '), 'A')
  assert.equal(initialsOf('Łukasz Żak'), 'ŁŻ')
  assert.equal(initialsOf('𝒜da 𝒷yron'), '𝒜𝒷')
  assert.equal(initialsOf(''), '')
})
