import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { limits } from '@fermata/base/limits'
import { until } from '@fermata/testkit/until'
import { allRights } from '../../broker/rights.ts'
import { encodeRequest } from './codec.ts'
import type { Doorkeeper } from './identity.ts'
import { openKafka } from './kafka.world.ts'
import { listenAt } from './listen.ts'

// Those who come and do not say who they are take no room from those who do.

const doorkeeper: Doorkeeper = {
  plain: async ({ user }) => ({ name: user, credential: user, rights: allRights, expiresAt: null }),
  scram: async () => ({ salt: new Uint8Array(), iterations: 4_096, keys: [] }),
  still: async (credentials) =>
    credentials.map((name) => ({ name, credential: name, rights: allRights, expiresAt: null })),
}

async function come(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function signIn(socket: Socket): Promise<void> {
  const header = { correlationId: 1, clientId: 't', version: 1 }
  const said = [
    ...encodeRequest({ ...header, api: 'SaslHandshake', body: { mechanism: 'PLAIN' } }),
    ...encodeRequest({
      ...{ ...header, api: 'SaslAuthenticate' as const },
      body: { authBytes: Buffer.from('\0app\0token') },
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
  const late = await come(t, port)
  await until('there is no room for one more', () => late.destroyed)
  assert.equal(known.destroyed, false)
  assert.equal(world.listener.connections(), 3)
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
