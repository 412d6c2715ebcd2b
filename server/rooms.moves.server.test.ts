import assert from 'node:assert/strict'
import { endings, look, openDesk, refusedWith, say } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { merge, seen, split, stored, undo } from './rooms.moves.world.ts'
import { visitor } from './rooms.world.ts'

roomsTest('what is merged is found by its old id, and goes back to the last byte', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, owner, vera } = desk
  const source = await desk.written('It squeaks.')
  const target = await desk.written('It squeaks still.')
  const client = world.newClient()
  const answered = await say(desk, ada, source, { text: 'Which wheel?', client })
  await say(desk, ada, target, { text: 'She wrote twice.', kind: 'note' })
  await world.call('leases.take', ada, { params: { conversation: source }, body: {} })
  const until = world.clock.now() + 3_600_000
  const snooze = { params: { conversation: source }, body: { until } }
  await world.call('snooze.put', ada, snooze)
  const before = await stored(desk)
  const { move, conversation } = await merge(desk, source, target)
  assert.equal(conversation.id, target)
  assert.deepEqual((await seen(desk, owner, source)).texts, [
    'It squeaks still.',
    'She wrote twice.',
    'It squeaks.',
    'Which wheel?',
  ])
  const message = { params: { message: answered.message.id } }
  const found = await world.call('messages.get', vera, message)
  assert.deepEqual([found.message.conversation, found.message.number], [target, 3])
  // A client that missed the answer sends it again to where it was.
  const again = await say(desk, ada, source, { text: 'Which wheel?', client })
  assert.equal(again.message.id, answered.message.id)
  assert.equal((await merge(desk, source, target)).move.id, move.id, 'a repeat does it once')
  await undo(desk, move.id)
  assert.deepEqual(await stored(desk), before)
  assert.equal((await undo(desk, move.id)).conversations.length, 2, 'a repeat undoes it once')
  assert.deepEqual(await endings(desk, source), [
    ['Ada', 'taken', null],
    ['Ada', 'answer', 'answered'],
  ])
})

roomsTest(
  'a merge pays no debt, wakes nobody, and leaves the target to its holder',
  async (open) => {
    const desk = await openDesk(open)
    const { world, owner, ada, ben, bot, vera, site } = desk
    const source = await desk.written('Is it open on Sunday?')
    const target = await desk.written('Do you sell bells?')
    await say(desk, ben, target, { text: 'We do.' })
    const on = (conversation: typeof source) => ({ params: { conversation } })
    await world.call('leases.take', ada, { ...on(source), body: {} })
    await assert.rejects(merge(desk, source, target, ben), refusedWith('lease_held', 'Ada'))
    await world.call('leases.take', ben, { ...on(target), body: {} })
    const { conversation } = await merge(desk, source, target, ada)
    assert.deepEqual([conversation.turn, conversation.lease?.holder.id], ['ours', ben.id])
    // What is gone is nobody's next.
    const next = { params: { inbox: site }, body: {} }
    assert.equal((await world.call('leases.next', bot, next)).conversation, null)
    const { rows } = await world.call('conversations.list', owner, { query: { list: 'all' } })
    assert.deepEqual(
      rows.map(({ id }) => id),
      [target],
    )
    assert.equal((await seen(desk, vera, source)).unread, 1, 'our answer, which she has not read')
    const { rows: told } = await world.call('audit.list', owner, {
      query: { action: 'conversation.merged' },
    })
    assert.deepEqual([told.length, told[0]?.target, told[0]?.actor], [1, source, ada.id])
  },
)

roomsTest('taken back later, words said since stay with the target, or come home', async (open) => {
  const desk = await openDesk(open)
  const { vera, ada, owner } = desk
  const source = await desk.written('One.')
  const target = await desk.written('Two.')
  const merged = await merge(desk, source, target)
  await say(desk, vera, source, { text: 'Three.' })
  const parted = await split(desk, target, { from: (await say(desk, ada, target)).message.id })
  await assert.rejects(undo(desk, merged.move.id), refusedWith('conflict'))
  await say(desk, vera, parted.conversation.id, { text: 'Thanks, and now?' })
  await undo(desk, parted.move.id)
  assert.deepEqual((await seen(desk, owner, parted.conversation.id)).texts, [
    'Two.',
    'One.',
    'Three.',
    'It is done.',
    'Thanks, and now?',
  ])
  await undo(desk, merged.move.id)
  assert.deepEqual((await seen(desk, owner, source)).texts, ['One.'])
  assert.deepEqual((await seen(desk, vera, target)).texts, [
    'Two.',
    'Three.',
    'It is done.',
    'Thanks, and now?',
  ])
  assert.equal((await look(desk, source)).turn, 'ours')
})

roomsTest('a split keeps a reply on either side, and is done once', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben } = desk
  const id = await desk.written('First.')
  const note = await say(desk, ada, id, { text: 'Hm.', kind: 'note' })
  await assert.rejects(split(desk, id, { from: note.message.id }), refusedWith('conflict'))
  const first = (await seen(desk, ada, id)).ids[0]!
  const params = { conversation: id }
  await world.call('leases.take', ben, { params, body: {} })
  const body = { client: world.newClient(), subject: '', messages: [note.message.id] }
  const held = world.call('conversations.split', ada, { params, body })
  await assert.rejects(held, refusedWith('lease_held', 'Ben'))
  await world.call('leases.release', ben, { params })
  await assert.rejects(split(desk, id, { from: first }), refusedWith('conflict'))
  const reply = await say(desk, ada, id, { text: 'Second.' })
  const client = world.newClient()
  const messages = [note.message.id, reply.message.id]
  const made = await split(desk, id, { messages }, client)
  const again = await split(desk, id, { messages }, client)
  assert.equal(again.conversation.id, made.conversation.id)
  await assert.rejects(
    split(desk, id, { from: first }, client),
    refusedWith('repeated_differently'),
  )
  assert.deepEqual([made.conversation.turn, made.rest.turn], ['theirs', 'ours'])
})

roomsTest(
  'who is joined to another sees no word more; their conversations stay two',
  async (open) => {
    const desk = await openDesk(open)
    const { world, owner, ada, vera, site } = desk
    const known = await desk.written('My card number is secret.')
    const stranger = await visitor(world)
    const message = { client: world.newClient(), text: 'I am Vera, believe me.' }
    const opened = await world.call('conversations.open', stranger, {
      body: { inbox: site, message },
    })
    const theirs = opened.conversation.id
    const params = { contact: stranger.id }
    const before = await stored(desk)
    const joined = await world.call('contacts.merge', ada, { params, body: { into: vera.id } })
    const mine = async (who: typeof vera) =>
      (await world.call('conversations.list', who, { query: {} })).rows
    for (const [who, id] of [
      [stranger, theirs],
      [vera, known],
    ] as const) {
      assert.deepEqual(
        (await mine(who)).map((row) => row.id),
        [id],
      )
      const other = id === known ? theirs : known
      await assert.rejects(seen(desk, who, other), refusedWith('not_found'))
      const me = await world.call('conversations.get', who, { params: { conversation: id } })
      assert.equal(me.contact?.person, null, 'nobody is told whose person they are')
    }
    const query = { list: 'all' as const, contact: vera.id }
    const together = await world.call('conversations.list', owner, { query })
    assert.deepEqual(together.rows.map(({ id }) => id).sort(), [known, theirs].sort())
    await assert.rejects(merge(desk, theirs, known), refusedWith('conflict'))
    await world.call('unions.undo', ada, { params: { union: joined.union.id } })
    assert.deepEqual(await stored(desk), before)
    const alone = await world.call('conversations.list', owner, { query })
    assert.deepEqual(
      alone.rows.map(({ id }) => id),
      [known],
    )
  },
)

roomsTest('a contact is not told how many notes went', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, vera } = desk
  const [source, target] = [await desk.written('One'), await desk.written('Two')]
  await say(desk, ada, source, { kind: 'note' })
  const { move } = await merge(desk, source, target)
  assert.equal(move.messages, 2)
  const { events } = await world.call('feed.read', vera, { query: { since: 0 } })
  const told = events.filter(({ type }) => type === 'conversation.merged')
  assert.deepEqual(
    told.map(({ body }) => body),
    [
      { move: move.id, other: target, role: 'source' },
      { move: move.id, other: source, role: 'target' },
    ],
  )
})
