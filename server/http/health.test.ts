import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networksOf } from './address.ts'
import { open, rehearse, type Wishes } from './rehearsal.world.ts'

test('a server that lives says so, and whether it is ready', async () => {
  const { app } = rehearse()
  assert.equal((await app.inject('/healthz')).statusCode, 200)
  assert.equal((await app.inject('/readyz')).statusCode, 200)
  const stopping = rehearse({ unready: async () => 'it is stopping' })
  const answer = await stopping.app.inject('/readyz')
  assert.equal(answer.statusCode, 503)
  assert.match(answer.body, /it is stopping/)
})

test('the figures hold requests by route, the database and the readers', async () => {
  const { app } = rehearse({ handlers: { 'setup.get': open } })
  await app.inject('/v1/setup')
  await app.inject('/v1/me')
  const { body, headers } = await app.inject('/metrics')
  assert.match(String(headers['content-type']), /^text\/plain/)
  assert.match(body, /^fermata_http_request_seconds_count\{route="setup\.get"\} 1$/m)
  assert.match(body, /^fermata_http_answers_total\{route="me\.get",status="4xx"\} 1$/m)
  assert.match(body, /^fermata_storage_commits_total 7$/m)
  assert.match(body, /^fermata_live_readers 3$/m)
  assert.match(body, /^nodejs_eventloop_lag_p99_seconds /m)
})

test('the figures are for this machine, named addresses, and nobody that a proxy hides', async () => {
  const status = async (remoteAddress: string, headers: object = {}, wishes: Wishes = {}) => {
    const { app } = rehearse(wishes)
    const request = { url: '/metrics', remoteAddress, headers: headers as Record<string, string> }
    return (await app.inject(request)).statusCode
  }
  const forwarded = { 'x-forwarded-for': '127.0.0.1' }
  assert.equal(await status('127.0.0.1'), 200)
  assert.equal(await status('::1'), 200)
  assert.equal(await status('192.0.2.1'), 403)
  assert.equal(await status('192.0.2.1', {}, { metricsFrom: ['192.0.2.0/24'] }), 200)
  assert.equal(await status('192.0.2.1', forwarded), 403)
  assert.equal(await status('127.0.0.1', forwarded), 403)
  const trustedProxies = networksOf(['127.0.0.1'])
  const outside = { 'x-forwarded-for': '198.51.100.1' }
  assert.equal(await status('127.0.0.1', outside, { house: { trustedProxies } }), 403)
})
