import assert from 'node:assert/strict'
import type { ConversationId } from '@fermata/base/ids'
import type { ScheduledBody } from '@fermata/contract/drafts.schema'
import { openDesk, say, type Desk } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { merge, split, undo } from './rooms.moves.world.ts'

const hour = 3_600_000

/** Ada says something in an hour, unless they answer first. */
function later(
  { world, ada }: Desk,
  conversation: ConversationId,
  parts: Partial<ScheduledBody> = {},
) {
  const body = {
    ...{ client: world.newClient(), text: 'Any news?', unless: 'answered' as const },
    ...{ when: { at: world.clock.now() + hour }, ...parts },
  }
  return world.call('scheduled.add', ada, { params: { conversation }, body })
}

/** Lets an hour pass; answers why what Ada scheduled was not sent. */
async function stops({ world, ada }: Desk): Promise<(string | undefined)[]> {
  world.clock.advance(hour)
  await world.rooms.schedule.runDue()
  const { scheduled } = await world.call('drafts.list', ada, {})
  return scheduled.map(({ stopped }) => stopped?.why)
}

roomsTest('a merge is no answer, whichever of the two it was scheduled in', async (open) => {
  const desk = await openDesk(open)
  const { vera } = desk
  const [source, target] = [await desk.written('One'), await desk.written('Two')]
  for (const text of ['Three', 'Four']) await say(desk, vera, target, { text })
  await later(desk, source)
  await later(desk, target)
  await merge(desk, source, target)
  assert.deepEqual(await stops(desk), [], 'all that is there was there before')
})

roomsTest('an answer after a merge, a split or an undo is one', async (open) => {
  const desk = await openDesk(open)
  const { vera } = desk
  const [merged, target] = [await desk.written('One'), await desk.written('Two')]
  await say(desk, vera, target, { text: 'Three' })
  await later(desk, merged)
  await merge(desk, merged, target)
  await say(desk, vera, target, { text: 'Here it is.' })
  assert.deepEqual(await stops(desk), ['answered'])

  const parted = await desk.written('One')
  const went = [await say(desk, vera, parted), await say(desk, vera, parted)]
  await later(desk, parted)
  await split(desk, parted, { messages: went.map(({ message }) => message.id) })
  await say(desk, vera, parted, { text: 'Here it is, and it has a lower number.' })
  assert.deepEqual(await stops(desk), ['answered', 'answered'])

  const [gone, home] = [await desk.written('One'), await desk.written('Two')]
  await say(desk, vera, gone, { text: 'Three' })
  const { move } = await merge(desk, gone, home)
  await later(desk, home)
  await undo(desk, move.id)
  await say(desk, vera, home, { text: 'Here it is, with a lower number again.' })
  assert.deepEqual(await stops(desk), ['answered', 'answered', 'answered'])
})

roomsTest('of two attempts at the same moment one is kept, and both learn which', async (open) => {
  const desk = await openDesk(open)
  const { world, ada } = desk
  const conversation = await desk.written()
  for (let round = 0; round < 5; round++) {
    const parts = { client: world.newClient(), when: { at: world.clock.now() + hour } }
    const [one, other] = await Promise.all([
      later(desk, conversation, parts),
      later(desk, conversation, parts),
    ])
    assert.equal(one.scheduled.id, other.scheduled.id)
    await world.call('scheduled.cancel', ada, { params: { scheduled: one.scheduled.id } })
  }
})
