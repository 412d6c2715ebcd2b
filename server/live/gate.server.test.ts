import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { LiveFeed } from '@fermata/people/feed/index'
import { until } from '@fermata/testkit/until'
import { WebSocket } from 'ws'
import { handGate, rehearse } from '../http/rehearsal.world.ts'
import { openLive } from './live.ts'
import { streamDetour } from './stream.ts'
import { takeSockets } from './upgrade.ts'

/** The live side over a gate that the test opens, listening. */
async function world(t: TestContext) {
  const steps: string[] = []
  const gate = handGate(steps)
  const feed: LiveFeed = {
    follow() {
      steps.push('follows')
      return () => steps.push('left')
    },
    readers: () => 0,
    stop: () => undefined,
  }
  const clock = rehearse().clock
  const live = openLive(feed, clock, () => Promise.resolve(null))
  const { app, doors, house } = rehearse({
    doors: { feed },
    house: { gate },
    extras: {
      detours: {
        'feed.read': streamDetour(live, { gate, publicUrl: null, stopping: () => false }),
      },
    },
  })
  takeSockets(app.server, { doors, house, live })
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.after(() => app.close())
  let connections = 0
  app.server.on('connection', (socket) => {
    connections += 1
    socket.once('close', () => (connections -= 1))
  })
  const { port } = app.server.address() as AddressInfo
  return { steps, gate, live, host: `127.0.0.1:${port}`, connections: () => connections }
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve))
}

test('a socket is let in, or refused, only after the flush', async (t) => {
  const { steps, gate, host } = await world(t)
  const headers = { authorization: 'Bearer app' }
  const allowed = new WebSocket(`ws://${host}/v1/feed/socket`, { headers })
  const stranger = new WebSocket(`ws://${host}/v1/feed/socket`)
  stranger.on('error', () => undefined)
  const opened = once(allowed, 'open').then(() => steps.push('opened'))
  const refused = once(stranger, 'unexpected-response').then(() => steps.push('refused'))
  await Promise.race([gate.asked, opened, refused])
  await turns()
  gate.open()
  await Promise.all([opened, refused])
  assert.deepEqual(steps.slice(0, 3), ['gate asked', 'gate asked', 'gate open'])
  assert.deepEqual(steps.slice(3).toSorted(), ['follows', 'opened', 'refused'])
  allowed.terminate()
})

test('a stream begins only after the flush', async (t) => {
  const { steps, gate, host, live } = await world(t)
  const headers = { authorization: 'Bearer app', accept: 'text/event-stream' }
  const asking = request(`http://${host}/v1/feed`, { headers }).end()
  const answered = once(asking, 'response').then(() => steps.push('answered'))
  await Promise.race([gate.asked, answered])
  await turns()
  gate.open()
  await answered
  assert.deepEqual(steps, ['gate asked', 'gate open', 'follows', 'answered'])
  assert.equal(live.seats.taken(), 1)
  asking.destroy()
})

test('a stream whose reader went away at the gate keeps no place', async (t) => {
  const { gate, host, live, connections } = await world(t)
  const headers = { authorization: 'Bearer app', accept: 'text/event-stream' }
  const asking = request(`http://${host}/v1/feed`, { headers }).end()
  asking.on('error', () => undefined)
  await gate.asked
  assert.equal(live.seats.taken(), 1)
  asking.destroy()
  await until('the server has noticed', () => connections() === 0)
  gate.open()
  await turns()
  assert.equal(live.seats.taken(), 0)
})
