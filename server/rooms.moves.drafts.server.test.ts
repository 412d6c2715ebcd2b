import assert from 'node:assert/strict'
import type { ConversationId } from '@fermata/base/ids'
import type { MemberActor } from '@fermata/contract/actors'
import type { DraftBody } from '@fermata/contract/drafts.schema'
import { openDesk, refusedWith, say, type Desk } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { merge, split, undo } from './rooms.moves.world.ts'
import { uploaded } from './rooms.world.ts'

function put(
  { world }: Desk,
  by: MemberActor,
  conversation: ConversationId,
  draft: Partial<DraftBody> & { text: string },
) {
  const body = { kind: 'reply' as const, version: 0, ...draft }
  return world.call('drafts.put', by, { params: { conversation }, body })
}

function share({ world, ada }: Desk, conversation: ConversationId, text: string) {
  const body = { kind: 'reply', text, version: 0 } as const
  return world.call('drafts.putShared', ada, { params: { conversation }, body })
}

/** What somebody finds begun in a conversation: their own, and what all share. */
async function begun({ world }: Desk, by: MemberActor, conversation: ConversationId) {
  const { mine, shared } = await world.call('drafts.get', by, { params: { conversation } })
  return [mine?.text ?? null, shared?.text ?? null]
}

roomsTest('what was begun follows a merge, is written on, and comes back', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben } = desk
  const [source, target] = [await desk.written('One'), await desk.written('Two')]
  const file = await uploaded(world, ada, 'a drawing')
  const { draft } = await put(desk, ada, source, { text: 'Dear', files: [file] })
  await share(desk, source, 'We all')
  const { move } = await merge(desk, source, target)
  assert.deepEqual(await begun(desk, ada, target), ['Dear', 'We all'])
  assert.deepEqual(await begun(desk, ben, target), [null, 'We all'])
  assert.deepEqual(await begun(desk, ada, source), ['Dear', 'We all'], 'by its former address, too')
  const listed = await world.call('drafts.list', ada, {})
  assert.deepEqual(
    listed.drafts.map(({ conversation }) => conversation),
    [target],
  )
  // Whoever was just writing in the former conversation writes on.
  const { version } = draft
  const on = await put(desk, ada, source, { text: 'Dear Vera', version, files: [file] })
  assert.equal(on.draft.conversation, target)
  await undo(desk, move.id)
  assert.deepEqual(await begun(desk, ada, target), [null, null])
  assert.deepEqual(await begun(desk, ada, source), ['Dear Vera', 'We all'])
  world.clock.advance(48 * 3_600_000)
  await world.rooms.files.forget()
  const body = { text: '', client: world.newClient(), files: [file] }
  const sent = await world.call('messages.post', ada, { params: { conversation: source }, body })
  assert.equal(sent.message.files.length, 1, 'its file was kept all the time')
})

roomsTest('what was begun in both is one, and a note of the two never a reply', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben } = desk
  const [source, target] = [await desk.written('One'), await desk.written('Two')]
  await put(desk, ada, source, { text: 'of one' })
  const { draft } = await put(desk, ada, target, { text: 'Of two' })
  await put(desk, ben, source, { text: 'secret', kind: 'note' })
  await put(desk, ben, target, { text: 'Hello' })
  await merge(desk, source, target)
  assert.deepEqual(await begun(desk, ada, target), ['Of two\n\nof one', null])
  const { mine } = await world.call('drafts.get', ben, { params: { conversation: target } })
  assert.deepEqual([mine?.text, mine?.kind], ['Hello\n\nsecret', 'note'])
  await assert.rejects(
    put(desk, ada, target, { text: 'Of two, and on', version: draft.version }),
    refusedWith('draft_changed'),
  )
})

roomsTest('what was begun in a part comes home with it', async (open) => {
  const desk = await openDesk(open)
  const { ada, vera } = desk
  const source = await desk.written('One')
  const { message } = await say(desk, vera, source, { text: 'Two' })
  const { move, conversation } = await split(desk, source, { from: message.id })
  await put(desk, ada, conversation.id, { text: 'Dear' })
  await share(desk, conversation.id, 'We all')
  await undo(desk, move.id)
  assert.deepEqual(await begun(desk, ada, source), ['Dear', 'We all'])
})
