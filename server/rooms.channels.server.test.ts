import assert from 'node:assert/strict'
import type { ChannelId, ConversationId, MemberId } from '@fermata/base/ids'
import type { MemberActor } from '@fermata/contract/actors'
import { followed } from './rooms.ear.world.ts'
import { roomsTest, type OpenRooms } from './rooms.grounds.world.ts'
import { agent, visitor, type RoomsWorld } from './rooms.world.ts'

/** Members with a private channel of Ada's, in which a conversation has begun. */
async function openFloor(open: OpenRooms) {
  const world = await open()
  const ada = await agent(world, 'Ada')
  const ben = await agent(world, 'Ben')
  const stella = await agent(world, 'Stella', 'staff')
  const gus = await agent(world, 'Gus', 'guest')
  const add = async (visibility: 'public' | 'private'): Promise<ChannelId> => {
    const body = { name: 'Workshop', visibility }
    return (await world.call('channels.add', ada, { body })).id
  }
  const [den, hall] = [await add('private'), await add('public')]
  return { world, ada, ben, stella, gus, den, hall, topic: await begins(world, ada, den) }
}

async function begins(
  world: RoomsWorld,
  who: MemberActor,
  channel: ChannelId,
  text = 'It wobbles.',
) {
  const body = { subject: 'The stand', message: { client: world.newClient(), text } }
  const { conversation } = await world.call('channels.open', who, { params: { channel }, body })
  return conversation.id
}

function says(
  world: RoomsWorld,
  who: MemberActor,
  conversation: ConversationId,
  more: { text?: string; kind?: 'note'; client?: string } = {},
) {
  const { text = 'A wedge will do.', client = world.newClient(), ...rest } = more
  return world.call('messages.post', who, {
    params: { conversation },
    body: { client, text, ...rest },
  })
}

function letsIn(world: RoomsWorld, who: MemberActor, channel: ChannelId, member: MemberId) {
  return world.call('channels.join', who, { params: { channel, member } })
}

function takesOut(world: RoomsWorld, who: MemberActor, channel: ChannelId, member: MemberId) {
  return world.call('channels.leave', who, { params: { channel, member } })
}

/** Puts somebody into the team of the first inbox, so that they read along there. */
async function joined({ call, owner }: RoomsWorld, member: MemberActor): Promise<void> {
  const { id: team } = await call('teams.add', owner, { body: { name: 'Readers' } })
  await call('teams.join', owner, { params: { team, member: member.id } })
  const [inbox] = (await call('inboxes.list', owner, {})).rows
  assert.ok(inbox !== undefined)
  await call('inboxes.change', owner, { params: { inbox: inbox.id }, body: { team } })
}

async function seen(world: RoomsWorld, who: MemberActor): Promise<ChannelId[]> {
  return (await world.call('channels.list', who, {})).rows.map(({ id }) => id)
}

async function unreadOf(world: RoomsWorld, who: MemberActor, channel: ChannelId) {
  const { channels } = await world.call('channels.unread', who, {})
  return channels.find((one) => one.channel === channel)?.count
}

roomsTest(
  'who sees which channel: members all that are public, guests what they were let into',
  async (open) => {
    const { world, ada, ben, gus, den, hall, topic } = await openFloor(open)
    const params = { conversation: topic }
    assert.deepEqual(await seen(world, ada), [den, hall])
    assert.deepEqual(await seen(world, world.owner), [hall], 'an owner is no member of it')
    assert.deepEqual(await seen(world, gus), [])
    await assert.rejects(world.call('conversations.get', ben, { params }), /not_found/)
    await letsIn(world, ada, den, gus.id)
    assert.deepEqual(await seen(world, gus), [den])
    const people = (await world.call('members.list', gus, {})).rows.map(({ name }) => name)
    assert.deepEqual(people, ['Ada', 'Gus'], 'a guest knows who is there with them')
    await assert.rejects(letsIn(world, gus, den, ben.id), /not_allowed/)
    await says(world, gus, topic)
    await takesOut(world, gus, den, gus.id)
    await assert.rejects(says(world, gus, topic), /not_found/)
  },
)

roomsTest(
  'what is public is read by all, and said in by those who joined; staff too',
  async (open) => {
    const { world, ada, stella, hall } = await openFloor(open)
    const conversation = await begins(world, ada, hall)
    await world.call('messages.list', stella, { params: { conversation }, query: {} })
    await assert.rejects(says(world, stella, conversation), /not_allowed/)
    await letsIn(world, stella, hall, stella.id)
    const { message } = await says(world, stella, conversation)
    assert.equal(message.number, 2)
    // Nothing of it gives her the right to answer customers.
    await joined(world, stella)
    const vera = await visitor(world)
    const opening = { inbox: vera.inbox, message: { client: world.newClient(), text: 'Hello?' } }
    const desk = await world.call('conversations.open', vera, { body: opening })
    await assert.rejects(says(world, stella, desk.conversation.id), /not_allowed/)
    const params = { conversation: desk.conversation.id }
    await assert.rejects(
      world.call('cursor.put', stella, { params, body: { number: 1 } }),
      /not_allowed/,
    )
  },
)

roomsTest(
  'among members nothing is owed: no notes, no leases, no pauses, and no place at the desk; a repeat is the same message',
  async (open) => {
    const { world, ada, den, topic } = await openFloor(open)
    const params = { conversation: topic }
    await assert.rejects(says(world, ada, topic, { kind: 'note' }), /body\.kind/)
    await assert.rejects(world.call('leases.take', ada, { params, body: {} }), /conflict/)
    await assert.rejects(world.call('conversations.pause', ada, { params, body: {} }), /conflict/)
    await assert.rejects(world.call('conversations.resolve', ada, { params }), /conflict/)
    const page = await world.call('conversations.list', ada, { query: { list: 'all' } })
    assert.deepEqual(page.rows, [])
    const { counts } = await world.call('conversations.counts', ada, { query: {} })
    assert.equal(counts.all, 0)

    const client = world.newClient()
    const first = await says(world, ada, topic, { client })
    const again = await says(world, ada, topic, { client })
    assert.equal(again.message.id, first.message.id)
    await assert.rejects(
      says(world, ada, topic, { client, text: 'Another' }),
      /repeated_differently/,
    )
    const message = { client: world.newClient(), text: 'Once' }
    const open1 = { params: { channel: den }, body: { subject: 'Twice?', message } }
    const opened = await world.call('channels.open', ada, open1)
    const reopened = await world.call('channels.open', ada, open1)
    assert.equal(reopened.conversation.id, opened.conversation.id)
  },
)

roomsTest(
  'the same members have one direct conversation, whoever opens it and how often',
  async (open) => {
    const { world, ada, ben, gus } = await openFloor(open)
    const directly = (who: MemberActor, ...others: MemberActor[]) =>
      world.call('directs.open', who, { body: { members: others.map(({ id }) => id) } })
    const [one, two] = await Promise.all([directly(ada, ben), directly(ben, ada)])
    assert.equal(one.conversation.id, two.conversation.id)
    const three = await directly(ada, ben, world.owner)
    assert.notEqual(three.conversation.id, one.conversation.id)
    assert.deepEqual(
      (await world.call('directs.list', ben, { query: {} })).rows,
      [],
      'before a word',
    )
    await says(world, ada, one.conversation.id)
    const { rows } = await world.call('directs.list', ben, { query: {} })
    assert.deepEqual(
      rows.map(({ id, lastNumber }) => [id, lastNumber]),
      [[one.conversation.id, 1]],
    )
    const params = { conversation: one.conversation.id }
    await assert.rejects(
      world.call('messages.list', world.owner, { params, query: {} }),
      /not_found/,
    )
    await assert.rejects(directly(ada), /two to talk/)
    await assert.rejects(directly(gus, ada), /no such member/)
    await directly(ada, gus)
    await directly(gus, ada)
  },
)

roomsTest(
  'what is unread is counted from when one joined, up to what one has read',
  async (open) => {
    const { world, ada, ben, hall } = await openFloor(open)
    await begins(world, ada, hall, 'Before he came')
    world.clock.advance(1_000)
    await letsIn(world, ben, hall, ben.id)
    assert.equal(await unreadOf(world, ben, hall), 0)
    world.clock.advance(1_000)
    const conversation = await begins(world, ada, hall, 'After he came')
    await begins(world, ada, hall, 'And again')
    assert.equal(await unreadOf(world, ben, hall), 2)
    assert.equal(await unreadOf(world, ada, hall), 0, 'saying is reading')
    await world.call('cursor.put', ben, { params: { conversation }, body: { number: 1 } })
    assert.equal(await unreadOf(world, ben, hall), 1)
    await says(world, ada, conversation)
    assert.equal(await unreadOf(world, ben, hall), 2)
  },
)

roomsTest('the list of a channel has the newest word first, page by page', async (open) => {
  const { world, ada, hall } = await openFloor(open)
  const begun: ConversationId[] = []
  for (let n = 0; n < 7; n++) {
    world.clock.advance(n % 2)
    begun.push(await begins(world, ada, hall, `number ${n}`))
  }
  world.clock.advance(1)
  await says(world, ada, begun[2]!)
  const got: ConversationId[] = []
  let page: { page?: string } = {}
  do {
    const params = { channel: hall }
    const part = await world.call('channels.conversations', ada, {
      params,
      query: { limit: 2, ...page },
    })
    got.push(...part.rows.map(({ id }) => id))
    page = part.next === null ? {} : { page: part.next }
  } while (page.page !== undefined)
  assert.equal(got[0], begun[2])
  assert.deepEqual([...got].sort(), [...begun].sort(), 'each of them once')
})

roomsTest(
  'an archived channel is read, and nothing is said in it until it is restored',
  async (open) => {
    const { world, ada, ben, hall } = await openFloor(open)
    const conversation = await begins(world, ada, hall)
    const params = { channel: hall }
    await assert.rejects(world.call('channels.archive', ben, { params }), /not_allowed/)
    const { archive } = await world.call('channels.archive', ada, { params })
    assert.equal(archive?.by, ada.id)
    await assert.rejects(says(world, ada, conversation), /conflict/)
    await assert.rejects(begins(world, ada, hall), /conflict/)
    await assert.rejects(letsIn(world, ben, hall, ben.id), /conflict/)
    await world.call('messages.list', ben, { params: { conversation }, query: {} })
    assert.equal((await world.call('channels.restore', ada, { params })).archive, null)
    await says(world, ada, conversation)
  },
)

roomsTest(
  'somebody always sees a private channel, and nobody comes to see it by managing',
  async (open) => {
    const { world, ada, ben, den, hall } = await openFloor(open)
    await assert.rejects(takesOut(world, ada, den, ada.id), /conflict/)
    await letsIn(world, ada, den, ben.id)
    await takesOut(world, ada, den, ada.id)
    assert.deepEqual(await seen(world, ben), [den, hall])
    const params = { channel: den }
    const body = { name: 'Renamed' }
    await assert.rejects(world.call('channels.change', ada, { params, body }), /not_found/)
    await assert.rejects(world.call('channels.change', world.owner, { params, body }), /not_found/)
    await assert.rejects(world.call('channels.change', ben, { params, body }), /not_allowed/)
    const turn = { params: { channel: hall }, body: { visibility: 'private' as const } }
    await assert.rejects(world.call('channels.change', world.owner, turn), /Join the channel/)
  },
)

roomsTest(
  'whoever is taken out is told to forget it at once, and of nothing that follows',
  async (open) => {
    const { world, ada, ben, den, topic } = await openFloor(open)
    await world.rooms.feed.start()
    await letsIn(world, ada, den, ben.id)
    const direct = await world.call('directs.open', ada, { body: { members: [world.owner.id] } })
    // Whoever stands first in a class is told first; the others must not get what is theirs.
    const own = followed(world, ada, null)
    const ears = [followed(world, ben, null), followed(world, world.owner, null)] as const
    for (const ear of [...ears, own]) await ear.until(() => ear.frames.length > 0)
    await says(world, ada, topic, { text: 'Still among us' })
    await ears[0].until(() => ears[0].events.length > 0)
    assert.equal(ears[0].events[0]?.now.message?.text, 'Still among us')

    await takesOut(world, ada, den, ben.id)
    const after = await says(world, ada, topic, { text: 'Now without him' })
    const aside = await says(world, ada, direct.conversation.id, { text: 'Only for the owner' })
    await own.until(() => own.events.some(({ now }) => now.message?.id === aside.message.id))
    const { events } = ears[0]
    assert.deepEqual(
      events.map(({ type }) => type),
      ['message.posted', 'access.changed'],
    )
    assert.deepEqual(events.at(-1)?.now, { channel: null })
    const told = JSON.stringify(ears[0].frames)
    assert.ok(!told.includes(after.message.id) && !told.includes(aside.message.id))
    assert.deepEqual(
      ears[1].events.map(({ now }) => now.message?.id),
      [aside.message.id],
      'of a class that saw the same before, each is told what is theirs',
    )
  },
)

roomsTest(
  'a message that came before a channel was lost is in nobody’s page of the feed after it',
  async (open) => {
    const { world, ada, ben, gus, hall } = await openFloor(open)
    await letsIn(world, ada, hall, gus.id)
    const { position } = await world.call('me.get', ben, {})
    await begins(world, ada, hall, 'For everybody')
    const change = { params: { channel: hall }, body: { visibility: 'private' as const } }
    await world.call('channels.change', ada, change)
    const read = async (who: MemberActor) => {
      const page = await world.call('feed.read', who, { query: { since: position } })
      return page.events.map(({ type, now }) => [type, now.channel === null])
    }
    assert.deepEqual(await read(ben), [['access.changed', true]])
    assert.ok(
      (await read(gus)).some(([type]) => type === 'message.posted'),
      'he was let in',
    )
    const dora = await agent(world, 'Dora', 'guest')
    assert.ok((await read(dora)).every(([type]) => type !== 'access.changed'))
  },
)

roomsTest('the audit log tells who did what to a channel', async (open) => {
  const { world, ada, ben, den } = await openFloor(open)
  const params = { channel: den }
  await letsIn(world, ada, den, ben.id)
  await world.call('channels.change', ada, { params, body: { name: 'Forge' } })
  await takesOut(world, ada, den, ben.id)
  await world.call('channels.archive', ada, { params })
  await world.call('channels.restore', ada, { params })
  const query = { actor: ada.id }
  const { rows } = await world.call('audit.list', world.owner, { query })
  const told = rows
    .filter(({ target }) => target === den)
    .toReversed()
    .map(({ action, changes }) => [action, ...changes.map(({ from, to }) => `${from}>${to}`)])
  assert.deepEqual(told, [
    ['channel.added', '>Workshop', '>private'],
    ['channel.joined', '>Ben'],
    ['channel.changed', 'Workshop>Forge'],
    ['channel.left', 'Ben>'],
    ['channel.archived'],
    ['channel.restored'],
  ])
})
