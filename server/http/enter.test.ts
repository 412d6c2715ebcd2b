import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { ok } from '@fermata/base/result'
import type { Handlers } from '@fermata/people/handler'
import { networksOf } from './address.ts'
import { listedPage, open, rehearse, type Wishes } from './rehearsal.world.ts'

const cookie = 'fermata_session=owner'
const host = 'desk.example:7300'
const team = { 'teams.remove': async () => ok(undefined) } as const satisfies Partial<Handlers>

/** The status of a request that changes something, made with these headers. */
async function statusOf(headers: Record<string, string>, wishes: Wishes = {}): Promise<number> {
  const { app } = rehearse({ handlers: team, ...wishes })
  const url = '/v1/teams/tea_00000000000000000000000001'
  return (await app.inject({ method: 'DELETE', url, headers: { host, ...headers } })).statusCode
}

test('a cookie changes something only from a page of the server itself', async () => {
  assert.equal(await statusOf({ cookie, origin: `http://${host}` }), 204)
  assert.equal(await statusOf({ cookie, origin: `https://${host}` }), 204)
  assert.equal(await statusOf({ cookie }), 403)
  assert.equal(await statusOf({ cookie, origin: 'null' }), 403)
  assert.equal(await statusOf({ cookie, origin: 'https://evil.example' }), 403)
  assert.equal(await statusOf({ cookie, origin: `http://${host}.evil.example` }), 403)
  assert.equal(await statusOf({ cookie, origin: listedPage }), 403)
})

test('a server that knows its public address takes no other for its own', async () => {
  const wishes = { house: { publicUrl: 'https://chat.example' } }
  assert.equal(await statusOf({ cookie, origin: 'https://chat.example' }, wishes), 204)
  assert.equal(await statusOf({ cookie, origin: 'http://chat.example' }, wishes), 403)
  assert.equal(await statusOf({ cookie, origin: `http://${host}` }, wishes), 403)
})

test('a cookie may read without an origin, as a link does, but not from a foreign page', async () => {
  const list: Handlers['sessions.list'] = async () => ok({ rows: [] })
  const { app } = rehearse({ handlers: { 'sessions.list': list } })
  const read = (headers: Record<string, string>) =>
    app.inject({ url: '/v1/sessions', headers: { cookie, host, ...headers } })
  assert.equal((await read({})).statusCode, 200)
  assert.equal((await read({ origin: 'https://evil.example' })).statusCode, 403)
})

test('a token wins over the cookie that a browser adds unasked', async () => {
  const { app } = rehearse()
  const headers = { cookie, host, authorization: 'Bearer visitor' }
  const answer = await app.inject({ url: '/v1/sessions', headers })
  assert.equal(answer.json().error.code, 'not_allowed')
})

test('a listed page may read what its visitors get, and never with a cookie', async () => {
  const { app } = rehearse()
  const as = (authorization: string, origin = listedPage) =>
    app.inject({ url: '/v1/conversations', headers: { host, origin, authorization } })
  const visitor = await as('Bearer visitor')
  assert.equal(visitor.json().error.code, 'conflict')
  assert.equal(visitor.headers['access-control-allow-origin'], listedPage)
  assert.equal(visitor.headers['access-control-allow-credentials'], undefined)
  assert.equal(visitor.headers['vary'], 'Origin')

  const revoked = await as('Bearer gone')
  assert.equal(revoked.statusCode, 401)
  assert.equal(revoked.headers['access-control-allow-origin'], listedPage)

  const robot = await as('Bearer app')
  assert.equal(robot.json().error.code, 'origin_refused')
  const elsewhere = await as('Bearer visitor', 'https://evil.example')
  assert.equal(elsewhere.json().error.code, 'origin_refused')
  assert.equal(elsewhere.headers['access-control-allow-origin'], undefined)
})

test('nobody can be signed in by a foreign page, but a program without a page can sign in', async () => {
  const { app } = rehearse()
  const signIn = (headers: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url: '/v1/sessions',
      headers: { host, ...headers },
      payload: { email: 'ada@example.com', password: 'a long password' },
    })
  assert.equal((await signIn({ origin: listedPage })).json().error.code, 'origin_refused')
  assert.equal((await signIn({})).json().error.code, 'conflict')
})

test('a browser that asks first is told what a listed page may send', async () => {
  const { app } = rehearse({
    doors: {
      listsOrigin: async (scope, origin) =>
        origin === listedPage && (scope === 'any' || ('key' in scope && scope.key === 'abc')),
    },
  })
  const ask = (url: string, origin?: string) =>
    app.inject({
      method: 'OPTIONS',
      url,
      headers: { host, ...(origin === undefined ? {} : { origin }) },
    })
  const listed = await ask('/v1/conversations', listedPage)
  assert.equal(listed.statusCode, 204)
  assert.equal(listed.headers['access-control-allow-origin'], listedPage)
  assert.match(String(listed.headers['access-control-allow-headers']), /authorization/)
  assert.equal(listed.headers['access-control-allow-credentials'], undefined)
  assert.equal((await ask('/v1/widget/abc/visitors', listedPage)).statusCode, 204)
  assert.equal((await ask('/v1/widget/other/visitors', listedPage)).statusCode, 403)
  assert.equal((await ask('/v1/conversations', 'https://evil.example')).statusCode, 403)
  assert.equal((await ask('/v1/conversations')).statusCode, 405)
})

test('strangers are counted by their address, and told when to come again', async () => {
  const { app, clock } = rehearse({ handlers: { 'setup.get': open } })
  const from = (remoteAddress: string) => app.inject({ url: '/v1/setup', remoteAddress })
  for (let i = 0; i < limits.requestsPerAddressMax; i++) {
    assert.equal((await from('192.0.2.1')).statusCode, 200)
  }
  const often = await from('192.0.2.1')
  assert.equal(often.statusCode, 429)
  assert.equal(often.json().error.limit, limits.requestsPerAddressMax)
  const seconds = Number(often.headers['retry-after'])
  assert.ok(seconds >= 1 && seconds <= limits.requestWindowMs / 500)
  assert.equal((await from('192.0.2.2')).statusCode, 200)
  clock.advance(seconds * 1_000)
  assert.equal((await from('192.0.2.1')).statusCode, 200)
})

test('an address is taken from a header only when a trusted proxy wrote it', async () => {
  const address = (trusted: string[], remoteAddress: string) => {
    let seen = ''
    const look: Handlers['setup.get'] = async ({ connection }) => {
      seen = connection.address
      return ok({ open: true })
    }
    const { app } = rehearse({
      handlers: { 'setup.get': look },
      house: { trustedProxies: networksOf(trusted) },
    })
    const headers = { 'x-forwarded-for': '198.51.100.9' }
    return app.inject({ url: '/v1/setup', remoteAddress, headers }).then(() => seen)
  }
  assert.equal(await address(['10.0.0.1'], '10.0.0.1'), '198.51.100.9')
  assert.equal(await address(['10.0.0.1'], '10.0.0.2'), '10.0.0.2')
})

test('sends of a visitor and tries to sign in have limits of their own', async () => {
  const { app } = rehearse()
  const count = async (max: number, ask: () => Promise<{ statusCode: number }>) => {
    for (let i = 0; i < max; i++) assert.notEqual((await ask()).statusCode, 429)
    assert.equal((await ask()).statusCode, 429)
  }
  await count(limits.sendsPerContactMax, () =>
    app.inject({
      method: 'POST',
      url: '/v1/conversations',
      headers: { authorization: 'Bearer visitor' },
    }),
  )
  await count(limits.signInsPerAddressMax, () =>
    app.inject({ method: 'POST', url: '/v1/sessions' }),
  )
})
