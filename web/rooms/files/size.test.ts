import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sizeText } from './size.ts'

test('a size is said in the unit that people would say it in', () => {
  const said = (bytes: number, locale = 'en'): string =>
    sizeText(bytes, locale).replaceAll('\u00a0', ' ')
  assert.equal(said(0), '0 bytes')
  assert.equal(said(1), '1 byte')
  assert.equal(said(999), '999 bytes')
  assert.equal(said(14_321), '14 kB')
  assert.equal(said(2_340_000), '2.3 MB')
  assert.equal(said(2_340_000, 'it'), '2,3 MB')
  assert.equal(said(256 * 1024 * 1024), '268 MB')
  assert.equal(said(4_000_000_000_000), '4,000 GB')
})
