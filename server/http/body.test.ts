import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { checkTexts, parseBody } from './body.ts'

const refusalOf = (body: string | Buffer) => {
  const parsed = parseBody(Buffer.from(body))
  assert.equal(parsed.ok, false)
  return parsed.ok ? undefined : parsed.refusal
}

test('a body is JSON in UTF-8, or nothing', () => {
  assert.deepEqual(parseBody(Buffer.from('{"a":["è",1,null]}')), {
    ok: true,
    value: { a: ['è', 1, null] },
  })
  assert.deepEqual(parseBody(Buffer.alloc(0)), { ok: true, value: undefined })
  assert.match(refusalOf('{"a":')!.message, /not JSON/)
  assert.match(refusalOf(Buffer.from([0x22, 0xff, 0x22]))!.message, /not UTF-8/)
})

test('a body may be nested up to the limit and no deeper', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  assert.ok(parseBody(Buffer.from(nested(limits.bodyDepthMax))).ok)
  const refusal = refusalOf(nested(limits.bodyDepthMax + 1))
  assert.equal(refusal!.limit, limits.bodyDepthMax)
  assert.match(refusal!.message, /nested/)
  assert.match(refusalOf(nested(100_000))!.message, /nested/)
})

test('names that reach for a prototype are refused wherever they stand', () => {
  assert.equal(refusalOf('{"__proto__":{"admin":true}}')!.field, 'body.__proto__')
  assert.equal(refusalOf('{"a":[{"constructor":1}]}')!.field, 'body.a.0.constructor')
})

test('texts with halves of characters or zeros are refused by the name of their field', () => {
  assert.equal(refusalOf(String.raw`{"m":{"text":"a\ud800"}}`)!.field, 'body.m.text')
  assert.equal(refusalOf(String.raw`{"text":"\u0000"}`)!.field, 'body.text')
  assert.ok(parseBody(Buffer.from(String.raw`{"text":"\ud83d\ude00"}`)).ok)
  assert.equal(checkTexts('query', { page: 'a\0' })?.field, 'query.page')
  assert.equal(checkTexts('query', { page: 'a' }), undefined)
})
