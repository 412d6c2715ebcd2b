import assert from 'node:assert/strict'
import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import type { ScheduledBody, ScheduledView } from '@fermata/contract/drafts.schema'
import type { DraftsTables } from '@fermata/people/drafts/index'
import { queriesOver } from '@fermata/storage/query'
import { openDesk, refusedWith, say, type Desk } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { uploaded } from './rooms.world.ts'

const hour = 3_600_000

const query = queriesOver<DraftsTables & { timers: { at: number } }>()

/** What a server of other days had found for a time: its zone had other rules. */
const moveRow = query<{ ms: number }>()((db, p) =>
  db.updateTable('scheduled').set((eb) => ({ at: eb('at', '+', p.ms) })),
)
const moveTimer = query<{ ms: number }>()((db, p) =>
  db.updateTable('timers').set((eb) => ({ at: eb('at', '+', p.ms) })),
)

/** Says something in an hour, unless told otherwise. */
async function later(
  { world }: Desk,
  by: MemberActor | AppActor,
  conversation: ConversationId,
  parts: Partial<ScheduledBody> = {},
): Promise<ScheduledView> {
  const body = {
    client: world.newClient(),
    text: 'Any news?',
    when: { at: world.clock.now() + hour },
    ...parts,
  }
  return (await world.call('scheduled.add', by, { params: { conversation }, body })).scheduled
}

/** Lets time pass, and what is due happen. */
async function pass({ world }: Desk, ms: number): Promise<void> {
  world.clock.advance(ms)
  await world.rooms.schedule.runDue()
}

/** What our side has said in a conversation. */
async function ours({ world, owner }: Desk, conversation: ConversationId): Promise<string[]> {
  const query = { limit: 100 }
  const { messages } = await world.call('messages.list', owner, { params: { conversation }, query })
  return messages.flatMap(({ author, text }) => (author.kind === 'contact' ? [] : [text]))
}

/** What somebody says later, or was stopped from saying. */
async function waiting({ world }: Desk, by: MemberActor | AppActor): Promise<ScheduledView[]> {
  return (await world.call('drafts.list', by, {})).scheduled
}

roomsTest('what is scheduled is said once at its time, in its sender’s name', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben, bot } = desk
  const conversation = await desk.written()
  const file = await uploaded(world, ada, 'a drawing')
  const one = await later(desk, ada, conversation, { files: [file] })
  await later(desk, bot, conversation, { text: 'Beep', kind: 'note' })
  assert.deepEqual(await waiting(desk, ben), [], 'nobody else is told')
  await pass(desk, hour - 1)
  assert.deepEqual(await ours(desk, conversation), [])
  await pass(desk, 1)
  await pass(desk, hour)
  const query = { limit: 100 }
  const { messages } = await world.call('messages.list', ben, { params: { conversation }, query })
  const said = messages.find(({ author }) => author.id === ada.id)
  assert.deepEqual([said?.text, said?.client, said?.author.name], ['Any news?', one.client, 'Ada'])
  assert.deepEqual(
    said?.files.map(({ id }) => id),
    [file],
  )
  assert.deepEqual((await ours(desk, conversation)).toSorted(), ['Any news?', 'Beep'])
  assert.deepEqual(await waiting(desk, ada), [])
  const params = { scheduled: one.id }
  const sent = await world.call('scheduled.send', ada, { params })
  assert.equal(sent.message.id, said?.id, 'to send what was sent answers with the message')
  for (const late of [
    () => world.call('scheduled.cancel', ada, { params }),
    () => world.call('scheduled.remove', ada, { params }),
    () => world.call('scheduled.change', ada, { params, body: { text: 'Wait' } }),
  ]) {
    await assert.rejects(late(), (error: Error) => error.message.includes(`"sent":"${said?.id}"`))
  }
})

roomsTest('unless they answer first', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, vera } = desk
  const [silent, answered] = [await desk.written(), await desk.written()]
  for (const conversation of [silent, answered]) {
    await say(desk, vera, conversation, { text: 'It was before.' })
    await later(desk, ada, conversation, { unless: 'answered' })
  }
  const regardless = await later(desk, ada, answered, { text: 'By the way' })
  await say(desk, vera, answered, { text: 'Here is what you asked for.' })
  await pass(desk, hour)
  assert.deepEqual(await ours(desk, silent), ['Any news?'])
  assert.deepEqual(await ours(desk, answered), ['By the way'])
  const [held] = await waiting(desk, ada)
  assert.deepEqual([held?.stopped?.why, held?.text], ['answered', 'Any news?'])
  assert.notEqual(held?.id, regardless.id)
  const mine = await world.call('conversations.get', ada, { params: { conversation: answered } })
  assert.ok((mine.mine?.cursor ?? 0) < 3, 'what was said meanwhile is not taken for read')
  // Seen and given a new time, only what comes from now on is an answer.
  const params = { scheduled: held!.id }
  const when = { at: world.clock.now() + hour }
  await world.call('scheduled.change', ada, { params, body: { when, text: 'And now?' } })
  await pass(desk, hour)
  assert.deepEqual(await ours(desk, answered), ['By the way', 'And now?'])
})

roomsTest(
  'what may not be said at its time stays with its sender, who is told why',
  async (open) => {
    const desk = await openDesk(open)
    const { world, owner, ada, ben } = desk
    const talks = await Promise.all(['held', 'done', 'gone'].map(() => desk.written()))
    const [held, done, gone] = talks as [ConversationId, ConversationId, ConversationId]
    for (const conversation of talks) await later(desk, ada, conversation)
    await world.call('leases.take', ben, { params: { conversation: held }, body: {} })
    await world.call('conversations.resolve', ben, { params: { conversation: done } })
    const leaver = await later(desk, ben, gone)
    await pass(desk, hour)
    const stopped = await waiting(desk, ada)
    const why = (id: ConversationId) => stopped.find((one) => one.conversation === id)?.stopped
    assert.deepEqual([why(held)?.why, why(held)?.holder], ['held', 'Ben'])
    assert.equal(why(done)?.why, 'resolved')
    assert.deepEqual(await ours(desk, gone), ['Any news?', 'Any news?'])
    assert.notEqual(leaver.id, stopped[0]?.id)
    const params = { scheduled: stopped.find((one) => one.conversation === done)!.id }
    const sent = await world.call('scheduled.send', ada, { params })
    assert.equal(sent.conversation.status, 'open', 'by hand it may reopen what was resolved')

    const last = await later(desk, ben, gone)
    await world.call('members.deactivate', owner, { params: { member: ben.id } })
    await pass(desk, hour)
    await world.call('members.reactivate', owner, { params: { member: ben.id } })
    assert.deepEqual(
      (await waiting(desk, ben)).map(({ id, stopped: end }) => [id, end?.why]),
      [[last.id, 'sender']],
    )
  },
)

roomsTest('it is changed, cancelled, sent now and removed; each may be repeated', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben } = desk
  const conversation = await desk.written()
  const { call } = world
  const body = { client: world.newClient(), text: 'Soon', when: { at: world.clock.now() + hour } }
  const add = () => call('scheduled.add', ada, { params: { conversation }, body })
  const { scheduled } = await add()
  const params = { scheduled: scheduled.id }
  assert.deepEqual(await add(), { scheduled })
  await assert.rejects(
    call('scheduled.add', ada, { params: { conversation }, body: { ...body, text: 'Other' } }),
    refusedWith('repeated_differently'),
  )
  for (const other of [ben, world.owner]) {
    await assert.rejects(call('scheduled.cancel', other, { params }), refusedWith('not_found'))
    await assert.rejects(call('scheduled.send', other, { params }), refusedWith('not_found'))
  }
  const patch = { text: 'Later', when: { at: world.clock.now() + 2 * hour } }
  const changed = await call('scheduled.change', ada, { params, body: patch })
  assert.deepEqual(await call('scheduled.change', ada, { params, body: patch }), changed)
  await assert.rejects(
    call('scheduled.change', ada, { params, body: { text: 'x', version: scheduled.version } }),
    refusedWith('conflict'),
  )
  const cancelled = await call('scheduled.cancel', ada, { params })
  assert.deepEqual(await call('scheduled.cancel', ada, { params }), cancelled)
  assert.equal(cancelled.scheduled.stopped?.why, 'cancelled')
  await pass(desk, 3 * hour)
  assert.deepEqual(await ours(desk, conversation), [])
  const sent = await call('scheduled.send', ada, { params })
  assert.equal((await call('scheduled.send', ada, { params })).message.id, sent.message.id)
  assert.deepEqual(await ours(desk, conversation), ['Later'])

  const file = await uploaded(world, ada, 'to be thrown away')
  const other = await later(desk, ada, conversation, { files: [file] })
  await assert.rejects(call('uploads.remove', ada, { params: { file } }), refusedWith('conflict'))
  const taken = { client: world.newClient(), text: '', files: [file] }
  await assert.rejects(
    call('messages.post', ada, { params: { conversation }, body: taken }),
    refusedWith('invalid_field'),
    'what a waiting message carries goes with nothing else',
  )
  for (const times of [1, 2]) {
    await call('scheduled.remove', ada, { params: { scheduled: other.id } })
    assert.deepEqual(await waiting(desk, ada), [], `gone after ${times}`)
  }
  await pass(desk, 2 * hour)
  assert.deepEqual(await ours(desk, conversation), ['Later'])
})

roomsTest(
  'a wall’s time is kept as it was said, through both nights that clocks change',
  async (open) => {
    const desk = await openDesk(open)
    const { ada } = desk
    const conversation = await desk.written()
    const at = async (wall: string, zone = 'Europe/Rome') => {
      const when = { wall, zone, whose: 'receiver' as const }
      return new Date((await later(desk, ada, conversation, { when })).at).toISOString()
    }
    assert.equal(await at('2026-03-28T09:00'), '2026-03-28T08:00:00.000Z')
    assert.equal(await at('2026-03-29T09:00'), '2026-03-29T07:00:00.000Z')
    assert.equal(await at('2026-03-29T02:30'), '2026-03-29T01:30:00.000Z', 'skipped: 03:30')
    assert.equal(await at('2026-10-25T02:30'), '2026-10-25T00:30:00.000Z', 'the first of two')
    assert.equal(await at('2026-03-29T09:00', 'Asia/Kolkata'), '2026-03-29T03:30:00.000Z')
    await assert.rejects(at('2026-02-30T09:00'), refusedWith('invalid_field'))
    await assert.rejects(at('2026-03-29T09:00', 'Mars/Olympus'), refusedWith('invalid_field'))
    await assert.rejects(at('2026-01-01T09:00'), refusedWith('invalid_field'), 'it is over')
    await assert.rejects(at('2027-03-01T09:00'), refusedWith('invalid_field'), 'too far ahead')
  },
)

roomsTest(
  'what fell due while nobody was there is sent late, and what is too late is kept',
  async (open) => {
    const desk = await openDesk(open)
    const { world, ada } = desk
    const conversation = await desk.written()
    await later(desk, ada, conversation, { text: 'a year ago' })
    const when = { at: world.clock.now() + limits.scheduledLateMsMax + hour }
    await later(desk, ada, conversation, { text: 'just in time', when })
    await pass(desk, 2 * limits.scheduledLateMsMax)
    assert.deepEqual(await ours(desk, conversation), ['just in time'])
    assert.equal((await waiting(desk, ada))[0]?.stopped?.why, 'late')
    world.clock.setWall(world.clock.now() - 3 * limits.scheduledLateMsMax)
    await pass(desk, 0)
    await pass(desk, 4 * limits.scheduledLateMsMax)
    assert.deepEqual(
      await ours(desk, conversation),
      ['just in time'],
      'a clock set back sends nothing twice',
    )
    world.clock.advance(limits.scheduledKnownMs + 4 * limits.scheduledLateMsMax)
    assert.equal(await world.rooms.drafts.due.forget(), 1)
  },
)

roomsTest('a zone’s rules change: the wall shows the same when it is sent', async (open) => {
  const desk = await openDesk(open)
  const { world, ada } = desk
  const conversation = await desk.written()
  const when = { wall: '2026-06-01T09:00', zone: 'Europe/Rome', whose: 'sender' as const }
  const { at } = await later(desk, ada, conversation, { when })
  const others = async (ms: number) => {
    await world.storage.write((tx) => tx.run(moveRow, { ms }))
    await world.storage.write((tx) => tx.run(moveTimer, { ms }))
  }
  await others(hour)
  assert.equal(await world.rooms.drafts.due.rederive(), 1)
  assert.equal((await waiting(desk, ada))[0]?.at, at)
  assert.equal(await world.rooms.drafts.due.rederive(), 0)
  // Also without a start in between it is not sent before its time.
  await others(-hour)
  await pass(desk, at - hour - world.clock.now())
  assert.deepEqual([(await waiting(desk, ada))[0]?.at, await ours(desk, conversation)], [at, []])
  await pass(desk, hour)
  assert.deepEqual(await ours(desk, conversation), ['Any news?'])
})

roomsTest('nobody but its sender hears of what is said later', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada, ben, bot, vera } = desk
  const conversation = await desk.written()
  const from = async (who: typeof owner | typeof bot | typeof vera) =>
    (await world.call('feed.read', who, { query: {} })).position
  const readers = [owner, ben, bot, vera]
  const since = await Promise.all(readers.map(from))
  const { id } = await later(desk, ada, conversation)
  const params = { scheduled: id }
  await world.call('scheduled.change', ada, { params, body: { text: 'Or rather' } })
  await world.call('scheduled.cancel', ada, { params })
  await world.call('scheduled.remove', ada, { params })
  const kept = { kind: 'reply', text: 'Dear', version: 0 } as const
  await world.call('drafts.put', ada, { params: { conversation }, body: kept })
  for (const [index, who] of readers.entries()) {
    const told = await world.call('feed.read', who, { query: { since: since[index]! } })
    assert.deepEqual(told.events, [], `${who.name} hears nothing`)
  }
  const told = await world.call('feed.read', ada, { query: { since: since[0]! } })
  assert.deepEqual(
    told.events.map(({ type }) => type),
    [
      'scheduled.changed',
      'scheduled.changed',
      'scheduled.changed',
      'scheduled.removed',
      'draft.changed',
    ],
  )
  const history = await world.call('conversations.history', ada, { params: { conversation } })
  assert.deepEqual(
    history.events.filter(({ type }) => /draft|scheduled/.test(type)),
    [],
  )
})
