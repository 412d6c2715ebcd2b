import assert from 'node:assert/strict'
import { after, before, test, type TestContext } from 'node:test'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { until } from '@fermata/testkit/until'
import { startWorld, value, type World } from '@fermata/testkit/world'
import { createClient, type Client } from './client.ts'
import type { Following, Transport } from './feed.ts'

/** What the end is promised to take at most; ten times that is a fault and no slow machine. */
const promisedMs = 1_000

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.server.close())

const transports: Transport[] = ['socket', 'stream']

interface Heard {
  readonly following: Following
  readonly events: AnyEvent[]
  readonly resets: number[]
  readonly ends: string[]
}

function follow(t: TestContext, client: Client, transport: Transport, since?: number): Heard {
  const events: AnyEvent[] = []
  const resets: number[] = []
  const ends: string[] = []
  const following = client.follow({
    transport,
    ...(since === undefined ? {} : { since }),
    onEvents: (found) => void events.push(...found),
    onReset: (position) => void resets.push(position),
    onState: (_, why) => void (why === null || ends.push(why.code)),
  })
  t.after(() => following.stop())
  return { following, events, resets, ends }
}

async function open(client: Client, text: string) {
  const message = { client: client.newId(), text }
  return value(await client.conversations.open({ body: { inbox: world.website.id, message } }))
}

/** Everything after a position, as pages give it. */
async function read(client: Client, since: number): Promise<AnyEvent[]> {
  const events: AnyEvent[] = []
  for (let position = since; ;) {
    const page = value(await client.feed.read({ query: { since: position, limit: 7 } }))
    events.push(...page.events)
    if (page.position === position) return events
    position = page.position
  }
}

for (const transport of transports) {
  test(`over a ${transport} every event comes once through kills of the server`, async (t) => {
    const { bot, vera, server } = world
    const { position } = value(await bot.client.me.get())
    const heard = follow(t, bot.client, transport, position)
    const { conversation } = await open(vera.client, 'Hello')
    const params = { conversation: conversation.id }
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 5; n++) {
        const body = { client: vera.client.newId(), text: `${round} ${n}` }
        value(await vera.client.messages.post({ params, body }))
      }
      await server.kill('SIGKILL')
      await until('the gap is noticed', () => heard.following.state !== 'live')
      await server.restart()
      heard.following.wake()
    }
    const expected = await read(bot.client, position)
    await until('all has come', () => heard.events.length >= expected.length)
    assert.deepEqual(
      heard.events.map(({ position: at, type }) => [at, type]),
      expected.map(({ position: at, type }) => [at, type]),
    )
    assert.equal(expected.filter(({ type }) => type === 'message.posted').length, 16)
    assert.deepEqual(heard.resets, [])
  })

  test(`over a ${transport} a visitor hears of their own conversation alone`, async (t) => {
    const { vera, viktor } = world
    const heard = follow(t, vera.client, transport)
    await until('it is live', () => heard.following.state === 'live')
    await open(viktor.client, 'Not for Vera')
    const own = await open(vera.client, 'For Vera')
    await until('it is there', () => heard.events.length >= 2)
    assert.deepEqual(
      new Set(heard.events.map((event) => event.conversation)),
      new Set([own.conversation.id]),
    )
  })

  test(`over a ${transport} an app that is removed hears its end within a second`, async (t) => {
    const { olivia, url } = world
    const added = await olivia.client.apps.add({ body: { name: 'gone', scopes: ['feed:read'] } })
    const { app, token } = value(added)
    const heard = follow(t, createClient({ url, token }), transport)
    await until('it is live', () => heard.following.state === 'live')
    const sinceMs = performance.now()
    value(await olivia.client.apps.remove({ params: { app: app.id } }))
    await until('it has ended', () => heard.following.state === 'ended')
    assert.ok(performance.now() - sinceMs < 10 * promisedMs)
    assert.deepEqual(heard.ends, ['not_signed_in'])
  })

  test(`over a ${transport} whoever may not follow hears why, and does not insist`, async (t) => {
    const { olivia, url } = world
    const added = await olivia.client.apps.add({ body: { name: 'deaf', scopes: ['inboxes:read'] } })
    const deaf = follow(t, createClient({ url, token: value(added).token }), transport)
    const stranger = follow(t, createClient({ url, token: 'fma_nobody' }), transport)
    await until('both have ended', () =>
      [deaf, stranger].every(({ following }) => following.state === 'ended'),
    )
    assert.deepEqual([deaf.ends, stranger.ends], [['scope_missing'], ['not_signed_in']])
  })

  test(`over a ${transport} a position that never was is answered by a reset`, async (t) => {
    const { bot, vera } = world
    const heard = follow(t, bot.client, transport, 1_000_000)
    await until('it is live', () => heard.following.state === 'live')
    const { position } = value(await bot.client.me.get())
    assert.deepEqual(heard.resets, [position])
    await open(vera.client, 'After the reset')
    await until('it goes on', () => heard.events.length >= 2)
    assert.equal(heard.events[0]?.position, position + 1)
  })
}
