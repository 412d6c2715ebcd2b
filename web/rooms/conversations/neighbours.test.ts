import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowAfter, rowFrom, rowWhere } from './neighbours.ts'

const ids = ['cnv_a', 'cnv_b', 'cnv_c', 'cnv_d'] as const

test('steps lead to the neighbours and end at the ends', () => {
  assert.equal(rowFrom(ids, 'cnv_b', 1), 'cnv_c')
  assert.equal(rowFrom(ids, 'cnv_b', -1), 'cnv_a')
  assert.equal(rowFrom(ids, 'cnv_d', 1), null)
  assert.equal(rowFrom(ids, null, 1), 'cnv_a')
  assert.equal(rowFrom(ids, null, -1), 'cnv_d')
  assert.equal(rowFrom([], null, 1), null)
})

test('the next unread one is looked for beyond the open one', () => {
  const unread = (id: string): boolean => id === 'cnv_a' || id === 'cnv_d'
  assert.equal(rowWhere(ids, 'cnv_a', 1, unread), 'cnv_d')
  assert.equal(rowWhere(ids, 'cnv_d', 1, unread), null)
  assert.equal(rowWhere(ids, 'cnv_c', -1, unread), 'cnv_a')
})

test('after a row is done the one below opens, after the last one the one above', () => {
  assert.equal(rowAfter(ids, 'cnv_b'), 'cnv_c')
  assert.equal(rowAfter(ids, 'cnv_d'), 'cnv_c')
  assert.equal(rowAfter(['cnv_d'], 'cnv_d'), null)
  assert.equal(rowAfter(ids, 'cnv_z'), 'cnv_a')
})
