import assert from 'node:assert/strict'
import { roomsTest, type OpenRooms } from './rooms.grounds.world.ts'
import { Refused, visitor } from './rooms.world.ts'

async function talk(open: OpenRooms) {
  const world = await open()
  const vera = await visitor(world)
  const message = { client: world.newClient(), text: 'The chain came off.' }
  const opening = { inbox: vera.inbox, message }
  const opened = await world.call('conversations.open', vera, { body: opening })
  return { world, vera, opening, opened, params: { conversation: opened.conversation.id } }
}

roomsTest('a repeated opening answers with the first and opens nothing twice', async (open) => {
  const { world, vera, opening, opened } = await talk(open)
  const again = await world.call('conversations.open', vera, { body: opening })
  assert.deepEqual(again, opened)
  const { rows } = await world.call('conversations.list', world.owner, { query: { list: 'all' } })
  assert.equal(rows.length, 1)
  const other = { ...opening, message: { ...opening.message, text: 'Something else.' } }
  const refused = world.call('conversations.open', vera, { body: other })
  await assert.rejects(refused, /repeated_differently/)
})

roomsTest(
  'a repeated message answers with the first, also when both are sent at once',
  async (open) => {
    const { world, params, vera } = await talk(open)
    const body = { client: world.newClient(), text: 'It was blue.' }
    const sent = await Promise.all(
      Array.from({ length: 8 }, () => world.call('messages.post', vera, { params, body })),
    )
    for (const one of sent) assert.deepEqual(one.message, sent[0]!.message)
    const { messages } = await world.call('messages.list', world.owner, { params, query: {} })
    assert.deepEqual(
      messages.map(({ number, text }) => [number, text]),
      [
        [1, 'The chain came off.'],
        [2, 'It was blue.'],
      ],
    )
    const others = [
      { ...body, text: 'It was red.' },
      { ...body, kind: 'note' as const },
    ]
    for (const other of others) {
      await assert.rejects(world.call('messages.post', vera, { params, body: other }), Refused)
    }
    // The same id of another sender is another message.
    const own = await world.call('messages.post', world.owner, { params, body })
    assert.equal(own.message.number, 3)
  },
)

roomsTest('openings that race with one client id open one conversation', async (open) => {
  const world = await open()
  const vera = await visitor(world)
  const body = { inbox: vera.inbox, message: { client: world.newClient(), text: 'Hello?' } }
  const sent = await Promise.all(
    Array.from({ length: 8 }, () => world.call('conversations.open', vera, { body })),
  )
  assert.equal(new Set(sent.map(({ conversation }) => conversation.id)).size, 1)
  const { rows } = await world.call('conversations.list', world.owner, { query: { list: 'all' } })
  assert.equal(rows.length, 1)
})

roomsTest('no door shows a note to a contact, nor a gap where one is', async (open) => {
  const { world, params, vera } = await talk(open)
  const { call, owner } = world
  const say = (kind: 'reply' | 'note', text: string) =>
    call('messages.post', owner, { params, body: { client: world.newClient(), kind, text } })
  const { message: note } = await say('note', 'SECRET one')
  await say('reply', 'Which bike?')
  await say('note', 'SECRET two')
  await call('messages.edit', owner, { params: { message: note.id }, body: { text: 'SECRET 1' } })
  const seen = [
    await call('conversations.list', vera, { query: {} }),
    await call('conversations.get', vera, { params }),
    await call('messages.list', vera, { params, query: {} }),
    await call('messages.list', vera, { params, query: { after: 0 } }),
    await call('messages.list', vera, { params, query: { before: 100 } }),
    await call('feed.read', vera, { query: { since: 0 } }),
  ]
  for (const answer of seen) assert.doesNotMatch(JSON.stringify(answer), /SECRET|"note"/)
  const { messages } = await call('messages.list', vera, { params, query: {} })
  assert.deepEqual(
    messages.map((message) => message.number),
    [1, 2],
  )
  const { conversation } = await call('conversations.get', vera, { params })
  assert.deepEqual([conversation.lastNumber, conversation.preview?.text], [2, 'Which bike?'])
  const edit = { params: { message: note.id }, body: { text: 'Mine now' } }
  await assert.rejects(call('messages.edit', vera, edit), /not_found/)
  await assert.rejects(call('messages.delete', vera, { params: { message: note.id } }), /not_found/)
  const body = { client: world.newClient(), kind: 'note' as const, text: 'A note of mine' }
  await assert.rejects(call('messages.post', vera, { params, body }), /invalid_field.*body\.kind/)
})

roomsTest(
  'an edit keeps the former text for our side, a deletion erases all of it',
  async (open) => {
    const { world, params, vera, opened } = await talk(open)
    const { call, owner } = world
    const message = { message: opened.message.id }
    await call('messages.edit', vera, { params: message, body: { text: 'The chain is off.' } })
    const { edits } = await call('messages.edits', owner, { params: message })
    assert.deepEqual(
      edits.map(({ revision, text }) => [revision, text]),
      [[0, 'The chain came off.']],
    )
    await call('messages.delete', owner, { params: message })
    assert.deepEqual((await call('messages.edits', owner, { params: message })).edits, [])
    const { messages } = await call('messages.list', owner, { params, query: {} })
    assert.deepEqual([messages[0]!.text, messages[0]!.deletedAt !== null], ['', true])
    const everything = await call('feed.read', owner, { query: { since: 0 } })
    assert.doesNotMatch(JSON.stringify(everything), /chain/)
    const late = call('messages.edit', vera, { params: message, body: { text: 'Again' } })
    await assert.rejects(late, /conflict/)
  },
)

roomsTest('messages come in pages on both sides of a number', async (open) => {
  const { world, params, vera } = await talk(open)
  const { call, owner } = world
  for (let n = 2; n <= 9; n++) {
    const kind = n % 3 === 0 ? ('note' as const) : ('reply' as const)
    const body = { client: world.newClient(), kind, text: `m${n}` }
    await call('messages.post', owner, { params, body })
  }
  const numbers = async (caller: typeof owner | typeof vera, query: object) => {
    const { messages, more } = await call('messages.list', caller, { params, query })
    return [messages.map((message) => message.number), more.before, more.after]
  }
  assert.deepEqual(await numbers(owner, { limit: 3 }), [[7, 8, 9], true, false])
  assert.deepEqual(await numbers(owner, { limit: 3, before: 7 }), [[4, 5, 6], true, true])
  assert.deepEqual(await numbers(owner, { limit: 9, before: 4 }), [[1, 2, 3], false, true])
  assert.deepEqual(await numbers(owner, { limit: 3, after: 7 }), [[8, 9], true, false])
  assert.deepEqual(await numbers(vera, { limit: 4 }), [[3, 4, 5, 6], true, false])
  assert.deepEqual(await numbers(vera, { limit: 4, before: 3 }), [[1, 2], false, true])
  assert.deepEqual(await numbers(vera, { limit: 2, after: 0 }), [[1, 2], false, true])
})
