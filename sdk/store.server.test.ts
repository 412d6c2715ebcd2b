import assert from 'node:assert/strict'
import { after, before, test, type TestContext } from 'node:test'
import type { ConversationId } from '@fermata/base/ids'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import { windowName, type WindowKey } from '@fermata/contract/state'
import { until } from '@fermata/testkit/until'
import { signIn, startWorld, value, type World } from '@fermata/testkit/world'
import type { Client } from './client.ts'
import { createOutbox, memoryStorage } from './outbox.ts'
import { createStore, type Store } from './store.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.server.close())

const ours: WindowKey = { list: 'ours', inbox: null, contact: null }
const all: WindowKey = { list: 'all', inbox: null, contact: null }

function look(t: TestContext, client: Client): Store & { outbox: ReturnType<typeof createOutbox> } {
  const outbox = createOutbox({ client, storage: memoryStorage() })
  const store = createStore({ client, outbox, transport: 'stream' })
  t.after(() => {
    store.stop()
    outbox.stop()
  })
  return Object.assign(store, { outbox })
}

async function open(client: Client, text: string): Promise<ConversationId> {
  const message = { client: client.newId(), text }
  const body = { inbox: world.website.id, message }
  return value(await client.conversations.open({ body })).conversation.id
}

async function post(client: Client, conversation: ConversationId, text: string): Promise<void> {
  const body = { client: client.newId(), text }
  value(await client.messages.post({ params: { conversation }, body }))
}

/** The texts that a thread shows, what waits included. */
function texts(store: Store, conversation: string): string[] {
  const { state, pending } = store.getState()
  const thread = state.threads[conversation as ConversationId]
  return [
    ...(thread?.messages ?? []).map((message) => message.text),
    ...(pending[conversation] ?? [])
      .map(({ entry }) => entry.send.body)
      .map((body) => ('message' in body ? body.message.text : body.text)),
  ]
}

/** What a list shows equals what a fresh read gives. */
async function isFresh(store: Store, client: Client, key: WindowKey): Promise<void> {
  const page = value(await client.conversations.list({ query: { list: key.list, limit: 100 } }))
  await until('the feed has told as much', () => store.getState().state.position >= page.position)
  const { state } = store.getState()
  const ids = state.windows[windowName(key)]?.ids ?? []
  assert.deepEqual(
    ids.map((id) => state.rows[id]),
    page.rows,
  )
  for (const mine of page.mine) assert.deepEqual(state.mine[mine.conversation], mine)
}

test('lists and threads stay what a fresh read gives, through a kill of the server', async (t) => {
  const { ana, vera, viktor, server } = world
  const store = look(t, ana.client)
  const subject = await open(vera.client, 'Hello')
  store.showWindow(ours)
  store.showWindow(all)
  store.showThread(subject)
  store.start()
  await until('it is live', () => store.getState().feed === 'live')
  await until('the thread is there', () => texts(store, subject).length === 1)

  await post(vera.client, subject, 'Are you there?')
  await open(viktor.client, 'Me too')
  await post(ana.client, subject, 'Yes')
  value(await ana.client.conversations.pause({ params: { conversation: subject }, body: {} }))
  await isFresh(store, ana.client, ours)
  await isFresh(store, ana.client, all)

  await server.kill('SIGKILL')
  await until('the gap is noticed', () => store.getState().feed !== 'live')
  await server.restart()
  await post(vera.client, subject, 'Still there?')
  await open(viktor.client, 'And again')
  store.wake()
  await until('it is live again', () => store.getState().feed === 'live')
  await isFresh(store, ana.client, ours)
  await isFresh(store, ana.client, all)
  assert.deepEqual(texts(store, subject), ['Hello', 'Are you there?', 'Yes', 'Still there?'])
})

test('what is said is shown at once, once, and in order, also while the server is away', async (t) => {
  const { ana, vera, server } = world
  const conversation = await open(vera.client, '0')
  const store = look(t, ana.client)
  store.showThread(conversation)
  store.start()
  await until('the thread is there', () => texts(store, conversation).length === 1)
  const shown: string[] = []
  store.subscribe(() => void shown.push(texts(store, conversation).join(' ')))

  await server.kill('SIGKILL')
  for (const text of ['1', '2', '3']) assert.ok(store.outbox.post(conversation, { text }).ok)
  assert.deepEqual(texts(store, conversation), ['0', '1', '2', '3'])
  await until('the gap is noticed', () => store.getState().feed !== 'live')
  await server.restart()
  store.wake()
  await until('all is said', () => {
    const { pending, state } = store.getState()
    return pending[conversation] === undefined && state.threads[conversation]?.messages.length === 4
  })
  // Nothing was ever shown twice, left out, or out of order.
  const grown = ['0', '0 1', '0 1 2', '0 1 2 3']
  for (const one of shown) assert.ok(grown.includes(one), one)
  assert.equal(shown.at(-1), '0 1 2 3')
})

test('a visitor opens a conversation, goes on in it, and sees it as one', async (t) => {
  const { viktor, website } = world
  const store = look(t, viktor.client)
  store.showWindow(all)
  store.start()
  const opening = value(store.outbox.open({ inbox: website.id, message: { text: 'A' } }))
  value(store.outbox.post(opening.id, { text: 'B' }))
  assert.deepEqual(texts(store, opening.id), ['A', 'B'])
  await until('it is open', () => store.outbox.conversationOf(opening.id) !== null)
  const conversation = store.outbox.conversationOf(opening.id)!
  assert.deepEqual(texts(store, conversation), ['A', 'B'])
  store.showThread(conversation)
  await until('all is confirmed', () => store.getState().pending[conversation] === undefined)
  assert.deepEqual(texts(store, conversation), ['A', 'B'])
  assert.equal(store.getState().state.windows[windowName(all)]?.ids[0], conversation)
})

test('an act is shown at once and stays; one that is refused is taken back', async (t) => {
  const { ben, vera } = world
  const conversation = await open(vera.client, 'Hello')
  const store = look(t, ben.client)
  store.showWindow(ours)
  store.start()
  const isListed = (): boolean =>
    store.getState().state.windows[windowName(ours)]?.ids.includes(conversation) ?? false
  await until('it is listed', isListed)

  const params = { conversation }
  const guess = {
    conversation,
    row: (row: ConversationRow) => ({ ...row, status: 'resolved', turn: 'nobody' }) as const,
  }
  const act = store.act(guess, () => ben.client.conversations.resolve({ params }))
  assert.equal(isListed(), false)
  assert.ok((await act).ok)
  assert.equal(isListed(), false)
  await until('the feed tells it', () => {
    return store.getState().state.rows[conversation]?.resolution?.by === ben.id
  })
  assert.equal(isListed(), false)

  const again = await open(vera.client, 'Hello again')
  await until('it is listed', () => {
    return store.getState().state.windows[windowName(ours)]?.ids.includes(again) ?? false
  })
  const away = { conversation: again, mine: (mine: MineView) => ({ ...mine, snoozedUntil: 1 }) }
  const refused = await store.act(away, () =>
    ben.client.snooze.put({ params: { conversation: again }, body: { until: 1 } }),
  )
  assert.equal(refused.ok, false)
  assert.equal(store.getState().state.windows[windowName(ours)]?.ids.includes(again), true)
})

test('an inbox that is gained is shown, one that is lost is gone, with its open thread', async (t) => {
  const { olivia, ben, support, bot, orders } = world
  const customer = value(await bot.client.contacts.add({ body: { name: 'Carla' } }))
  const message = { client: bot.client.newId(), text: 'Where is my order?' }
  const body = { inbox: orders.id, contact: customer.id, message }
  const { conversation } = value(await bot.client.conversations.open({ body }))
  const store = look(t, ben.client)
  store.showWindow(all)
  store.start()
  const ids = (): readonly string[] => store.getState().state.windows[windowName(all)]?.ids ?? []
  await until('the list is there', () => ids().length > 0)
  assert.equal(ids().includes(conversation.id), false)

  const params = { team: support.id, member: ben.id }
  value(await olivia.client.teams.join({ params }))
  await until('it is shown', () => ids().includes(conversation.id))
  store.showThread(conversation.id)
  await until('the thread is there', () => texts(store, conversation.id).length === 1)

  value(await olivia.client.teams.leave({ params }))
  await until('it is gone', () => !ids().includes(conversation.id))
  const load = () => store.getState().loads[conversation.id]
  await until('the thread is refused', () => load()?.state === 'refused')
  assert.equal(load()?.refusal?.code, 'not_found')
  assert.deepEqual(texts(store, conversation.id), [])
})

test('counts follow what happens', async (t) => {
  const { ana, vera } = world
  const store = look(t, ana.client)
  store.showCounts(null)
  store.start()
  const count = (): number => store.getState().counts['*']?.all ?? -1
  await until('they are there', () => count() >= 0)
  const before = count()
  await open(vera.client, 'One more')
  await until('they have grown', () => count() === before + 1)
})

test('signing out elsewhere ends the store, and says so', async (t) => {
  const { ana, url } = world
  const { client } = await signIn(url, ana.email)
  const store = look(t, client)
  store.start()
  await until('it is live', () => store.getState().feed === 'live')
  const sessions = value(await client.sessions.list()).rows
  const { id } = sessions.find((session) => session.current)!
  value(await ana.client.sessions.end({ params: { session: id } }))
  await until('it has ended', () => store.getState().feed === 'ended')
  assert.equal(store.getState().ended?.code, 'not_signed_in')
})

test('counts follow when an inbox goes to a team that I am not in, and when I join it', async (t) => {
  const { ana, olivia, website } = world
  await open(world.vera.client, 'Is it my turn?')
  const store = look(t, ana.client)
  store.showCounts(null)
  store.start()
  const isShown = async (): Promise<void> => {
    const { counts } = value(await ana.client.conversations.counts({ query: {} }))
    const shown = (): number | undefined => store.getState().counts['*']?.myTurn
    await until(`my turn: ${counts.myTurn}`, () => shown() === counts.myTurn)
  }
  await until('it is live', () => store.getState().feed === 'live')
  await isShown()
  assert.ok(store.getState().counts['*']!.myTurn > 0)
  const team = value(await olivia.client.teams.add({ body: { name: 'Others' } }))
  const params = { inbox: website.id }
  value(await olivia.client.inboxes.change({ params, body: { team: team.id } }))
  await isShown()
  value(await olivia.client.teams.join({ params: { team: team.id, member: ana.id } }))
  await isShown()
  value(await olivia.client.inboxes.change({ params, body: { team: null } }))
})
