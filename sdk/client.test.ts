import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { uuidv7Pattern } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { routes, type Route, type RouteName } from '@fermata/contract/routes'
import { fakeClock } from '@fermata/testkit/clock'
import { rushedClock } from '@fermata/testkit/rushed'
import { refusing, startScripted, type Reply } from '@fermata/testkit/scripted'
import { until } from '@fermata/testkit/until'
import { ConnectionFailed, createClient } from './client.ts'

const params = { conversation: 'cnv_01' } as const
const body = { client: '01890000-0000-7000-8000-000000000000', text: 'Hello' }

/** A client whose pauses are over at once, and the server that it talks to. */
async function talking(t: TestContext, ...replies: Reply[]) {
  const server = await startScripted()
  t.after(() => server.close())
  const clock = rushedClock(limits.requestMsMax)
  const client = createClient({ url: `${server.url}/`, token: 'secret', clock })
  server.answer(() => replies.shift() ?? { body: { fine: true } })
  return { server, client, clock }
}

test('every route that speaks JSON is a method of its room, and no other', () => {
  const client = createClient({ url: 'http://localhost' })
  const names = Object.keys(routes) as RouteName[]
  for (const name of names) {
    const [room, action] = name.split('.') as [keyof typeof client, string]
    const made = typeof (client[room] as unknown as Record<string, unknown>)?.[action]
    assert.equal(made, (routes[name] as Route).bytes === undefined ? 'function' : 'undefined')
  }
  assert.ok(names.length > 50)
})

test('a call carries its parts where the route wants them', async (t) => {
  const { server, client } = await talking(t)
  await client.messages.post({ params: { conversation: 'cnv_a/b' }, body })
  await client.conversations.list({ query: { list: 'ours', limit: 5 } })
  await client.me.get()
  const [post, list, me] = server.requests
  assert.equal(post?.path, '/v1/conversations/cnv_a%2Fb/messages')
  assert.deepEqual(post.body, body)
  assert.equal(post.headers['content-type'], 'application/json')
  assert.equal(post.headers.authorization, 'Bearer secret')
  assert.equal(list?.query.toString(), 'list=ours&limit=5')
  assert.equal(list.headers['content-type'], undefined)
  assert.equal(me?.path, '/v1/me')
})

test('an answer and a refusal are values', async (t) => {
  const { client } = await talking(t, { body: { a: 1 } }, { status: 204 }, refusing('conflict'))
  assert.deepEqual(await client.me.get(), { ok: true, value: { a: 1 } })
  assert.deepEqual(await client.sessions.end({ params: { session: 'current' } }), {
    ok: true,
    value: undefined,
  })
  const refused = await client.conversations.resolve({ params })
  assert.equal(!refused.ok && refused.refusal.code, 'conflict')
})

const failures: [string, Reply][] = [
  ['a connection that broke before the answer', { cut: 'before' }],
  ['a connection that broke within the answer', { body: { a: 'long text' }, cut: 'within' }],
  ["a proxy's 502", { status: 502, body: '<html>' }],
  ["a proxy's 504", { status: 504, body: '' }],
  ['a server that is unavailable', refusing('unavailable')],
  ['a caller that came too often', refusing('too_many')],
]
for (const [title, failure] of failures) {
  test(`${title} is tried again where that is safe`, async (t) => {
    const { server, client } = await talking(t, failure, failure)
    assert.ok((await client.messages.post({ params, body })).ok)
    assert.equal(server.requests.length, 3)
    assert.deepEqual(server.requests[0]?.body, server.requests[2]?.body)
  })

  test(`${title} is not tried again where that is not safe`, async (t) => {
    const { server, client } = await talking(t, failure)
    const call = client.teams.add({ body: { name: 'Support' } })
    const outcome = await call.then(
      (result) => !result.ok && result.refusal.code,
      (error: unknown) => error instanceof ConnectionFailed,
    )
    assert.ok(outcome)
    assert.equal(server.requests.length, 1)
  })
}

test('what checks a password is tried once, although it is a PUT', async (t) => {
  const { server, client } = await talking(t, refusing('unavailable'))
  const result = await client.me.password({ body: { current: 'a', password: 'long enough' } })
  assert.equal(result.ok, false)
  assert.equal(server.requests.length, 1)
})

test('other refusals are told at once', async (t) => {
  const { server, client } = await talking(t, refusing('internal'))
  const result = await client.me.get()
  assert.equal(!result.ok && result.refusal.code, 'internal')
  assert.equal(server.requests.length, 1)
})

test('pauses grow, and end after the last attempt with what the server said', async (t) => {
  const { server, client, clock } = await talking(t)
  server.answer(() => refusing('unavailable'))
  const result = await client.me.get()
  assert.equal(!result.ok && result.refusal.code, 'unavailable')
  assert.equal(server.requests.length, limits.requestAttemptsMax)
  assert.equal(clock.pauses.length, limits.requestAttemptsMax - 1)
  clock.pauses.forEach((pauseMs, at) => {
    const spanMs = limits.retryMsFirst * 2 ** (at + 1)
    assert.ok(pauseMs >= spanMs / 4 && pauseMs <= spanMs, `${pauseMs} of ${spanMs}`)
  })
})

test('Retry-After is waited for, in seconds or as a date, but not for ever', async (t) => {
  const { client, clock, server } = await talking(
    t,
    refusing('too_many', { 'retry-after': '7' }),
    refusing('too_many', { 'retry-after': 'Mon, 05 Jan 2026 09:00:20 GMT' }),
  )
  assert.ok((await client.me.get()).ok)
  assert.equal(clock.pauses[0], 7_000)
  assert.equal(clock.pauses[1], 13_000)
  server.answer(() => refusing('too_many', { 'retry-after': '3600' }))
  const result = await client.me.get()
  assert.equal(!result.ok && result.refusal.code, 'too_many')
  assert.equal(server.requests.length, 4)
})

test('a server that is not there is told by an exception with its cause', async (t) => {
  const { server, client } = await talking(t)
  await server.close()
  await assert.rejects(client.me.get(), (error) => {
    assert.ok(error instanceof ConnectionFailed)
    assert.ok(error.cause instanceof Error)
    return true
  })
})

test('an answer that is no answer of Fermata is told by an exception', async (t) => {
  const { client } = await talking(
    t,
    { body: '<html>Welcome to the airport</html>' },
    { status: 404, body: { error: { code: 'no_such_code', message: '' } } },
  )
  await assert.rejects(client.me.get(), ConnectionFailed)
  await assert.rejects(client.me.get(), ConnectionFailed)
})

test('an attempt that takes too long is given up', async (t) => {
  const { server } = await talking(t)
  server.answer(() => new Promise(() => {}))
  const clock = fakeClock()
  const client = createClient({ url: server.url, clock })
  const call = assert.rejects(client.me.get({}, { retry: false, timeoutMs: 5_000 }), (error) => {
    assert.ok(error instanceof ConnectionFailed)
    assert.equal((error.cause as Error).name, 'TimeoutError')
    return true
  })
  await until('the request is there', () => server.requests.length === 1)
  clock.advance(4_999)
  assert.equal(clock.timers(), 1)
  clock.advance(1)
  await call
  assert.equal(clock.timers(), 0)
})

test('a call can be given up while it is under way, and between attempts', async (t) => {
  const { server } = await talking(t)
  server.answer(() => new Promise(() => {}))
  const clock = fakeClock()
  const client = createClient({ url: server.url, clock })
  const cut = new AbortController()
  const call = assert.rejects(client.me.get({}, { signal: cut.signal }), /enough/)
  await until('the request is there', () => server.requests.length === 1)
  cut.abort(new Error('enough'))
  await call

  server.answer(() => refusing('unavailable'))
  const second = new AbortController()
  const other = assert.rejects(client.me.get({}, { signal: second.signal }), /enough/)
  await until('the client waits', () => server.requests.length === 2 && clock.timers() === 1)
  second.abort(new Error('enough'))
  await other
  assert.equal(clock.timers(), 0)
})

test('the token is asked for with every request', async (t) => {
  const { server } = await talking(t)
  let token: string | null = null
  const client = createClient({ url: server.url, token: () => token })
  await client.setup.get()
  token = 'later'
  await client.setup.get()
  assert.deepEqual(
    server.requests.map((request) => request.headers.authorization),
    [undefined, 'Bearer later'],
  )
})

test('new ids are UUIDv7 and ascend', () => {
  const client = createClient({ url: 'http://localhost', clock: fakeClock() })
  const ids = Array.from({ length: 100 }, () => client.newId())
  for (const id of ids) assert.match(id, new RegExp(uuidv7Pattern))
  assert.deepEqual(ids.toSorted(), ids)
  assert.equal(new Set(ids).size, 100)
})
