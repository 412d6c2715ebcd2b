import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { Frame } from '@fermata/contract/events.schema'
import { need } from '@fermata/testkit/needs'
import { startPostgres } from '@fermata/testkit/postgres'
import { until } from '@fermata/testkit/until'
import { WebSocket } from 'ws'
import { newFolder, ownerEnvironment, signIn, startProcess } from './process.world.ts'

/** What the end is promised to take at most; ten times that is a fault and no slow machine. */
const promisedMs = 1_000

const postgresql = need('postgresql')

test(
  'two servers on one PostgreSQL are one: words and revocations reach both',
  postgresql,
  async (t) => {
    const postgres = await startPostgres(postgresql.path)
    t.after(() => postgres.stop())
    const data = newFolder(t)
    const env = { ...ownerEnvironment, FERMATA_DATABASE_URL: postgres.url('postgres') }
    const [here, there] = [startProcess(t, { data, env }), startProcess(t, { data, env })]
    const [url, other] = [await here.url, await there.url]
    const cookie = await signIn(url)

    const socket = new WebSocket(`${other.replace('http', 'ws')}/v1/feed/socket`, {
      headers: { cookie, origin: other },
    })
    const frames: Frame[] = []
    socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString())))
    await until('the reader has caught up', () => frames.length > 0)
    const ask = (method: string, path: string, body?: object) =>
      fetch(`${url}${path}`, {
        method,
        headers: { cookie, origin: url, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    assert.equal((await ask('POST', '/v1/teams', { name: 'Shop desk' })).status, 200)
    const told = () => frames.flatMap((frame) => (frame.type === 'events' ? frame.events : []))
    await until('the other server tells it', () => told().some((one) => one.type === 'team.added'))

    const closed = once(socket, 'close')
    const since = performance.now()
    assert.equal((await ask('DELETE', '/v1/sessions/current')).status, 204)
    const [code] = (await closed) as [number]
    assert.equal(code, 4401)
    assert.ok(performance.now() - since < 10 * promisedMs)
    const after = await fetch(`${other}/v1/me`, { headers: { cookie } })
    assert.equal(after.status, 401)
  },
)

test('a database that is not there is said in a line, without its password', async (t) => {
  const env = { FERMATA_DATABASE_URL: 'postgres://fermata:hushhush@127.0.0.1:1/fermata' }
  const server = startProcess(t, { data: newFolder(t), env })
  assert.deepEqual(await server.ended, { code: 1, signal: null })
  assert.match(server.logged(), /^Fermata cannot start: .*ECONNREFUSED.*\n$/)
  assert.doesNotMatch(server.logged(), /hushhush/)
})
