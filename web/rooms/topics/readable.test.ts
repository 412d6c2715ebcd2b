import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readable } from './readable.ts'

const text = (text: string, isCut = false) => ({ kind: 'text' as const, text, bytes: 1, isCut })

test('JSON is shown with its lines apart, what only looks like it is left alone', () => {
  assert.equal(readable(text('{"a":[1]}')), '{\n  "a": [\n    1\n  ]\n}')
  assert.equal(readable(text('{"a":')), '{"a":')
  assert.equal(readable(text('{"a":1}', true)), '{"a":1}')
  assert.equal(readable(text('12')), '12')
})

test('bytes that are no text are shown as digits in pairs', () => {
  assert.equal(readable({ kind: 'hex', text: '00ff10', bytes: 3, isCut: false }), '00 ff 10')
})
