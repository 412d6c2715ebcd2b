import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok, refused } from '@fermata/base/result'
import { readOrigins } from './origins.ts'

test('origins are read one a line, tidied up, and each once', () => {
  const text =
    'https://www.example.org/\nHTTPS://Shop.Example.org\n\nhttp://localhost:8080 https://shop.example.org'
  const want = ['https://www.example.org', 'https://shop.example.org', 'http://localhost:8080']
  assert.deepEqual(readOrigins(text), ok(want))
  assert.deepEqual(readOrigins('  \n'), ok([]))
})

test('whatever is no origin is named', () => {
  for (const line of [
    'example.org',
    'https://example.org/shop',
    'ftp://example.org',
    'https://example.org?a',
  ]) {
    assert.deepEqual(readOrigins(`https://fine.example\n${line}`), refused(line))
  }
})
