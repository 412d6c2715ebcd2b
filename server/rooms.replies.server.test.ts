import assert from 'node:assert/strict'
import { openDesk, refusedWith } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { agent } from './rooms.world.ts'

const shared = { title: 'Delay', shortcut: 'delay', body: 'Sorry, {{contact.first_name|all}}.' }

roomsTest(
  'shared replies are everybody’s to use and one’s own nobody else’s to see',
  async (open) => {
    const { world, owner, ada, ben, bot } = await openDesk(open)
    const { call } = world
    const guest = await agent(world, 'Gus', 'guest')
    const delay = await call('replies.add', owner, { body: { ...shared, shared: true } })
    const own = await call('replies.add', ada, {
      body: { title: 'Mine', body: 'x', shared: false },
    })
    const seen = async (who: typeof ada | typeof bot) =>
      (await call('replies.list', who, {})).rows.map(({ title }) => title)
    assert.deepEqual(await seen(ada), ['Delay', 'Mine'])
    assert.deepEqual(
      [await seen(ben), await seen(bot), await seen(owner)],
      [['Delay'], ['Delay'], ['Delay']],
    )
    assert.deepEqual(await seen(guest), [])
    const toOwn = { params: { reply: own.id } }
    const toDelay = { params: { reply: delay.id } }
    const body = { title: 'Other' }
    await assert.rejects(
      call('replies.change', owner, { ...toOwn, body }),
      refusedWith('not_found'),
    )
    await assert.rejects(
      call('replies.change', ada, { ...toDelay, body }),
      refusedWith('not_allowed'),
    )
    await assert.rejects(
      call('replies.add', ada, { body: { ...shared, shared: true } }),
      refusedWith('not_allowed'),
    )
    const unknown = { title: 'x', body: 'Hi {{contact.phone}}', shared: false }
    await assert.rejects(call('replies.add', ada, { body: unknown }), /contact\.phone/)

    await call('replies.remove', owner, toDelay)
    assert.deepEqual(await seen(ben), [])
    await assert.rejects(
      call('replies.change', owner, { ...toDelay, body }),
      refusedWith('not_found'),
    )
    await call('replies.restore', owner, toDelay)
    assert.deepEqual(await seen(ben), ['Delay'])
    await call('replies.remove', owner, toDelay)
    world.clock.advance(25 * 3_600_000)
    await call('replies.remove', owner, {
      params: {
        reply: (await call('replies.add', owner, { body: { ...shared, shared: true } })).id,
      },
    })
    await assert.rejects(call('replies.restore', owner, toDelay), refusedWith('not_found'))
  },
)

roomsTest('a use is counted once for each message that was sent with a reply', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada, ben } = desk
  const { call } = world
  const delay = await call('replies.add', owner, { body: { ...shared, shared: true } })
  const own = await call('replies.add', ada, { body: { title: 'Mine', body: 'x', shared: false } })
  const params = { conversation: await desk.written() }
  const used = async (id: string) =>
    (await call('replies.usage', ada, {})).rows.find(({ reply }) => reply === id)
  assert.deepEqual(await used(delay.id), { reply: delay.id, count: 0, last: null })
  const body = { client: world.newClient(), text: 'Sorry, Vera.', prepared: [delay.id] }
  await Promise.all(Array.from({ length: 5 }, () => call('messages.post', ada, { params, body })))
  await call('messages.post', ada, { params, body })
  const at = world.clock.now()
  assert.deepEqual(await used(delay.id), { reply: delay.id, count: 1, last: { at, by: ada.id } })
  await call('messages.post', ben, { params, body: { ...body, client: world.newClient() } })
  assert.equal((await used(delay.id))?.count, 2)
  // What is said later counts when it is said.
  const when = { at: world.clock.now() + 1_000 }
  await call('scheduled.add', ada, { params, body: { ...body, client: world.newClient(), when } })
  assert.equal((await used(delay.id))?.count, 2)
  world.clock.advance(1_000)
  await world.rooms.schedule.runDue()
  assert.equal((await used(delay.id))?.count, 3)
  // What is not theirs, and what is gone, counts nothing, and what was said is said.
  const another = { client: world.newClient(), text: 'Hm.', prepared: [own.id] }
  await call('messages.post', ben, { params, body: another })
  assert.equal((await used(own.id))?.count, 0)
  await call('replies.remove', owner, { params: { reply: delay.id } })
  const late = { ...body, client: world.newClient() }
  assert.equal((await call('messages.post', ada, { params, body: late })).message.text, late.text)
})

roomsTest('a reply that is refused counts nothing', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada, ben } = desk
  const { call } = world
  const delay = await call('replies.add', owner, { body: { ...shared, shared: true } })
  const params = { conversation: await desk.written() }
  await call('leases.take', ada, { params, body: {} })
  const body = { client: world.newClient(), text: 'Sorry.', prepared: [delay.id] }
  await assert.rejects(call('messages.post', ben, { params, body }), refusedWith('lease_held'))
  const { rows } = await call('replies.usage', ada, {})
  assert.equal(rows[0]?.count, 0)
})

roomsTest(
  'a label is one thing wherever it is shown, and comes back where it was',
  async (open) => {
    const desk = await openDesk(open)
    const { world, owner, ada, bot } = desk
    const { call } = world
    const params = { conversation: await desk.written() }
    const add = (name: string) => call('labels.add', bot, { body: { name } })
    const brakes = await add('Brakes')
    assert.deepEqual(await add(' bRAKES '), brakes)
    const bell = await add('Bell')
    assert.notEqual(bell.colour, brakes.colour)
    const labels = [brakes.id, bell.id]
    await call('conversations.change', ada, { params, body: { labels } })
    const toBell = { params: { label: bell.id } }
    await call('labels.change', owner, { ...toBell, body: { name: 'Horn', colour: 'plum' } })
    const { rows } = await call('labels.list', ada, {})
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['Brakes', 'Horn'],
    )
    await assert.rejects(
      call('labels.change', owner, { ...toBell, body: { name: 'brakes' } }),
      refusedWith('already_exists'),
    )
    await call('labels.remove', owner, toBell)
    // Whoever changes the labels meanwhile leaves behind what is not there any more.
    const held = async () => {
      const { conversation } = await call('conversations.get', ada, { params })
      return 'labels' in conversation ? conversation.labels : []
    }
    assert.deepEqual(await held(), labels)
    await call('labels.restore', owner, toBell)
    assert.deepEqual(await held(), labels)
    await call('labels.remove', owner, toBell)
    await call('conversations.change', ada, { params, body: { labels } })
    assert.deepEqual(await held(), [brakes.id])
    await add('Horn')
    await assert.rejects(call('labels.restore', owner, toBell), refusedWith('already_exists'))
    const unknown = 'lbl_0aaaaaaaaaaaaaaaaaaaaaaaaa' as const
    await assert.rejects(
      call('conversations.change', ada, { params, body: { labels: [unknown] } }),
      refusedWith('invalid_field'),
    )
  },
)
