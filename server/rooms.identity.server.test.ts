import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { present } from '@fermata/base/assert'
import type { ContactActor } from '@fermata/contract/actors'
import type { Frame } from '@fermata/contract/events.schema'
import { deskRow, roomsWorld, type RoomsWorld } from './rooms.world.ts'

interface Visitor {
  readonly token: string
  readonly caller: ContactActor
}

async function whose(world: RoomsWorld, token: string): Promise<ContactActor> {
  const caller = await world.rooms.authenticate({ cookie: null, bearer: token })
  assert.ok(caller?.kind === 'contact')
  return caller
}

async function inboxOf(world: RoomsWorld) {
  return present((await world.call('inboxes.list', world.owner, {})).rows[0], 'the first inbox')
}

async function visitor(world: RoomsWorld): Promise<Visitor> {
  const params = { key: (await inboxOf(world)).key }
  const { token } = await world.call('visitors.add', null, { params, body: {} })
  return { token, caller: await whose(world, token) }
}

async function opened(world: RoomsWorld, caller: ContactActor, text: string) {
  const message = { client: world.newClient(), text }
  const body = { inbox: caller.inbox, message }
  return (await world.call('conversations.open', caller, { body })).conversation
}

async function proofOf(world: RoomsWorld, externalId: string) {
  const params = { inbox: (await inboxOf(world)).id }
  const { secret } = await world.call('inboxes.secret', world.owner, { params })
  return { externalId, hmac: createHmac('sha256', secret).update(externalId).digest('hex') }
}

/** An open tab: when it has joined the feed, why it was closed, and when it hears of a new conversation. */
function openTab(world: RoomsWorld, caller: ContactActor) {
  const joined = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<string>()
  const heard = Promise.withResolvers<'heard'>()
  const leave = world.rooms.feed.follow(caller, null, {
    send(bytes) {
      joined.resolve()
      const frame = JSON.parse(bytes.toString()) as Frame
      if (frame.type !== 'events') return
      if (frame.events.some(({ type }) => type === 'conversation.opened')) heard.resolve('heard')
    },
    buffered: () => 0,
    entitled: async () => true,
    close: closed.resolve,
  })
  return { joined: joined.promise, closed: closed.promise, heard: heard.promise, leave }
}

test('what a visitor said moves to the person they prove to be, and their open tab comes again', async (t) => {
  const world = await roomsWorld(t)
  const { call, owner } = world
  await world.rooms.feed.start()
  const known = await call('contacts.add', owner, { body: { externalId: '7', name: 'Zoë' } })
  const { token, caller } = await visitor(world)
  const talk = await opened(world, caller, 'Where is my bicycle?')
  const tab = openTab(world, caller)
  await tab.joined
  const proven = await call('identity.prove', caller, { body: await proofOf(world, '7') })
  assert.equal(proven.id, known.id)
  assert.equal(await tab.closed, 'slow')

  const person = await whose(world, token)
  assert.equal(person.id, known.id)
  const params = { conversation: talk.id }
  const moved = await call('conversations.get', owner, { params })
  assert.equal(deskRow(moved.conversation).contact, known.id)
  const { messages } = await call('messages.list', person, { params, query: {} })
  assert.deepEqual(
    messages.map(({ text }) => text),
    ['Where is my bicycle?'],
  )
  await assert.rejects(call('conversations.get', caller, { params }), /not_found/)
})

test('a tab stays open while its contact is named or renamed', async (t) => {
  const world = await roomsWorld(t)
  const { call, owner } = world
  await world.rooms.feed.start()
  const { caller } = await visitor(world)
  const tab = openTab(world, caller)
  await tab.joined
  await call('identity.prove', caller, { body: await proofOf(world, '8') })
  const params = { contact: caller.id }
  await call('contacts.change', owner, { params, body: { name: 'Zoe' } })
  await opened(world, caller, 'Hello?')
  assert.equal(await Promise.race([tab.closed, tab.heard]), 'heard')
  tab.leave()
})

test('whoever proves to be somebody else takes none of what the first had said', async (t) => {
  const world = await roomsWorld(t)
  const { call } = world
  const [first, second] = [await visitor(world), await visitor(world)]
  const talk = await opened(world, first.caller, 'A secret of mine')
  await call('identity.prove', first.caller, { body: await proofOf(world, '7') })
  await call('identity.prove', second.caller, { body: await proofOf(world, '8') })
  const takeOver = call('identity.prove', first.caller, { body: await proofOf(world, '8') })
  await assert.rejects(takeOver, /conflict/)
  const params = { conversation: talk.id }
  await assert.rejects(call('conversations.get', second.caller, { params }), /not_found/)
  const mine = await call('conversations.get', await whose(world, first.token), { params })
  assert.equal(deskRow(mine.conversation).contact, first.caller.id)
})
