import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { limits } from '@fermata/base/limits'
import { until } from '@fermata/testkit/until'
import { allRights, type Rights } from '../../broker/rights.ts'
import { batchOf } from '../../log/contract.world.ts'
import { decodeResponse, encodeRequest } from './codec.ts'
import { errorCodes } from './errors.ts'
import { newFrameSplitter } from './frames.ts'
import type { Doorkeeper, Identity } from './identity.ts'
import { openKafka } from './kafka.world.ts'
import { listenAt } from './listen.ts'

// Those who come and do not say who they are take no room from those who do.

const identityOf = (name: string, rights: Rights = allRights): Identity => ({
  ...{ name, credential: name, rights, expiresAt: null },
})

const doorkeeper: Doorkeeper = {
  plain: async ({ user }) => identityOf(user),
  scram: async () => ({ salt: new Uint8Array(), iterations: 4_096, keys: [] }),
  still: async (credentials) => credentials.map((name) => identityOf(name)),
}

async function come(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function signIn(socket: Socket, name = 'app'): Promise<void> {
  const header = { correlationId: 1, clientId: 't', version: 1 }
  const said = [
    ...encodeRequest({ ...header, api: 'SaslHandshake', body: { mechanism: 'PLAIN' } }),
    ...encodeRequest({
      ...{ ...header, api: 'SaslAuthenticate' as const },
      body: { authBytes: Buffer.from(`\0${name}\0token`) },
    }),
  ]
  let answered = 0
  socket.on('data', (chunk: Buffer) => void (answered += chunk.length))
  socket.write(Buffer.concat(said))
  // The second answer says that the password is good.
  await until('both are answered', () => answered > 4 + 4 + 2 + 40 || socket.destroyed)
  assert.equal(socket.destroyed, false)
}

void test('where there is no room, a stranger goes for somebody new, and nobody who is known', async (t) => {
  const world = await openKafka(t, {}, { doorkeeper, connectionsMax: 3 })
  const { port } = world.listener
  const known = await come(t, port)
  await signIn(known)
  const strangers = [await come(t, port), await come(t, port)]
  await until('they are there', () => world.listener.connections() === 3)
  for (const stranger of strangers) {
    const newcomer = await come(t, port)
    await signIn(newcomer)
    await until('the stranger who came first is gone', () => stranger.destroyed)
  }
  assert.equal(world.listener.connections(), 3)
  assert.equal(known.destroyed, false)
})

void test('where all are known, whoever has the most connections loses the one that was silent longest', async (t) => {
  const world = await openKafka(t, {}, { doorkeeper, connectionsMax: 3 })
  const { port } = world.listener
  const other = await come(t, port)
  await signIn(other, 'other')
  const many = [await come(t, port), await come(t, port)]
  for (const socket of many) await signIn(socket, 'many')
  const late = await come(t, port)
  await signIn(late, 'late')
  await until('one is gone', () => many[0]!.destroyed)
  assert.deepEqual([other.destroyed, many[1]!.destroyed], [false, false])
  assert.equal(world.listener.connections(), 3)
})

void test('whoever waits for records and may not read any more gets none', async (t) => {
  let rights = allRights
  const still: Doorkeeper['still'] = async (names) => names.map((name) => identityOf(name, rights))
  const world = await openKafka(t, {}, { doorkeeper: { ...doorkeeper, still } })
  const topics = [{ name: 'orders', partitions: 1, settings: [] }]
  await world.broker.createTopics({ workspace: 'one', topics, validateOnly: false })
  const socket = await come(t, world.listener.port)
  await signIn(socket)
  const splitter = newFrameSplitter()
  const frames: Buffer[] = []
  socket.on('data', (chunk: Buffer) => {
    const cut = splitter.push(chunk)
    if (cut.ok) frames.push(...cut.value)
  })
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1e6 }]
  const body = { maxWaitMs: 20_000, minBytes: 1, topics: [{ topic: 'orders', partitions }] }
  const header = { api: 'Fetch', version: 12, correlationId: 1, clientId: 't' } as const
  socket.write(Buffer.concat(encodeRequest({ ...header, body })))
  let hasHeard = false
  rights = new Proxy<Rights>(
    { held: ['write'], prefix: '' },
    {
      get: (target, name) => {
        hasHeard = true
        return target[name as keyof Rights]
      },
    },
  )
  await until('it is known', () => hasHeard)
  const batches = [{ topic: 'orders', index: 0, batch: batchOf(['secret']) }]
  await world.broker.produce({ workspace: 'one', acks: -1, batches })
  await until('it is answered', () => frames.length > 0)
  const answer = decodeResponse(frames[0]!, 'Fetch', 12)
  assert.ok(answer.ok)
  const [found] = answer.value.body.responses[0]?.partitions ?? []
  assert.equal(found?.errorCode, errorCodes.TOPIC_AUTHORIZATION_FAILED)
  assert.equal(found?.records?.length ?? 0, 0)
})

void test('strangers of one address who try again and again wait, and are not asked about meanwhile', async (t) => {
  let asked = 0
  const scram: Doorkeeper['scram'] = async () => {
    asked++
    return { salt: Buffer.from('salt'), iterations: 4_096, keys: [] }
  }
  const world = await openKafka(t, {}, { doorkeeper: { ...doorkeeper, scram } })
  const { port } = world.listener
  const header = { correlationId: 1, clientId: 't', version: 1 }
  const body = { mechanism: 'SCRAM-SHA-256' }
  const once = Buffer.concat([
    ...encodeRequest({ ...header, api: 'SaslHandshake', body }),
    ...encodeRequest({
      ...{ ...header, api: 'SaslAuthenticate' as const },
      body: { authBytes: Buffer.from('n,,n=app_1,r=nonce') },
    }),
  ])
  const most = limits.kafkaSignInsAtOnceMax
  const stranger = await come(t, port)
  stranger.resume()
  for (let at = 0; at < 2 * most; at++) stranger.write(once)
  await until('they have tried often', () => asked >= most)
  for (let at = 0; at < 20; at++) {
    const other = await come(t, port)
    other.write(Buffer.concat(encodeRequest({ ...header, api: 'ApiVersions', body: {} })))
    await new Promise((go) => other.once('data', go))
    other.destroy()
  }
  assert.ok(asked < most + most / 2, `${asked}`)
})

void test('those who never come to an encrypted connection are not more than some', async (t) => {
  const tls = { cert: '', key: '' }
  const entrance = await listenAt({ hosts: ['127.0.0.1'], port: 0, tls, onSocket() {} })
  const sockets: Socket[] = []
  const more = 20
  for (let at = 0; at < limits.kafkaHandshakesMax + more; at++) {
    sockets.push(await come(t, entrance.port))
  }
  const gone = (): number => sockets.filter(({ destroyed }) => destroyed).length
  await until('those who came first are gone', () => gone() >= more)
  assert.equal(gone(), more)
  assert.ok(sockets.slice(0, more).every(({ destroyed }) => destroyed))
  // Nor are they waited for.
  await entrance.close()
  await until('all are gone', () => gone() === sockets.length)
})
