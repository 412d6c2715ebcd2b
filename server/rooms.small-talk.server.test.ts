import assert from 'node:assert/strict'
import { openDesk, refusedWith, type Desk } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'

type Talk = Awaited<ReturnType<typeof answered>>

/** A customer has written, and somebody has answered. */
async function answered(desk: Desk, text = 'We send another one.') {
  const { world, ada, vera } = desk
  const params = { conversation: await desk.written() }
  const say = (by: typeof ada | typeof vera, said: string) =>
    world.call('messages.post', by, { params, body: { client: world.newClient(), text: said } })
  await say(ada, text)
  return {
    params,
    say: (said: string) => say(vera, said),
    answer: (said: string) => say(ada, said),
    row: async () => (await world.call('conversations.get', ada, { params })).conversation,
    last: async () => {
      const { messages } = await world.call('messages.list', ada, { params, query: {} })
      return messages.at(-1)!
    },
  }
}

async function stateOf({ row, last }: Talk): Promise<unknown[]> {
  const { status, turn } = (await row()) as { status: string; turn: string }
  return [status, turn, (await last()).smallTalk]
}

roomsTest('a “thanks!” breaks no pause, reopens nothing and asks for no answer', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, vera } = desk
  const talk = await answered(desk)
  const { params } = talk
  await talk.say('Thanks! \u{1f44d}')
  assert.deepEqual(await stateOf(talk), ['open', 'theirs', true])

  const until = world.clock.now() + 3_600_000
  await world.call('conversations.pause', ada, { params, body: { until } })
  await talk.say('Grazie mille')
  assert.deepEqual(await stateOf(talk), ['paused', 'theirs', true])
  const { mine } = await world.call('conversations.get', ada, { params })
  const { lastNumber } = await talk.row()
  assert.ok((mine?.cursor ?? 0) < lastNumber, 'it is unread as any other')
  await talk.say('Thanks, and when does it come')
  assert.deepEqual(await stateOf(talk), ['open', 'ours', false])

  await talk.answer('Tomorrow.')
  await world.call('conversations.resolve', ada, { params })
  await talk.say('danke!')
  assert.deepEqual(await stateOf(talk), ['resolved', 'nobody', true])
  const { messages } = await world.call('messages.list', vera, { params, query: {} })
  assert.ok(
    messages.every(({ smallTalk }) => !smallTalk),
    'the customer is told nothing of it',
  )
  await world.call('conversations.turn', ada, { params, body: { turn: 'ours' } })
  assert.deepEqual(await stateOf(talk), ['open', 'ours', true])
})

roomsTest(
  'what answers a question of ours is no small talk, unless we said later',
  async (open) => {
    const desk = await openDesk(open)
    const { world, ada } = desk
    const talk = await answered(desk, 'Shall we send another one?')
    await talk.say('ok')
    assert.deepEqual(await stateOf(talk), ['open', 'ours', false])
    // Who says "later" does not wait for the answer; only more than small talk ends that.
    await talk.answer('All right?')
    await world.call('conversations.pause', ada, { params: talk.params, body: {} })
    await talk.say('ok thanks')
    assert.deepEqual(await stateOf(talk), ['paused', 'theirs', true])
  },
)

roomsTest('small talk that is edited into more than that wakes the conversation', async (open) => {
  const desk = await openDesk(open)
  const { world, vera } = desk
  const talk = await answered(desk)
  const { message } = await talk.say('Thanks')
  const params = { message: message.id }
  await world.call('messages.edit', vera, { params, body: { text: 'Thanks a lot' } })
  assert.deepEqual(await stateOf(talk), ['open', 'theirs', true])
  await world.call('messages.edit', vera, { params, body: { text: 'Thanks, it broke again' } })
  assert.deepEqual(await stateOf(talk), ['open', 'ours', false])
})

roomsTest('the words are the workspace’s own, by language', async (open) => {
  const desk = await openDesk(open)
  const { world, owner } = desk
  const put = (language: string, words: string[]) =>
    world.call('smallTalk.put', owner, { params: { language }, body: { words } })
  const talk = await answered(desk)
  await put('fi', ['kiitos', 'Paljon'])
  await talk.say('Kiitos paljon!')
  assert.deepEqual(await stateOf(talk), ['open', 'theirs', true])
  await put('it', [])
  await talk.say('grazie')
  assert.deepEqual(await stateOf(talk), ['open', 'ours', false])
  const { rows } = await world.call('smallTalk.list', owner, {})
  assert.deepEqual(
    rows.filter(({ usual }) => !usual).map(({ language, words }) => [language, words]),
    [
      ['fi', ['kiitos', 'Paljon']],
      ['it', []],
    ],
  )
  const back = await world.call('smallTalk.delete', owner, { params: { language: 'it' } })
  assert.ok(back.usual && back.words.includes('grazie'))
  await assert.rejects(put('en', ['two words, one']), refusedWith('invalid_field'))
  const { rows: told } = await world.call('audit.list', owner, {
    query: { action: 'smallTalk.changed' },
  })
  assert.deepEqual(
    told.map(({ targetName }) => targetName),
    ['it', 'it', 'fi'],
  )
})
