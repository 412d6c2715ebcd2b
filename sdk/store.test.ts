import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { limits } from '@fermata/base/limits'
import { windowName, type WindowKey } from '@fermata/contract/state'
import { fakeClock } from '@fermata/testkit/clock'
import { Desk } from '@fermata/testkit/desk'
import { randomFrom } from '@fermata/testkit/random'
import {
  refusing,
  startScripted,
  type Follower,
  type Heard,
  type Reply,
} from '@fermata/testkit/scripted'
import { until } from '@fermata/testkit/until'
import { value } from '@fermata/testkit/world'
import { ConnectionFailed, createClient } from './client.ts'
import { createOutbox, memoryStorage } from './outbox.ts'
import { createStore } from './store.ts'

const all: WindowKey = { list: 'all', inbox: null, contact: null }

/** A store over a desk with some conversations; `answer` may stand in for the desk's own answers. */
async function look(t: TestContext, answer: (request: Heard) => Reply | null = () => null) {
  const server = await startScripted()
  const desk = new Desk(randomFrom(7))
  for (let n = 0; n < 20; n++) desk.act()
  for (const inbox of ['ibx_0', 'ibx_1', 'ibx_2'] as const) desk.visible.add(inbox)
  let instead = answer
  server.answer((request) => instead(request) ?? desk.answer(request))
  const clock = fakeClock()
  const client = createClient({ url: server.url, clock })
  const outbox = createOutbox({ client, storage: memoryStorage() })
  const store = createStore({ client, outbox, transport: 'stream' })
  t.after(async () => {
    store.stop()
    outbox.stop()
    await server.close()
  })
  return {
    server,
    desk,
    clock,
    client,
    outbox,
    store,
    /** Answers otherwise from now on. */
    say: (next: (request: Heard) => Reply | null) => void (instead = next),
    /** Tells the follower everything that it has not been told. */
    async tell(): Promise<Follower> {
      await until('somebody follows', () => server.followers.some((one) => !one.gone()))
      const follower = server.followers.at(-1)!
      const since = store.getState().state.position
      follower.send({ type: 'events', position: desk.head, events: desk.events(since, desk.head) })
      follower.send({ type: 'heartbeat', position: desk.head })
      await until('it is told', () => {
        const { state, feed } = store.getState()
        return state.position === desk.head && feed === 'live'
      })
      return follower
    },
    /** Lets time pass until something holds. */
    async pass(what: string, holds: () => boolean): Promise<void> {
      await until(what, () => {
        if (!holds()) clock.advance(100)
        return holds()
      })
    },
  }
}

test('nothing is asked before it is started, and everything shown is asked for then', async (t) => {
  const { server, store } = await look(t)
  store.showWindow(all)
  assert.equal(server.requests.length, 0)
  assert.equal(store.getState().me, null)
  store.start()
  await until(
    'the list is there',
    () => store.getState().loads[windowName(all)]?.state === 'loaded',
  )
  assert.equal(store.getState().me?.workspace.name, 'Acme Bikes')
  assert.equal(server.requests[0]?.path, '/v1/me')
})

test('the state is the same object until something changes', async (t) => {
  const { store, desk, tell } = await look(t)
  store.showWindow(all)
  store.start()
  await tell()
  await until(
    'the list is there',
    () => store.getState().loads[windowName(all)]?.state === 'loaded',
  )
  const before = store.getState()
  let changes = 0
  const end = store.subscribe(() => (changes += 1))
  assert.equal(store.getState(), before)
  const [row] = desk.rows.values()
  desk.post(row!.id, 'ctc_vera')
  await tell()
  assert.equal(changes, 1)
  assert.notEqual(store.getState(), before)
  assert.equal(store.getState().pending, before.pending)
  assert.equal(store.getState().presence, before.presence)
  end()
  desk.post(row!.id, 'ctc_vera')
  await tell()
  assert.equal(changes, 1)
})

test('a server that is away at the start is asked until it is there', async (t) => {
  const { store, say, pass } = await look(t, () => ({ cut: 'before' }))
  store.start()
  await pass('it has failed', () => store.getState().loads['me']?.state === 'failed')
  say(() => null)
  store.wake()
  await pass('it is known who I am', () => store.getState().me !== null)
})

test('whoever is not signed in hears so at once', async (t) => {
  const { store } = await look(t, () => refusing('not_signed_in'))
  store.start()
  await until('it has ended', () => store.getState().feed === 'ended')
  assert.equal(store.getState().ended?.code, 'not_signed_in')
})

test('a list that could not be fetched is fetched when the network is back', async (t) => {
  const { store, say, pass } = await look(t, ({ path }) =>
    path === '/v1/conversations' ? { cut: 'before' } : null,
  )
  store.showWindow(all)
  store.start()
  const load = () => store.getState().loads[windowName(all)]?.state
  await pass('it has failed', () => load() === 'failed')
  say(() => null)
  store.wake()
  await until('it is there', () => load() === 'loaded')
})

test('a conversation that is not mine to see is told as refused', async (t) => {
  const { store } = await look(t)
  store.showThread('cnv_nowhere')
  store.start()
  await until('it is refused', () => store.getState().loads['cnv_nowhere']?.state === 'refused')
  assert.equal(store.getState().loads['cnv_nowhere']?.refusal?.code, 'not_found')
})

test('what is shown again is not fetched again, for the feed has kept it fresh', async (t) => {
  const { store, server, desk, tell } = await look(t)
  const release = store.showWindow(all)
  store.start()
  await until(
    'the list is there',
    () => store.getState().loads[windowName(all)]?.state === 'loaded',
  )
  release()
  desk.post([...desk.rows.keys()][3]!, 'ctc_vera')
  await tell()
  await until('nothing is under way', () => {
    return Object.values(store.getState().loads).every((load) => load?.state === 'loaded')
  })
  const asked = server.requests.length
  store.showWindow(all)
  const { state, loads } = store.getState()
  assert.equal(loads[windowName(all)]?.state, 'loaded')
  assert.equal(server.requests.length, asked)
  assert.equal(state.windows[windowName(all)]?.ids[0], desk.list(all)[0]?.id)
})

test('a message waits, is sent, and is shown once when the feed tells it', async (t) => {
  const { store, outbox, desk, say, tell } = await look(t)
  const [id] = [...desk.rows.keys()]
  store.showThread(id!)
  store.start()
  await until('the thread is there', () => store.getState().state.threads[id!] !== undefined)
  say(({ method, body }) => {
    if (method !== 'POST') return null
    const message = desk.post(id!, 'mbr_me', (body as { client: string }).client)
    return { body: { conversation: desk.rows.get(id!), message } }
  })
  const shown: string[] = []
  store.subscribe(() => {
    const { pending, state } = store.getState()
    const waits = pending[id!]?.map((one) => one.state).join() ?? 'gone'
    const isTold = state.threads[id!]?.messages.some(({ client }) => client === own) ?? false
    const now = isTold ? `${waits}, told` : waits
    if (shown.at(-1) !== now) shown.push(now)
  })
  let own = ''
  own = value(outbox.post(id!, { text: 'Hello' })).id
  await until('it is sent', () => shown.at(-1) === 'sent')
  await tell()
  assert.deepEqual(shown, ['waiting', 'sending', 'sent', 'gone, told'])
})

test('a message that no thread shows does not stay as sent for ever', async (t) => {
  const { store, outbox, desk, say, clock } = await look(t)
  const [id] = [...desk.rows.keys()]
  store.start()
  await until('it is known who I am', () => store.getState().me !== null)
  say(({ method }) => (method === 'POST' ? { body: { conversation: { id }, message: {} } } : null))
  assert.ok(outbox.post(id!, { text: 'Hello' }).ok)
  await until('it is sent', () => store.getState().pending[id!]?.[0]?.state === 'sent')
  clock.advance(limits.guessMsMax)
  assert.equal(store.getState().pending[id!], undefined)
})

test('a guess is shown at once, and taken back when the call fails', async (t) => {
  const { store, desk, client } = await look(t)
  store.showWindow(all)
  store.start()
  await until(
    'the list is there',
    () => store.getState().loads[windowName(all)]?.state === 'loaded',
  )
  const [row] = desk.list(all)
  const guess = {
    conversation: row!.id,
    row: (one: typeof row & object) => ({ ...one, subject: 'G' }),
  }
  const subject = (): string | undefined => store.getState().state.rows[row!.id]?.subject
  const act = store.act(guess, () => {
    throw new ConnectionFailed('away')
  })
  await assert.rejects(act, ConnectionFailed)
  assert.equal(subject(), row!.subject)
  let answer: () => void = () => {}
  const answered = new Promise<void>((resolve) => (answer = resolve))
  const other = store.act(guess, async () => {
    await answered
    return client.me.get()
  })
  assert.equal(subject(), 'G')
  answer()
  assert.ok((await other).ok)
  assert.equal(subject(), 'G')
})

test('a guess that the feed never confirms passes', async (t) => {
  const { store, desk, clock, client } = await look(t)
  store.showWindow(all)
  store.start()
  await until(
    'the list is there',
    () => store.getState().loads[windowName(all)]?.state === 'loaded',
  )
  const [row] = desk.list(all)
  const subject = (): string | undefined => store.getState().state.rows[row!.id]?.subject
  await store.act({ conversation: row!.id, row: (one) => ({ ...one, subject: 'G' }) }, () =>
    client.me.get(),
  )
  clock.advance(limits.guessMsMax - 1)
  assert.equal(subject(), 'G')
  clock.advance(1)
  assert.equal(subject(), row!.subject)
})

test('who is here is shown for a while, and what they do ends with their message', async (t) => {
  const { store, desk, clock, tell } = await look(t)
  const [id] = [...desk.rows.keys()]
  store.start()
  const follower = await tell()
  const doing = (): string =>
    store
      .getState()
      .presence[id!]?.map((one) => one.doing)
      .join() ?? ''
  const say = (doing: 'looking' | 'reply' | 'left', actor: 'mbr_ana' | 'mbr_me' = 'mbr_ana') =>
    follower.send({ type: 'presence', presence: { conversation: id!, actor, name: 'Ana', doing } })
  say('reply', 'mbr_me')
  say('reply')
  await until('she writes', () => doing() === 'reply')
  desk.post(id!, 'mbr_ana')
  await tell()
  assert.equal(doing(), 'looking')
  clock.advance(limits.presenceMs)
  assert.equal(doing(), '')
  say('looking')
  await until('she is here', () => doing() === 'looking')
  say('left')
  await until('she has left', () => doing() === '')
})

test('counts are fetched again when events touch conversations, but not all the time', async (t) => {
  const { store, desk, server, clock, tell } = await look(t)
  const end = store.showCounts(null)
  store.start()
  clock.advance(0)
  const asked = (): number => server.requests.filter(({ path }) => path.endsWith('counts')).length
  await until('they are there', () => store.getState().counts['*'] !== undefined)
  await tell()
  clock.advance(limits.countsMsMin)
  await until('they are fetched when it is live', () => asked() === 2)
  await until('the answer is there', () => clock.timers() <= 2)
  for (let n = 0; n < 5; n++) {
    desk.post([...desk.rows.keys()][n]!, 'ctc_vera')
    await tell()
  }
  clock.advance(limits.countsMsMin)
  await until('they are fetched once', () => asked() === 3)
  end()
  desk.post([...desk.rows.keys()][0]!, 'ctc_vera')
  await tell()
  clock.advance(limits.countsMsMin)
  assert.equal(asked(), 3)
})

test('counts are fetched again when the feed could not tell all that was missed', async (t) => {
  const { store, server, desk, clock, tell, pass } = await look(t)
  const asked = (): number => server.requests.filter(({ path }) => path.endsWith('counts')).length
  store.showCounts(null)
  store.start()
  clock.advance(0)
  await until('they are there', () => store.getState().counts['*'] !== undefined)
  const follower = await tell()
  clock.advance(limits.countsMsMin)
  await until('they are fetched when it is live', () => asked() === 2)
  await until('the answer is there', () => clock.timers() <= 2)
  follower.send({ type: 'reset', position: desk.head })
  await pass('they are asked for', () => asked() === 3)
})

test('after a stop nothing is told, and nothing is asked', async (t) => {
  const { store, server, clock, tell } = await look(t)
  store.showWindow(all)
  store.start()
  await tell()
  await until(
    'the list is there',
    () => store.getState().loads[windowName(all)]?.state === 'loaded',
  )
  let changes = 0
  store.subscribe(() => (changes += 1))
  store.stop()
  const asked = server.requests.length
  await until('the follower has gone', () => server.followers.every((one) => one.gone()))
  clock.advance(limits.feedSilenceMsMax)
  assert.equal(changes, 0)
  assert.equal(server.requests.length, asked)
  assert.equal(clock.timers(), 0)
})
