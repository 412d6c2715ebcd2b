import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base32, codeAt, otpauthUri, stepAt, stepOf } from './totp.ts'

/** The seed of RFC 6238 appendix B for SHA-1. */
const seed = Buffer.from('12345678901234567890')

test('RFC 6238 appendix B: the codes of its times', () => {
  const codes = [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ] as const
  for (const [seconds, code] of codes) assert.equal(codeAt(seed, stepAt(seconds * 1_000), 8), code)
})

test('a code is taken half a minute early or late, and no longer', () => {
  const now = 1_111_111_109_000
  const step = stepAt(now)
  for (const offset of [-1, 0, 1])
    assert.equal(stepOf(seed, codeAt(seed, step + offset), now), step + offset)
  for (const offset of [-2, 2]) assert.equal(stepOf(seed, codeAt(seed, step + offset), now), null)
  assert.equal(stepOf(seed, '', now), null)
  assert.equal(stepOf(seed, '0000000', now), null)
})

test('RFC 4648 section 10: base 32 without its padding', () => {
  const texts = {
    '': '',
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    fooba: 'MZXW6YTB',
    foobar: 'MZXW6YTBOI',
  }
  for (const [text, encoded] of Object.entries(texts))
    assert.equal(base32(Buffer.from(text)), encoded)
})

test('names with spaces and signs stay readable for an app', () => {
  const uri = new URL(otpauthUri('Acme & Söhne', 'ada@example.com', 'MZXW6'))
  assert.equal(
    decodeURIComponent(uri.pathname),
    '//totp/Acme & Söhne:ada@example.com'.slice(uri.host === 'totp' ? 6 : 0),
  )
  assert.equal(uri.searchParams.get('issuer'), 'Acme & Söhne')
})
