import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { bytesOf } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { ContactActor, MemberActor } from '@fermata/contract/actors'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { seededRandom } from '@fermata/testkit/random'
import { Ear, followed } from './rooms.ear.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { agent, visitor, type RoomsWorld } from './rooms.world.ts'

async function opened(world: RoomsWorld, caller: ContactActor) {
  const message = { client: world.newClient(), text: 'Hello?' }
  const body = { inbox: caller.inbox, message }
  return (await world.call('conversations.open', caller, { body })).conversation
}

function say(world: RoomsWorld, caller: ContactActor | MemberActor, id: string, text: string) {
  const params = { conversation: id as `cnv_${string}` }
  const body = { client: world.newClient(), text }
  return world.call('messages.post', caller, { params, body })
}

roomsTest(
  'a reader that is cut off at any event boundary gets every event once and in order',
  async (open) => {
    const random = seededRandom('boundaries')
    const world = await open()
    await world.rooms.feed.start()
    const vera = await visitor(world)
    const { id } = await opened(world, vera)
    const whole = followed(world, world.owner, 0)
    const writing = Promise.all(
      Array.from({ length: 40 }, (_, n) => say(world, n % 2 ? vera : world.owner, id, `m${n}`)),
    )
    // One reader after the other, each from where the one before it was cut off.
    const got: AnyEvent[] = []
    let since = 0
    while (got.filter((event) => event.type === 'message.posted').length < 41) {
      const ear = followed(world, world.owner, since)
      await ear.until(() => ear.frames.length > random.below(2))
      ear.leave()
      // The writers need their turn, too.
      await setImmediate()
      const cut = 1 + random.below(ear.frames.length)
      for (const frame of ear.frames.slice(0, cut)) {
        if (frame.type === 'events') got.push(...frame.events)
        if (frame.type === 'events' || frame.type === 'heartbeat') since = frame.position
      }
    }
    await writing
    const last = got.at(-1)!.position
    await whole.until(() => whole.events.at(-1)?.position === last)
    const positions = got.map((event) => event.position)
    assert.deepEqual(
      positions,
      Array.from({ length: last }, (_, n) => n + 1),
    )
    assert.deepEqual(
      whole.events.map((event) => event.position),
      positions,
    )
    const posted = got.filter((event) => event.type === 'message.posted')
    assert.deepEqual(
      posted.map((event) => event.now.message?.number),
      posted.map((_, n) => n + 1),
    )
  },
)

roomsTest('no frame leaves before what it shows is on disk', async (open) => {
  let flush: PromiseWithResolvers<void> | undefined
  const world = await open((storage) => ({
    ...storage,
    durable: () => flush?.promise ?? storage.durable(),
  }))
  await world.rooms.feed.start()
  const vera = await visitor(world)
  const { id } = await opened(world, vera)
  const live = followed(world, world.owner, null)
  await live.until(() => live.frames.length === 1)
  flush = Promise.withResolvers<void>()
  const late = followed(world, world.owner, 0)
  await say(world, vera, id, 'Is it on disk?')
  // Everything that is not held up by the flush has its turn.
  for (let turn = 0; turn < 20; turn++) await world.storage.write(async () => undefined)
  assert.deepEqual([live.frames.length, late.frames.length], [1, 0])
  flush.resolve()
  flush = undefined
  await live.until(() => live.events.length > 0)
  await late.until(() => late.events.some((event) => event.now.message?.text === 'Is it on disk?'))
})

roomsTest(
  'an ended session, a removed app and a deactivated member are cut off at once',
  async (open) => {
    const world = await open()
    const { call, owner } = world
    await world.rooms.feed.start()
    const ana = await agent(world, 'Ana')
    const made = await call('apps.add', owner, { body: { name: 'bot', scopes: ['feed:read'] } })
    const app = await world.rooms.authenticate({ cookie: null, bearer: made.token })
    const ears = [followed(world, ana, null), followed(world, app!, null)]
    const other = followed(world, owner, null)
    for (const ear of [...ears, other]) await ear.until(() => ear.frames.length > 0)
    await call('members.deactivate', owner, { params: { member: ana.id } })
    await call('apps.remove', owner, { params: { app: made.app.id } })
    for (const ear of ears) await ear.until(() => ear.closed !== undefined)
    assert.equal(ears[1]!.frames.at(-1)?.type, 'ended')
    assert.equal(await world.rooms.authenticate({ cookie: null, bearer: made.token }), null)
    await other.until(() => other.events.some((event) => event.type === 'app.removed'))
    assert.equal(other.closed, undefined)
    assert.equal(world.rooms.feed.readers(), 1)
  },
)

roomsTest(
  'an agent who loses an inbox hears of that and of nothing in it afterwards',
  async (open) => {
    const world = await open()
    const { call, owner } = world
    await world.rooms.feed.start()
    const ana = await agent(world, 'Ana')
    const vera = await visitor(world)
    const { id, inbox } = await opened(world, vera)
    const ear = followed(world, ana, null)
    await ear.until(() => ear.frames.length > 0)
    const team = await call('teams.add', owner, { body: { name: 'Others' } })
    await call('inboxes.change', owner, { params: { inbox }, body: { team: team.id } })
    await say(world, vera, id, 'SECRET')
    await call('teams.add', owner, { body: { name: 'A sign that all was told' } })
    await ear.until(() => ear.events.filter((event) => event.type === 'team.added').length === 2)
    const told = ear.events.findIndex((event) => event.type === 'access.changed')
    assert.ok(told >= 0)
    assert.ok(ear.events.slice(told).every((event) => event.conversation === null))
    assert.doesNotMatch(JSON.stringify(ear.frames), /SECRET/)
  },
)

roomsTest(
  'a reader from before the oldest event, or beyond the newest, is told to fetch afresh',
  async (open) => {
    const world = await open()
    await world.rooms.feed.start()
    const vera = await visitor(world)
    const { id } = await opened(world, vera)
    for (let n = 0; n < 20; n++) await say(world, vera, id, `m${n}`)
    const { position: head } = await world.call('me.get', world.owner, {})
    await world.storage.trim(bytesOf(world.owner.workspace), 5)
    for (const since of [0, head - 6, head + 1]) {
      const ear = followed(world, world.owner, since)
      await ear.until(() => ear.frames.length > 0)
      assert.deepEqual(ear.frames[0], { type: 'reset', position: head })
      const page = await world.call('feed.read', world.owner, { query: { since } })
      assert.deepEqual(page, { events: [], position: head, reset: true })
    }
    const page = await world.call('feed.read', world.owner, { query: { since: head - 5 } })
    assert.deepEqual([page.reset, page.events.length], [false, 5])
  },
)

roomsTest(
  'presence reaches those who see the conversation; a contact learns only of a reply',
  async (open) => {
    const world = await open()
    const { call, owner } = world
    await world.rooms.feed.start()
    const ana = await agent(world, 'Ana')
    const vera = await visitor(world)
    const viktor = await visitor(world)
    const { id } = await opened(world, vera)
    const ears = { owner: followed(world, owner, null), vera: followed(world, vera, null) }
    const outside = followed(world, viktor, null)
    for (const ear of [ears.owner, ears.vera, outside]) await ear.until(() => ear.frames.length > 0)
    const params = { conversation: id }
    for (const doing of ['looking', 'note', 'reply', 'left'] as const) {
      await call('presence.put', ana, { params, body: { doing } })
    }
    const heard = (ear: Ear) =>
      ear.frames.flatMap((frame) => (frame.type === 'presence' ? frame.presence.doing : []))
    assert.deepEqual(heard(ears.owner), ['looking', 'note', 'reply', 'left'])
    assert.deepEqual(heard(ears.vera), ['reply', 'left'])
    assert.deepEqual(heard(outside), [])
  },
)

roomsTest(
  'a reader that does not keep up is closed and the others are not held up',
  async (open) => {
    const world = await open()
    await world.rooms.feed.start()
    const vera = await visitor(world)
    const { id } = await opened(world, vera)
    const slow = followed(world, world.owner, null)
    const quick = followed(world, world.owner, null)
    for (const ear of [slow, quick]) await ear.until(() => ear.frames.length > 0)
    slow.waiting = limits.socketBufferedBytesMax + 1
    await say(world, vera, id, 'Are you there?')
    await quick.until(() => quick.events.length > 0)
    assert.deepEqual([slow.closed, slow.events.length, quick.closed], ['slow', 0, undefined])
  },
)

roomsTest(
  'everybody who follows hears a heartbeat with how far the feed was scanned',
  async (open) => {
    const world = await open()
    await world.rooms.feed.start()
    const viktor = await visitor(world)
    const vera = await visitor(world)
    const ear = followed(world, viktor, null)
    const owner = followed(world, world.owner, null)
    for (const one of [ear, owner]) await one.until(() => one.frames.length > 0)
    await opened(world, vera)
    await owner.until(() => owner.events.length > 0)
    const { position } = owner.events.at(-1)!
    world.clock.advance(limits.heartbeatMs)
    assert.deepEqual(ear.frames.at(-1), { type: 'heartbeat', position })
    assert.equal(ear.events.length, 0)
  },
)

roomsTest(
  'access that ended without an event ends the reader, at once or by and by',
  async (open) => {
    const world = await open()
    await world.rooms.feed.start()
    const ears = [new Ear(), new Ear(), new Ear(), new Ear(), new Ear()]
    ears[0]!.allowed = false
    for (const ear of ears) world.rooms.feed.follow(world.owner, null, ear)
    await ears[0]!.until(() => ears[0]!.closed === 'ended')
    for (const ear of ears.slice(1)) await ear.until(() => ear.frames.length > 0)
    ears[2]!.allowed = false
    for (let beat = 0; beat < limits.heartbeatsPerRecheck; beat++) {
      world.clock.advance(limits.heartbeatMs)
    }
    await ears[2]!.until(() => ears[2]!.closed === 'ended')
    assert.equal(world.rooms.feed.readers(), 3)
  },
)

roomsTest('a reader that joins ahead of the others is told the rest once', async (open) => {
  const held: (() => void)[] = []
  const world = await open((storage) => ({
    ...storage,
    onHead: (listener) =>
      storage.onHead((workspace, head) => held.push(() => listener(workspace, head))),
  }))
  await world.rooms.feed.start()
  const vera = await visitor(world)
  const { id } = await opened(world, vera)
  const early = followed(world, world.owner, 0)
  await early.until(() => early.frames.length > 0)
  await say(world, vera, id, 'one')
  const ahead = followed(world, world.owner, 0)
  await ahead.until(() => ahead.frames.at(-1)?.type === 'heartbeat')
  world.clock.advance(limits.heartbeatMs)
  await say(world, vera, id, 'two')
  const { position: head } = await world.call('me.get', world.owner, {})
  while (held.length > 0) held.shift()!()
  for (const ear of [early, ahead]) {
    await ear.until(() => ear.events.some(({ position }) => position === head))
    const positions = ear.events.map(({ position }) => position)
    assert.deepEqual(positions, [...new Set(positions)])
    const told = ear.frames.flatMap((frame) => ('position' in frame ? frame.position : []))
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    )
  }
})
