import assert from 'node:assert/strict'
import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import { openDesk, refusedWith, say, type Desk } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { uploaded } from './rooms.world.ts'

/** Keeps a draft of somebody's own. */
function put(
  { world }: Desk,
  by: MemberActor,
  conversation: ConversationId,
  draft: { text: string; version: number; files?: `fil_${string}`[] },
) {
  const body = { kind: 'reply', ...draft } as const
  return world.call('drafts.put', by, { params: { conversation }, body })
}

/** Keeps the draft that all share. */
function share(
  { world }: Desk,
  by: MemberActor | AppActor,
  conversation: ConversationId,
  draft: { text: string; version: number; take?: true },
) {
  const body = { kind: 'reply', ...draft } as const
  return world.call('drafts.putShared', by, { params: { conversation }, body })
}

roomsTest(
  'a draft is its writer’s alone, and none is written over one that is newer',
  async (open) => {
    const desk = await openDesk(open)
    const { world, ada, ben } = desk
    const conversation = await desk.written()
    const params = { conversation }
    const first = await put(desk, ada, conversation, { text: 'Dear', version: 0 })
    const again = await put(desk, ada, conversation, { text: 'Dear', version: 0 })
    assert.deepEqual(again, first, 'the same once more, as after a lost answer, is no conflict')
    const { version } = first.draft
    const second = await put(desk, ada, conversation, { text: 'Dear Vera', version })
    assert.ok(second.draft.version > version)
    await assert.rejects(
      put(desk, ada, conversation, { text: 'Hello', version }),
      (error: Error) => {
        assert.match(error.message, /"draft_changed".*"Dear Vera"/)
        return true
      },
    )
    assert.equal((await world.call('drafts.get', ben, { params })).mine, null)
    assert.equal((await world.call('drafts.get', ada, { params })).mine?.text, 'Dear Vera')
    const listed = await world.call('drafts.list', ada, {})
    assert.deepEqual(
      listed.drafts.map(({ text }) => text),
      ['Dear Vera'],
    )
    assert.deepEqual(
      listed.conversations.map(({ id }) => id),
      [conversation],
    )
    await world.call('drafts.remove', ada, { params, query: { version: second.draft.version } })
    world.clock.setWall(world.clock.now() - 60_000)
    const anew = await put(desk, ada, conversation, { text: 'Hi', version: 0 })
    await assert.rejects(
      put(desk, ada, conversation, { text: 'Dear Vera …', version: second.draft.version }),
      refusedWith('draft_changed'),
      'one that was deleted is not taken for its successor',
    )
    assert.notEqual(anew.draft.version, second.draft.version)
  },
)

roomsTest(
  'a shared draft is seen by all who answer, written by one, and sent once',
  async (open) => {
    const desk = await openDesk(open)
    const { world, ada, ben, bot, vera } = desk
    const conversation = await desk.written()
    const params = { conversation }
    const before = (await world.call('feed.read', vera, { query: {} })).position
    const { draft } = await share(desk, bot, conversation, { text: 'We suggest', version: 0 })
    assert.equal((await world.call('drafts.get', ben, { params })).shared?.by.name, 'bot')
    const over = { text: 'We suggest a chain', version: draft.version }
    await assert.rejects(share(desk, ada, conversation, over), refusedWith('draft_held', 'bot'))
    const taken = await share(desk, ada, conversation, { ...over, take: true })
    world.clock.advance(limits.draftEditorMs)
    const late = { text: 'We suggest a new chain', version: taken.draft.version }
    const { draft: last } = await share(desk, ben, conversation, late)
    const client = world.newClient()
    const body = { client, version: last.version }
    const both = await Promise.allSettled([
      world.call('drafts.sendShared', ada, { params, body }),
      world.call('drafts.sendShared', ben, {
        params,
        body: { client: world.newClient(), version: last.version },
      }),
    ])
    const sent = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    assert.equal(sent.length, 1, 'two press at the same time, and it is said once')
    assert.equal(sent[0]?.message.text, 'We suggest a new chain')
    const by = sent[0]?.message.author.id === ada.id ? ada : ben
    const repeat = { client: sent[0].message.client, version: last.version }
    const again = await world.call('drafts.sendShared', by, { params, body: repeat })
    assert.equal(again.message.id, sent[0]?.message.id)
    assert.equal((await world.call('drafts.get', ben, { params })).shared, null)
    const told = await world.call('feed.read', vera, { query: { since: before } })
    assert.deepEqual(
      told.events.map(({ type }) => type),
      ['message.posted'],
      'a customer hears of no draft',
    )
  },
)

roomsTest('what a draft carries is kept until the draft goes', async (open) => {
  const desk = await openDesk(open)
  const { world, ada } = desk
  const conversation = await desk.written()
  const file = await uploaded(world, ada, 'a picture of a chain')
  const { draft } = await put(desk, ada, conversation, { text: '', version: 0, files: [file] })
  assert.deepEqual(
    draft.files.map(({ id }) => id),
    [file],
  )
  world.clock.advance(limits.fileUnsentMs + 1)
  assert.equal(await world.rooms.files.forget(), 0)
  await world.call('drafts.remove', ada, { params: { conversation }, query: {} })
  assert.equal(await world.rooms.files.forget(), 0, 'its time begins anew')
  world.clock.advance(limits.fileUnsentMs + 1)
  assert.equal(await world.rooms.files.forget(), 1)
})

roomsTest('drafts are bounded, and empty ones are none', async (open) => {
  const desk = await openDesk(open)
  const { ada } = desk
  const conversation = await desk.written()
  await assert.rejects(
    put(desk, ada, conversation, { text: ' ', version: 0 }),
    refusedWith('invalid_field'),
  )
  await assert.rejects(
    share(desk, ada, conversation, { text: '', version: 0 }),
    refusedWith('invalid_field'),
  )
  await say(desk, ada, conversation)
})
