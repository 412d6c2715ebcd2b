import assert from 'node:assert/strict'
import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import { until } from '@fermata/testkit/until'
import { endings, look, openDesk, refusedWith, say } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { deskRow } from './rooms.world.ts'

const hour = 3_600_000

roomsTest('what one holds nobody else answers, and a note is never refused', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben, bot } = desk
  const conversation = await desk.written()
  const params = { conversation }
  const { conversation: held } = await world.call('leases.take', ada, { params, body: {} })
  assert.equal(held.lease?.holder.name, 'Ada')
  assert.equal(held.lease.until, world.clock.now() + limits.leaseMsDefault)
  for (const other of [ben, bot]) {
    await assert.rejects(say(desk, other, conversation), refusedWith('lease_held', 'Ada'))
    await assert.rejects(
      world.call('leases.take', other, { params, body: {} }),
      refusedWith('lease_held', 'Ada'),
    )
    await assert.rejects(
      world.call('conversations.resolve', other, { params }),
      refusedWith('lease_held', 'Ada'),
    )
    await say(desk, other, conversation, { kind: 'note' })
  }
  const answered = await say(desk, ada, conversation)
  assert.equal(answered.conversation.lease, null, 'an answer ends it')
  await say(desk, ben, conversation)
  assert.deepEqual(await endings(desk, conversation), [
    ['Ben', 'answer', 'answered'],
    ['Ada', 'taken', 'answered'],
  ])
})

roomsTest('a repeat of what was said is answered, whoever holds it by now', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben } = desk
  const conversation = await desk.written()
  const client = world.newClient()
  const first = await say(desk, ada, conversation, { client })
  await world.call('leases.take', ben, { params: { conversation }, body: {} })
  const again = await say(desk, ada, conversation, { client })
  assert.equal(again.message.id, first.message.id)
  assert.equal(again.conversation.lease?.holder.name, 'Ben')
})

roomsTest(
  'a lease that lapsed never costs the text; one that was overtaken does not answer twice',
  async (open) => {
    const desk = await openDesk(open)
    const { world, ada, ben } = desk
    const conversation = await desk.written()
    const params = { conversation }
    const take = (caller: MemberActor) =>
      world.call('leases.take', caller, { params, body: { ms: hour } })
    const { conversation: mine } = await take(ada)
    world.clock.advance(2 * hour)
    // Nobody has noticed yet, and it is nobody's all the same.
    const said = await say(desk, ada, conversation, { token: mine.token })
    assert.equal(said.message.text, 'It is done.')

    const { conversation: second } = await take(ada)
    world.clock.advance(2 * hour)
    await world.rooms.schedule.runDue()
    assert.equal((await look(desk, conversation)).lease, null)
    await say(desk, ben, conversation)
    await assert.rejects(
      say(desk, ada, conversation, { token: second.token }),
      refusedWith('lease_lost', 'Ben'),
    )
    await say(desk, ada, conversation, { text: 'And one thing more.' })
    assert.deepEqual(await endings(desk, conversation), [
      ['Ada', 'answer', 'answered'],
      ['Ben', 'answer', 'answered'],
      ['Ada', 'taken', 'expired'],
      ['Ada', 'answer', 'answered'],
      ['Ada', 'taken', 'expired'],
    ])
  },
)

roomsTest('two answers in a row go through for a person, not for a program', async (open) => {
  const desk = await openDesk(open)
  const { ada, ben, bot } = desk
  const conversation = await desk.written()
  const { token } = await look(desk, conversation)
  await say(desk, ada, conversation, { token })
  await say(desk, ada, conversation, { token, text: 'And one thing more.' })
  await assert.rejects(say(desk, ben, conversation, { token }), refusedWith('lease_lost', 'Ada'))
  const later = (await look(desk, conversation)).token
  await say(desk, bot, conversation, { token: later })
  await assert.rejects(
    say(desk, bot, conversation, { token: later }),
    refusedWith('lease_lost', 'bot'),
  )
})

roomsTest('what the holder does renews it; a refused act leaves it as it was', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben } = desk
  const conversation = await desk.written()
  const params = { conversation }
  await world.call('leases.take', ada, { params, body: { ms: hour } })
  world.clock.advance(hour / 2)
  await say(desk, ben, conversation, { kind: 'note' })
  const before = await look(desk, conversation)
  await assert.rejects(
    world.call('conversations.pause', ada, { params, body: { until: 1 } }),
    refusedWith('invalid_field'),
  )
  assert.deepEqual(await look(desk, conversation), before)
  await world.call('conversations.change', ada, { params, body: { subject: 'Chain' } })
  assert.equal((await look(desk, conversation)).lease?.until, world.clock.now() + hour)
  world.clock.advance(hour - 1)
  await world.rooms.schedule.runDue()
  assert.equal((await look(desk, conversation)).lease?.holder.name, 'Ada')
  world.clock.advance(1)
  await world.rooms.schedule.runDue()
  assert.equal((await look(desk, conversation)).lease, null)
})

roomsTest('it is handed over with a note that the next holder sees', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada, ben, bot } = desk
  const conversation = await desk.written()
  const params = { conversation }
  const hand = (caller: MemberActor | AppActor, holder: MemberActor | AppActor, note = '') =>
    world.call('leases.hand', caller, { params, body: { holder: holder.id, note } })
  await hand(ada, ben, 'She calls at five.')
  const row = await look(desk, conversation)
  assert.equal(row.lease?.holder.name, 'Ben')
  assert.deepEqual([row.lease.note?.by.name, row.lease.note?.text], ['Ada', 'She calls at five.'])
  await assert.rejects(hand(ada, ada), refusedWith('lease_held', 'Ben'))
  await hand(owner, bot)
  assert.equal((await look(desk, conversation)).lease?.note, null)
  await world.call('leases.release', owner, { params })

  const team = await world.call('teams.add', owner, { body: { name: 'Others' } })
  await world.call('inboxes.change', owner, {
    params: { inbox: desk.site },
    body: { team: team.id },
  })
  await assert.rejects(hand(owner, ben), refusedWith('invalid_field'))
  assert.deepEqual(await endings(desk, conversation), [
    ['bot', 'handed', 'released'],
    ['Ben', 'handed', 'handed'],
  ])
})

roomsTest('what is asked for again because its answer was lost is done once', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben } = desk
  const conversation = await desk.written()
  const params = { conversation }
  const again = async (act: () => Promise<unknown>): Promise<void> => {
    const first = await act()
    assert.deepEqual(await act(), first)
  }
  await again(() => world.call('leases.take', ada, { params, body: {} }))
  const body = { holder: ben.id, note: 'Yours.' }
  await again(() => world.call('leases.hand', ada, { params, body }))
  await again(() => world.call('leases.pass', ben, { params, body: { reason: 'no' } }))
  await again(() => world.call('leases.release', ben, { params }))
  assert.deepEqual(await endings(desk, conversation), [
    ['Ben', 'handed', 'passed'],
    ['Ada', 'taken', 'handed'],
  ])
  await assert.rejects(
    world.call('leases.pass', ada, { params, body: { reason: 'no' } }),
    refusedWith('conflict'),
  )
})

roomsTest('nobody is given more than they may hold', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada } = desk
  const ids: ConversationId[] = []
  for (let n = 0; n <= limits.leasesPerMemberMax; n++) ids.push(await desk.written(`Word ${n}`))
  const takes = ids.map((conversation) =>
    world.call('leases.take', ada, { params: { conversation }, body: {} }).then(
      () => 'taken',
      (error: unknown) => String(error),
    ),
  )
  const done = await Promise.all(takes)
  const full = done.filter((one) => one !== 'taken')
  assert.equal(full.length, 1)
  assert.match(full[0]!, /"limit_reached".*"leasesPerMemberMax"/)
  const free = ids[done.indexOf(full[0]!)]!
  const body = { holder: ada.id }
  const params = { conversation: free }
  await assert.rejects(
    world.call('leases.hand', owner, { params, body }),
    refusedWith('limit_reached'),
  )
  await assert.rejects(
    world.call('leases.next', ada, { params: { inbox: desk.site }, body: {} }),
    refusedWith('limit_reached'),
  )
  // What needs no room of its own goes on.
  await say(desk, ada, free)
})

roomsTest('what is resolved is nobody’s, and cannot be taken', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, bot } = desk
  const conversation = await desk.written()
  const params = { conversation }
  await world.call('leases.take', ada, { params, body: {} })
  const done = await world.call('conversations.resolve', ada, { params })
  assert.equal(done.conversation.lease, null)
  for (const caller of [ada, bot]) {
    await assert.rejects(
      world.call('leases.take', caller, { params, body: {} }),
      refusedWith('conflict'),
    )
  }
  assert.deepEqual(await endings(desk, conversation), [['Ada', 'taken', 'resolved']])
})

roomsTest('whoever is deactivated gives everything back in the same moment', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada } = desk
  const some = [await desk.written('One'), await desk.written('Two')]
  for (const conversation of some) {
    await world.call('leases.take', ada, { params: { conversation }, body: {} })
  }
  await world.call('members.deactivate', owner, { params: { member: ada.id } })
  for (const conversation of some) {
    assert.equal((await look(desk, conversation)).lease, null)
    assert.deepEqual(await endings(desk, conversation), [['Ada', 'taken', 'withdrawn']])
  }
  // A request that was let in before goes on after; it takes nothing.
  const [params, body] = [{ conversation: some[0]! }, {}]
  await assert.rejects(world.call('leases.take', ada, { params, body }), refusedWith('not_allowed'))
  const next = world.call('leases.next', ada, { params: { inbox: desk.site }, body })
  await assert.rejects(next, refusedWith('not_allowed'))
})

roomsTest('what somebody sees no more they hold no more', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada, ben, bot } = desk
  const { call } = world
  await world.rooms.feed.start()
  const [adas, bens, bots] = [await desk.written(), await desk.written(), await desk.written()]
  for (const [caller, conversation] of [
    [ada, adas],
    [ben, bens],
    [bot, bots],
  ] as const) {
    await call('leases.take', caller, { params: { conversation }, body: {} })
  }
  const team = await call('teams.add', owner, { body: { name: 'Support' } })
  const params = { team: team.id, member: ben.id }
  await call('teams.join', owner, { params })
  await call('inboxes.change', owner, { params: { inbox: desk.site }, body: { team: team.id } })
  const holder = async (id: ConversationId) => (await look(desk, id)).lease?.holder.name
  const isFree = (id: ConversationId) =>
    until('it is free', async () => (await holder(id)) === undefined)
  await isFree(adas)
  assert.deepEqual([await holder(bens), await holder(bots)], ['Ben', 'bot'])
  await call('teams.leave', owner, { params })
  await isFree(bens)
  await call('apps.remove', owner, { params: { app: bot.id } })
  await isFree(bots)
})

roomsTest('a customer is told nothing of who holds what', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben, vera } = desk
  const conversation = await desk.written()
  const params = { conversation }
  const { position } = await world.call('me.get', vera, {})
  await world.call('leases.take', ada, { params, body: {} })
  await world.call('leases.hand', ada, { params, body: { holder: ben.id, note: 'Difficult.' } })
  await world.call('leases.pass', ben, { params, body: { reason: 'rude' } })
  await say(desk, ada, conversation)
  const page = await world.call('feed.read', vera, { query: { since: position } })
  assert.deepEqual(
    page.events.map(({ type }) => type),
    ['message.posted'],
  )
  const told = await world.call('conversations.get', vera, { params })
  const { lease, token } = deskRow(told.conversation)
  assert.deepEqual([lease, token], [null, 0])
})

roomsTest('an app that may not answer any more holds nothing any more', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, bot } = desk
  await world.rooms.feed.start()
  const conversation = await desk.written()
  const params = { conversation }
  await world.call('leases.take', bot, { params, body: {} })
  const body = { scopes: ['conversations:read' as const] }
  await world.call('apps.change', owner, { params: { app: bot.id }, body })
  await until('it was given back', async () => (await look(desk, conversation)).lease === null)
  assert.deepEqual(await endings(desk, conversation), [['bot', 'taken', 'withdrawn']])
  await assert.rejects(
    world.call('leases.take', bot, { params, body: {} }),
    refusedWith('not_allowed'),
    'what was let in before takes nothing',
  )
})
