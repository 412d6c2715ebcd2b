import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leaseLength } from './lease-lengths.ts'

test('a length is told in the largest unit in which it is whole', () => {
  const minute = 60_000
  assert.equal(leaseLength(30 * minute, 'en'), '30 minutes')
  assert.equal(leaseLength(90 * minute, 'en'), '90 minutes')
  assert.equal(leaseLength(480 * minute, 'it'), '8 ore')
  assert.equal(leaseLength(24 * 60 * minute, 'en'), '1 day')
})
