import assert from 'node:assert/strict'
import { bytesOf } from '@fermata/base/ids'
import { queriesOver } from '@fermata/storage/query'
import { openDesk, refusedWith, say } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { merge, split, undo } from './rooms.moves.world.ts'

const rounds = 10

const query = queriesOver<{
  conversation_moves: { id: Uint8Array }
  conversation_redirects: { move: Uint8Array }
}>()

/** What a server would have named a move whose clock had been set back before it began. */
const named = query<{ from: Uint8Array; to: Uint8Array }>()((db, p) =>
  db.updateTable('conversation_moves').set({ id: p.to }).where('id', '=', p.from),
)
const leading = query<{ from: Uint8Array; to: Uint8Array }>()((db, p) =>
  db.updateTable('conversation_redirects').set({ move: p.to }).where('move', '=', p.from),
)

roomsTest('a message is changed while its conversation becomes part of another', async (open) => {
  const desk = await openDesk(open)
  const { world, ada } = desk
  for (let round = 0; round < rounds; round++) {
    const [source, target] = [await desk.written('One'), await desk.written('Two')]
    const { message } = await say(desk, ada, source)
    const params = { message: message.id }
    const edit = (text: string) => world.call('messages.edit', ada, { params, body: { text } })
    await Promise.all([merge(desk, source, target), edit('It was'), edit('It is')])
    const { messages } = await world.call('messages.list', ada, {
      params: { conversation: target },
      query: {},
    })
    assert.match(messages.at(-1)?.text ?? '', /It (was|is)/)
  }
})

roomsTest('what is deleted while it is split off is deleted where it is then', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, vera } = desk
  for (let round = 0; round < rounds; round++) {
    const source = await desk.written('One')
    const { message } = await say(desk, vera, source)
    const params = { message: message.id }
    const { position } = await world.call('messages.get', ada, { params })
    await Promise.all([
      split(desk, source, { from: message.id }),
      world.call('messages.delete', vera, { params }),
    ])
    const { events } = await world.call('feed.read', ada, { query: { since: position } })
    const types = events.map(({ type }) => type)
    const deleted = events.find(({ type }) => type === 'message.deleted')
    const isBefore = types.indexOf('message.deleted') < types.indexOf('conversation.split')
    assert.equal(deleted?.conversation === source, isBefore, types.join(' '))
  }
})

roomsTest('moves are taken back from the last to the first, whatever clocks say', async (open) => {
  const desk = await openDesk(open)
  const { world } = desk
  const target = await desk.written('One')
  const first = await merge(desk, await desk.written('Two'), target)
  const last = await merge(desk, await desk.written('Three'), target)
  const from = bytesOf(last.move.id)
  const to = from.with(0, 0)
  await world.storage.write(async (tx) => {
    await tx.run(named, { from, to })
    await tx.run(leading, { from, to })
  })
  await assert.rejects(undo(desk, first.move.id), refusedWith('conflict'))
})
