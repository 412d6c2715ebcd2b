import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { ok, refused } from '@fermata/base/result'
import { refusal } from '@fermata/contract/errors'
import { routes, type Route } from '@fermata/contract/routes'
import type { Handlers } from '@fermata/people/handler'
import { ReadTooLong, StorageBusy, StorageFull } from '@fermata/storage/port'
import { open, rehearse, type Rehearsal } from './rehearsal.world.ts'

const conversation = 'cnv_00000000000000000000000001'
const client = '018f0000-0000-7000-8000-000000000000'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const json = { 'content-type': 'application/json' }
const own = { cookie: 'fermata_session=owner', host: 'localhost', origin: 'http://localhost' }

/** Posts a message as an app, to a handler that refuses whatever gets through to it. */
async function post(app: Rehearsal['app'], payload: string | Buffer, headers: object = json) {
  const url = `/v1/conversations/${conversation}/messages`
  const answer = await app.inject({
    method: 'POST',
    url,
    payload,
    headers: { ...bearer('app'), ...headers },
  })
  return { status: answer.statusCode, error: answer.json().error }
}

test('every route of the table is mounted, and only those marked so serve strangers', async () => {
  const { app } = rehearse({ checkAnswers: false })
  for (const { method, path, who } of Object.values<Route>(routes)) {
    const answer = await app.inject({ method, url: path.replaceAll(/:[a-z]+/g, 'x') })
    const { code } = answer.json().error
    assert.notEqual(code, 'not_found', path)
    assert.equal(code === 'not_signed_in', !who.includes('anyone'), `${method} ${path}: ${code}`)
  }
})

test('an answer is JSON that nobody keeps, frames or sniffs at', async () => {
  const { app } = rehearse({ handlers: { 'setup.get': open } })
  const { statusCode, headers, body } = await app.inject('/v1/setup')
  assert.equal(statusCode, 200)
  assert.equal(body, '{"open":true}')
  assert.equal(headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/)
  assert.equal(headers['strict-transport-security'], undefined)
})

test('a server that is reached by HTTPS asks to be reached by nothing else', async () => {
  const { app } = rehearse({ house: { publicUrl: 'https://chat.example' } })
  const { headers } = await app.inject('/healthz')
  assert.equal(headers['strict-transport-security'], 'max-age=31536000')
})

test('a route without an answer says 204, and can set the session cookie', async () => {
  const end: Handlers['sessions.end'] = async ({ connection }) => {
    connection.setSessionCookie(null)
    return ok(undefined)
  }
  const { app } = rehearse({ handlers: { 'sessions.end': end } })
  const answer = await app.inject({ method: 'DELETE', url: '/v1/sessions/current', headers: own })
  assert.equal(answer.statusCode, 204)
  assert.equal(answer.body, '')
  assert.match(String(answer.headers['set-cookie']), /^fermata_session=; .*Max-Age=0/)
})

test('a handler gets the caller, the parts of the request, and numbers as numbers', async () => {
  let asked: unknown
  const list: Handlers['messages.list'] = async ({ caller, params, query, connection }) => {
    asked = {
      caller: caller.id,
      params: { ...params },
      query: { ...query },
      agent: connection.agent,
    }
    return ok({ messages: [], more: { before: false, after: false }, position: 0 })
  }
  const { app } = rehearse({ handlers: { 'messages.list': list } })
  const headers = { ...bearer('visitor'), 'user-agent': 'Test/1' }
  const url = `/v1/conversations/${conversation}/messages?after=12&limit=5`
  const answer = await app.inject({ url, headers })
  assert.equal(answer.statusCode, 200)
  assert.deepEqual(asked, {
    caller: 'ctc_00000000000000000000000001',
    params: { conversation },
    query: { after: 12, limit: 5 },
    agent: 'Test/1',
  })
})

test('what does not fit a schema is refused by the path of the field, with the limit', async () => {
  const { app } = rehearse()
  const text = 'a'.repeat(limits.messageTextCharsMax + 1)
  const cases: [object | string, string, string, number?][] = [
    [{ client, text }, 'invalid_field', 'body.text', limits.messageTextCharsMax],
    [{ client }, 'invalid_field', 'body.text'],
    [{ client, text: 7 }, 'invalid_field', 'body.text'],
    [{ client, text: 'a', colour: 'red' }, 'invalid_field', 'body.colour'],
    [{ client, text: 'a', kind: 'shout' }, 'invalid_field', 'body.kind'],
    [{ client: 'mine', text: 'a' }, 'invalid_field', 'body.client'],
    [{ client, text: '', files: 7 }, 'invalid_field', 'body.files'],
    ['[1]', 'invalid_field', 'body'],
    ['', 'invalid_field', 'body'],
    ['{"client":', 'bad_request', 'body'],
    ['{"__proto__":{}}', 'bad_request', 'body.__proto__'],
    ['['.repeat(limits.bodyDepthMax + 2), 'bad_request', 'body'],
  ]
  for (const [body, code, field, limit] of cases) {
    const payload = typeof body === 'string' ? body : JSON.stringify(body)
    const { status, error } = await post(app, payload)
    assert.deepEqual([status, error.code, error.field], [400, code, field], payload.slice(0, 80))
    assert.equal(error.limit, limit)
  }
})

test('a number in a body stays what it is, and a text in a query is no number', async () => {
  const { app } = rehearse()
  const cursor = await app.inject({
    method: 'PUT',
    url: `/v1/conversations/${conversation}/cursor`,
    headers: bearer('visitor'),
    payload: { number: '3' },
  })
  assert.equal(cursor.json().error.field, 'body.number')
  const list = `/v1/conversations/${conversation}/messages`
  for (const [query, field] of [
    ['limit=0', 'query.limit'],
    ['limit=many', 'query.limit'],
    ['limit=101', 'query.limit'],
    ['limit=5&limit=6', 'query.limit'],
    ['before=-1', 'query.before'],
    ['colour=red', 'query.colour'],
    ['%00=1', 'query.\0'],
  ] as const) {
    const answer = await app.inject({ url: `${list}?${query}`, headers: bearer('visitor') })
    assert.equal(answer.statusCode, 400)
    assert.equal(answer.json().error.field, field, query)
  }
  const wrongId = await app.inject({ url: '/v1/conversations/7', headers: bearer('app') })
  assert.equal(wrongId.json().error.field, 'params.conversation')
})

test('a body that nobody wants is refused, and so is one that is too large or not JSON', async () => {
  const { app } = rehearse()
  const unwanted = await app.inject({
    method: 'PUT',
    url: `/v1/conversations/${conversation}/resolution`,
    headers: bearer('app'),
    payload: { because: 'done' },
  })
  assert.equal(unwanted.json().error.field, 'body')

  const { status, error } = await post(app, 'a'.repeat(limits.bodyBytesMax + 1))
  assert.deepEqual([status, error.code, error.limit], [413, 'too_large', limits.bodyBytesMax])
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    '/',
  ]) {
    const { status, error } = await post(app, 'a=1', { 'content-type': type })
    assert.deepEqual([status, error.code], [415, 'unsupported_media'], type)
  }
})

test('unknown addresses and methods are refused in the one form of errors', async () => {
  const { app } = rehearse()
  const unknown = await app.inject('/v1/nothing')
  assert.deepEqual([unknown.statusCode, unknown.json().error.code], [404, 'not_found'])
  const method = await app.inject({ method: 'PUT', url: '/v1/setup' })
  assert.deepEqual([method.statusCode, method.json().error.code], [405, 'wrong_method'])
  assert.equal(method.headers['allow'], 'GET, POST')
  const broken = await app.inject('/v1/contacts/%zz')
  assert.deepEqual([broken.statusCode, broken.json().error.field], [400, 'url'])
  for (const answer of [unknown, method, broken]) {
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
  }
})

test('a refusal gets the status of its code, and when to come again', async () => {
  const refuse: Handlers['setup.get'] = async () =>
    refused(refusal('too_many', { limit: 3, retryAfterMs: 1_001 }))
  const { app } = rehearse({ handlers: { 'setup.get': refuse } })
  const answer = await app.inject('/v1/setup')
  assert.equal(answer.statusCode, 429)
  assert.equal(answer.headers['retry-after'], '2')
  assert.deepEqual(Object.keys(answer.json().error).toSorted(), ['code', 'limit', 'message'])
})

test('a thrown error is logged under the id that the answer carries, and told to nobody', async () => {
  const thrown: [Error, number, string][] = [
    [new Error('secret of the house'), 500, 'internal'],
    [new StorageFull('the disk is full'), 507, 'storage_full'],
    [new StorageBusy('more than 10 actions wait'), 503, 'unavailable'],
    [new ReadTooLong('read too long'), 503, 'unavailable'],
  ]
  for (const [error, status, code] of thrown) {
    const { app, logged } = rehearse({
      handlers: { 'setup.get': () => Promise.reject(error) },
    })
    const answer = await app.inject('/v1/setup?')
    assert.deepEqual([answer.statusCode, answer.json().error.code], [status, code])
    assert.ok(!answer.body.includes(error.message))
    const [line] = logged.map((text) => JSON.parse(text))
    assert.equal(line.request, answer.headers['x-request-id'])
    assert.equal(line.err.message, error.message)
    assert.equal(line.route, 'GET /v1/setup')
    assert.equal(answer.headers['retry-after'], status === 503 ? '1' : undefined)
  }
})

test('an answer that its schema does not know fails, where answers are checked', async () => {
  const leak = async () => ok({ open: true, token: 'secret' })
  const checked = rehearse({ handlers: { 'setup.get': leak } })
  assert.equal((await checked.app.inject('/v1/setup')).statusCode, 500)
  assert.match(checked.logged.join(), /setup\.get answers what its schema does not say/)
  const trusting = rehearse({ handlers: { 'setup.get': leak }, checkAnswers: false })
  assert.equal((await trusting.app.inject('/v1/setup')).statusCode, 200)
})
