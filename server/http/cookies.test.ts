import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCookie, sessionCookie } from './cookies.ts'

test('a cookie is found by its whole name', () => {
  assert.equal(readCookie('a=1; fermata_session=abc; b=2', 'fermata_session'), 'abc')
  assert.equal(readCookie('fermata_session=a=b', 'fermata_session'), 'a=b')
  assert.equal(readCookie('not_fermata_session=abc', 'fermata_session'), null)
  assert.equal(readCookie('x; fermata_session=abc', 'fermata_session'), 'abc')
  assert.equal(readCookie('fermata_session=', 'fermata_session'), null)
  assert.equal(readCookie('', 'fermata_session'), null)
  assert.equal(readCookie(undefined, 'fermata_session'), null)
})

test('the session cookie is out of reach of scripts and of other sites', () => {
  const header = sessionCookie('abc', true)
  assert.match(
    header,
    /^fermata_session=abc; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
  )
  assert.doesNotMatch(sessionCookie('abc', false), /Secure/)
  assert.match(sessionCookie(null, false), /^fermata_session=; Path=\/; Max-Age=0;/)
})
