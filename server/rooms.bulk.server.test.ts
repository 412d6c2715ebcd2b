import assert from 'node:assert/strict'
import type { ConversationId } from '@fermata/base/ids'
import type { BulkAct } from '@fermata/contract/bulk.schema'
import { isDesk } from '@fermata/contract/floor'
import { openDesk, refusedWith, type Desk } from './rooms.desk.world.ts'
import { roomsTest, type OpenRooms } from './rooms.grounds.world.ts'

const hour = 3_600_000

/** A desk with some conversations, and what can be asked of them together. */
async function many(open: OpenRooms, count = 3) {
  const desk = await openDesk(open)
  const { world, ada } = desk
  const conversations: ConversationId[] = []
  for (let i = 0; i < count; i++) conversations.push(await desk.written(`It broke, part ${i}`))
  const codes = (outcomes: readonly { refusal: { code: string } | null }[]): string[] =>
    outcomes.map(({ refusal }) => refusal?.code ?? 'done')
  return {
    ...{ desk, world, ada, conversations },
    async act(act: BulkAct, client = world.newClient()) {
      const body = { client, conversations, act }
      const { outcomes } = await world.call('bulk.do', ada, { body })
      return { client, codes: codes(outcomes) }
    },
    async undo(client: string, by = ada) {
      const { outcomes } = await world.call('bulk.undo', by, { body: { client, conversations } })
      return codes(outcomes)
    },
    rows: () => Promise.all(conversations.map((id) => rowOf(desk, id))),
  }
}

async function rowOf({ world, ada }: Desk, conversation: ConversationId) {
  const answer = await world.call('conversations.get', ada, { params: { conversation } })
  assert.ok(isDesk(answer.conversation))
  // It counts how often it was held, and never goes back.
  return { ...answer.conversation, token: 0, mine: answer.mine?.archivedNumber ?? null }
}

roomsTest(
  'each is decided by itself: what cannot be done says why, the rest is done',
  async (open) => {
    const { desk, world, ada, conversations, act, rows } = await many(open)
    const [first, second, third] = conversations as [ConversationId, ConversationId, ConversationId]
    await world.call('leases.take', desk.ben, { params: { conversation: first }, body: {} })
    await world.call('conversations.resolve', ada, { params: { conversation: second } })
    const done = await act({ type: 'pause', until: world.clock.now() + hour, reason: 'part' })
    assert.deepEqual(done.codes, ['done', 'conflict', 'done'])
    assert.deepEqual((await act({ type: 'resolve' })).codes, ['lease_held', 'done', 'done'])
    const statuses = (await rows()).map(({ status }) => status)
    assert.deepEqual(statuses, ['paused', 'resolved', 'resolved'])
    const unseen = 'cnv_00000000000000000000000000' as const
    const body = {
      client: world.newClient(),
      conversations: [third, unseen],
      act: { type: 'archive' },
    }
    const { outcomes } = await world.call('bulk.do', ada, {
      body: { ...body, act: { type: 'archive' } },
    })
    assert.deepEqual(
      outcomes.map(({ refusal }) => refusal?.code ?? null),
      [null, 'not_found'],
    )
  },
)

roomsTest(
  'one undo puts each back to what it was, where nothing else happened since',
  async (open) => {
    const { desk, world, ada, conversations, act, undo, rows } = await many(open)
    const [first, second] = conversations as [ConversationId, ConversationId]
    const until = world.clock.now() + 5 * hour
    const { id: bell } = await world.call('labels.add', ada, { body: { name: 'Bell' } })
    const { id: horn } = await world.call('labels.add', ada, { body: { name: 'Horn' } })
    await world.call('conversations.pause', ada, {
      params: { conversation: first },
      body: { until, reason: 'waiting' },
    })
    await world.call('conversations.change', ada, {
      params: { conversation: second },
      body: { labels: [bell], urgency: 'urgent' },
    })
    const before = await rows()
    const acts: BulkAct[] = [
      { type: 'resolve' },
      { type: 'archive' },
      { type: 'pause', until: until + hour, reason: 'other' },
      { type: 'urgency', urgency: 'low' },
      { type: 'labels', add: [horn], remove: [bell] },
      { type: 'hand', holder: desk.ben.id, note: 'Yours' },
      { type: 'take' },
    ]
    for (const one of acts) {
      const { client, codes } = await act(one)
      assert.deepEqual(codes, ['done', 'done', 'done'], one.type)
      assert.notDeepEqual(await rows(), before)
      assert.deepEqual(await undo(client), ['done', 'done', 'done'], one.type)
      assert.deepEqual(await rows(), before, one.type)
      assert.deepEqual(await undo(client), ['done', 'done', 'done'], 'again, it changes nothing')
      assert.deepEqual(await rows(), before, one.type)
    }
    const { client } = await act({ type: 'resolve' })
    const body = { client: world.newClient(), text: 'It broke again.' }
    await world.call('messages.post', desk.vera, { params: { conversation: first }, body })
    assert.deepEqual(await undo(client, desk.ben), ['not_found', 'not_found', 'not_found'])
    assert.deepEqual(await undo(client), ['conflict', 'done', 'done'])
    assert.equal((await rows())[0]?.turn, 'ours')
  },
)

roomsTest('a lease that ended with a resolution comes back with the undo', async (open) => {
  const { world, ada, conversations, act, undo, rows } = await many(open)
  for (const conversation of conversations) {
    await world.call('leases.take', ada, { params: { conversation }, body: {} })
  }
  const { client } = await act({ type: 'resolve' })
  assert.deepEqual(await undo(client), ['done', 'done', 'done'])
  assert.ok((await rows()).every(({ lease }) => lease?.holder.id === ada.id))
})

roomsTest(
  'a pause that is put back ends by its time, and one that is over is not put back',
  async (open) => {
    const { world, ada, conversations, act, undo, rows } = await many(open, 1)
    const [conversation] = conversations as [ConversationId]
    const until = world.clock.now() + hour
    const pause = () =>
      world.call('conversations.pause', ada, { params: { conversation }, body: { until } })
    await pause()
    const first = await act({ type: 'resolve' })
    assert.deepEqual(await undo(first.client), ['done'])
    assert.equal((await rows())[0]?.pause?.until, until)
    const second = await act({ type: 'resolve' })
    world.clock.advance(2 * hour)
    assert.deepEqual(await undo(second.client), ['done'])
    assert.deepEqual(
      (await rows()).map(({ status, turn }) => [status, turn]),
      [['open', 'ours']],
    )
  },
)

roomsTest(
  'what is repeated is done once, and another thing under the same id is refused',
  async (open) => {
    const { world, ada, conversations, act } = await many(open)
    const client = world.newClient()
    const take: BulkAct = { type: 'urgency', urgency: 'high' }
    const [one, two] = await Promise.all([act(take, client), act(take, client)])
    assert.deepEqual(
      [one.codes, two.codes].flat(),
      Array.from({ length: 6 }, () => 'done'),
    )
    await world.call('conversations.change', ada, {
      params: { conversation: conversations[0]! },
      body: { urgency: 'low' },
    })
    assert.deepEqual((await act(take, client)).codes, ['done', 'done', 'done'])
    const { rows } = await world.call('conversations.list', ada, { query: { list: 'all' } })
    assert.deepEqual(rows.map(({ urgency }) => urgency).toSorted(), ['high', 'high', 'low'])
    const other = await act({ type: 'resolve' }, client)
    assert.deepEqual(
      other.codes,
      Array.from({ length: 3 }, () => 'repeated_differently'),
    )
  },
)

roomsTest(
  'a lease lasts as long as its team says, unless somebody asks for another time',
  async (open) => {
    const desk = await openDesk(open)
    const { world, owner, ada, site } = desk
    const { call } = world
    const leaseMs = 30 * 60_000
    const team = await call('teams.add', owner, { body: { name: 'Quick', leaseMs } })
    await call('teams.join', owner, { params: { team: team.id, member: ada.id } })
    await call('inboxes.change', owner, { params: { inbox: site }, body: { team: team.id } })
    const untilOf = async (conversation: ConversationId, body: { ms?: number }) => {
      const taken = await call('leases.take', ada, { params: { conversation }, body })
      return (taken.conversation.lease?.until ?? 0) - world.clock.now()
    }
    assert.equal(await untilOf(await desk.written(), {}), leaseMs)
    assert.equal(await untilOf(await desk.written(), { ms: hour }), hour)
    await desk.written()
    const next = await call('leases.next', ada, { params: { inbox: site }, body: {} })
    assert.equal((next.conversation?.lease?.until ?? 0) - world.clock.now(), leaseMs)
    await call('teams.change', owner, { params: { team: team.id }, body: { leaseMs: 2 * hour } })
    assert.equal(await untilOf(await desk.written(), {}), 2 * hour)
    await assert.rejects(
      call('leases.hand', ada, {
        params: { conversation: await desk.written() },
        body: { holder: desk.ben.id },
      }),
      refusedWith('invalid_field'),
    )
  },
)
