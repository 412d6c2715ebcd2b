import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { limits } from '@fermata/base/limits'
import type { AnyEvent, Presence } from '@fermata/contract/events.schema'
import { fakeClock, type FakeClock } from '@fermata/testkit/clock'
import { seededRandom } from '@fermata/testkit/random'
import { refusing, startScripted, type Follower, type Scripted } from '@fermata/testkit/scripted'
import { until } from '@fermata/testkit/until'
import { createClient } from './client.ts'
import type { Following, Transport } from './feed.ts'

const transports: Transport[] = ['socket', 'stream']

function event(position: number): AnyEvent {
  return {
    position,
    at: 0,
    actor: null,
    type: 'conversation.resolved',
    conversation: null,
    body: {},
    now: {},
  }
}

function events(position: number, ...positions: number[]) {
  return { type: 'events', position, events: positions.map(event) } as const
}

/** The positions after one, up to another. */
function after(position: number, last: number): number[] {
  return Array.from({ length: last - position }, (_, at) => position + 1 + at)
}

/** Somebody who follows, and everything that they were told. */
interface Told {
  readonly server: Scripted
  readonly clock: FakeClock
  readonly following: Following
  readonly positions: number[]
  readonly scanned: number[]
  readonly resets: number[]
  readonly presences: Presence[]
  readonly states: string[]
  /** The nth connection that the server was asked for, from 0. */
  connection(n: number): Promise<Follower>
  /** Lets the pause before the next attempt pass. */
  pass(): Promise<void>
}

async function follow(t: TestContext, transport: Transport, since?: number): Promise<Told> {
  const server = await startScripted()
  const clock = fakeClock()
  const client = createClient({ url: server.url, token: 'secret', clock })
  const told = { positions: [], scanned: [], resets: [], presences: [], states: [] } as Pick<
    Told,
    'positions' | 'scanned' | 'resets' | 'presences' | 'states'
  >
  const following = client.follow({
    transport,
    ...(since === undefined ? {} : { since }),
    onEvents(found, position) {
      told.positions.push(...found.map((one) => one.position))
      told.scanned.push(position)
    },
    onReset: (position) => void told.resets.push(position),
    onPresence: (presence) => void told.presences.push(presence),
    onState: (state, why) => void told.states.push(why === null ? state : `${state}: ${why.code}`),
  })
  t.after(async () => {
    following.stop()
    await server.close()
  })
  return {
    ...told,
    server,
    clock,
    following,
    async connection(n) {
      await until(`connection ${n} is there`, () => server.followers.length > n)
      return server.followers[n]!
    },
    async pass() {
      await until('it waits', () => following.state === 'waiting')
      // Not further than needed: the next attempt has a time-out of its own.
      while (following.state === 'waiting') clock.advance(10)
    },
  }
}

for (const transport of transports) {
  test(`over a ${transport} events come in order, and every frame moves the position`, async (t) => {
    const told = await follow(t, transport, 10)
    const server = await told.connection(0)
    assert.equal(server.via, transport)
    assert.equal(server.since, 10)
    server.send(events(12, 11, 12))
    server.send({ type: 'heartbeat', position: 20 })
    server.send(events(25, 21, 23))
    await until('all is told', () => told.scanned.length === 3)
    assert.deepEqual(told.positions, [11, 12, 21, 23])
    assert.deepEqual(told.scanned, [12, 20, 25])
    assert.equal(told.following.position, 25)
    assert.deepEqual(told.states, ['connecting', 'live'])
  })

  test(`over a ${transport} the token says who asks`, async (t) => {
    const { headers } = await (await follow(t, transport)).connection(0)
    if (transport === 'stream') assert.equal(headers.authorization, 'Bearer secret')
    else assert.equal(headers['sec-websocket-protocol'], 'fermata.v1, bearer.secret')
  })

  test(`over a ${transport} without a position it begins now, and goes on from there`, async (t) => {
    const told = await follow(t, transport)
    const first = await told.connection(0)
    assert.equal(first.since, null)
    assert.equal(told.following.position, null)
    first.send({ type: 'heartbeat', position: 0 })
    await until('the position is known', () => told.following.position === 0)
    first.cut()
    await told.pass()
    assert.equal((await told.connection(1)).since, 0)
  })

  test(`over a ${transport} a cut at every place loses nothing and repeats nothing`, async (t) => {
    const random = seededRandom(`cut ${transport}`)
    const told = await follow(t, transport, 0)
    const last = 60
    for (let n = 0; (told.following.position ?? 0) < last; n++) {
      const server = await told.connection(n)
      let position = server.since!
      assert.equal(position, told.following.position)
      // A server may repeat what it is not sure to have sent.
      if (position > 1 && position < last) {
        server.send(events(position + 1, position - 1, position, position + 1))
        position += 1
      }
      for (let frames = random.below(4); frames > 0 && position < last; frames--) {
        const next = Math.min(last, position + 1 + random.below(5))
        server.send(events(next, ...after(position, next)))
        position = next
      }
      await until('the frames are there', () => (told.following.position ?? 0) >= position)
      if (random.chance(0.5)) server.end()
      else server.cut()
      await told.pass()
    }
    assert.deepEqual(told.positions, after(0, last))
  })

  test(`over a ${transport} silence is noticed and the connection made anew`, async (t) => {
    const told = await follow(t, transport, 0)
    const first = await told.connection(0)
    first.send({ type: 'heartbeat', position: 3 })
    await until('it is live', () => told.following.state === 'live')
    told.clock.advance(limits.feedSilenceMsMax - 1)
    assert.equal(told.following.state, 'live')
    told.clock.advance(1)
    assert.equal(told.following.state, 'waiting')
    await until('the dead connection is closed', () => first.gone())
    await told.pass()
    assert.equal((await told.connection(1)).since, 3)
  })

  test(`over a ${transport} a connection that never comes about is given up`, async (t) => {
    const told = await follow(t, transport, 0)
    told.clock.advance(limits.feedConnectMsMax)
    assert.equal(told.following.state, 'waiting')
  })

  test(`over a ${transport} a reset is told, and it goes on from there`, async (t) => {
    const told = await follow(t, transport, 5)
    const first = await told.connection(0)
    first.send({ type: 'reset', position: 900 })
    first.send(events(902, 901))
    await until('the event is told', () => told.positions.length === 1)
    assert.deepEqual(told.resets, [900])
    first.cut()
    await told.pass()
    assert.equal((await told.connection(1)).since, 902)
  })

  test(`over a ${transport} a reset may go back, as after a restored backup`, async (t) => {
    const told = await follow(t, transport, 900)
    const first = await told.connection(0)
    first.send({ type: 'reset', position: 4 })
    first.send(events(5, 5))
    await until('the event is told', () => told.positions.length === 1)
    assert.deepEqual([told.resets, told.positions], [[4], [5]])
  })

  test(`over a ${transport} presence is told and moves nothing`, async (t) => {
    const told = await follow(t, transport, 5)
    const presence = {
      conversation: 'cnv_1',
      actor: 'mbr_1',
      name: 'Ana',
      doing: 'reply',
    } as const
    ;(await told.connection(0)).send({ type: 'presence', presence })
    await until('it is told', () => told.presences.length === 1)
    assert.deepEqual(told.presences, [presence])
    assert.equal(told.following.position, 5)
  })

  test(`over a ${transport} the end of access ends it for good`, async (t) => {
    const told = await follow(t, transport, 5)
    const server = await told.connection(0)
    server.send({ type: 'ended' })
    await until('it has ended', () => told.following.state === 'ended')
    assert.deepEqual(told.states, ['connecting', 'ended: not_signed_in'])
    await until('it has closed', () => server.gone())
    assert.equal(told.clock.timers(), 0)
  })

  test(`over a ${transport} whoever is not let in hears why, and does not try again`, async (t) => {
    for (const code of ['not_signed_in', 'scope_missing'] as const) {
      const told = await follow(t, transport, 5)
      ;(await told.connection(0)).cut()
      told.server.admit(() => refusing(code))
      told.server.answer(() => refusing(code))
      await told.pass()
      await until('it has ended', () => told.following.state === 'ended')
      assert.equal(told.states.at(-1), `ended: ${code}`)
      assert.equal(told.clock.timers(), 0)
    }
  })

  test(`over a ${transport} a server that is overloaded is left alone as long as it asks`, async (t) => {
    const told = await follow(t, transport, 5)
    const first = await told.connection(0)
    const busy = refusing('unavailable', { 'retry-after': '45' })
    told.server.admit(() => busy)
    told.server.answer(() => busy)
    first.cut()
    await told.pass()
    await until('it waits again', () => told.states.length === 4)
    told.clock.advance(44_999)
    assert.equal(told.following.state, 'waiting')
    told.clock.advance(1)
    assert.equal(told.following.state, 'connecting')
  })

  test(`over a ${transport} a frame that is none ends the connection, not the following`, async (t) => {
    const told = await follow(t, transport, 5)
    const first = await told.connection(0)
    first.send('{"type":')
    await told.pass()
    assert.equal((await told.connection(1)).since, 5)
  })

  test(`over a ${transport} a sign of life ends the wait at once`, async (t) => {
    const told = await follow(t, transport, 5)
    ;(await told.connection(0)).cut()
    await until('it waits', () => told.following.state === 'waiting')
    told.following.wake()
    await told.connection(1)
    assert.equal(told.following.state, 'connecting')
  })

  test(`over a ${transport} a machine that slept does not trust its old connection`, async (t) => {
    const told = await follow(t, transport, 5)
    const first = await told.connection(0)
    first.send({ type: 'heartbeat', position: 6 })
    await until('it is live', () => told.following.state === 'live')
    told.following.wake()
    assert.equal(told.following.state, 'live')
    // While a machine sleeps its timers stand still, but the wall clock goes on.
    told.clock.setWall(told.clock.now() + 3_600_000)
    told.following.wake()
    assert.equal(told.following.state, 'connecting')
    assert.equal((await told.connection(1)).since, 6)
  })

  test(`over a ${transport} nothing is told once it is stopped`, async (t) => {
    const told = await follow(t, transport, 5)
    const server = await told.connection(0)
    told.following.stop()
    server.send(events(6, 6))
    await until('the connection is closed', () => server.gone())
    assert.deepEqual(told.positions, [])
    assert.deepEqual(told.states, ['connecting'])
    assert.equal(told.clock.timers(), 0)
  })
}

test('pauses between attempts grow up to their limit and are not the same for all', async (t) => {
  const server = await startScripted()
  t.after(() => server.close())
  server.admit(() => refusing('unavailable'))
  const asked: number[] = []
  const clock = fakeClock()
  const following = createClient({
    url: server.url,
    clock: {
      ...clock,
      after(delayMs, run) {
        if (delayMs !== limits.feedConnectMsMax) asked.push(delayMs)
        return clock.after(delayMs, run)
      },
    },
  }).follow({ transport: 'stream', onEvents() {}, onReset() {} })
  for (let n = 1; n <= 12; n++) {
    await until('it waits', () => asked.length === n)
    clock.advance(asked.at(-1)!)
  }
  following.stop()
  assert.ok(asked[0]! <= 2 * limits.retryMsFirst)
  assert.ok(asked.at(-1)! >= limits.retryMsMax / 4)
  assert.ok(Math.max(...asked) <= limits.retryMsMax)
  assert.ok(new Set(asked.slice(-5)).size > 1)
})
