import assert from 'node:assert/strict'
import { mock as mocking } from 'node:test'
import type { ContactId, ConversationId, InboxId } from '@fermata/base/ids'
import type { MemberActor } from '@fermata/contract/actors'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import { compareKeys, inList, sortKey } from '@fermata/contract/lists'
import { limits } from '@fermata/base/limits'
import { lists, type List } from '@fermata/contract/words'
import { queriesOver } from '@fermata/storage/query'
import { seededRandom, type SeededRandom } from '@fermata/testkit/random'
import { roomsTest } from './rooms.grounds.world.ts'
import { agent, Refused, type RoomsWorld } from './rooms.world.ts'

/** Walks a list page by page, as somebody who scrolls. */
async function walk(
  { call, owner }: RoomsWorld,
  query: { list: List; inbox?: ConversationRow['inbox']; contact?: ContactId },
  limit: number,
) {
  const rows: ConversationRow[] = []
  const mine: MineView[] = []
  let page: string | undefined
  do {
    const from = page === undefined ? {} : { page }
    const answer = await call('conversations.list', owner, { query: { ...query, ...from, limit } })
    rows.push(...answer.rows)
    mine.push(...answer.mine)
    page = answer.next ?? undefined
  } while (page !== undefined)
  return { rows, mine }
}

/** Brings conversations into all kinds of states; refusals belong to it. */
async function stir(
  world: RoomsWorld,
  random: SeededRandom,
  ids: readonly ConversationId[],
  ana: MemberActor,
): Promise<void> {
  const { call, owner, clock } = world
  const params = { conversation: random.pick(ids) }
  clock.advance(random.below(3) * 1_000)
  const until = clock.now() + 1_000 + random.below(100_000)
  const acts = [
    () => {
      const kind = random.pick(['reply', 'note'] as const)
      const body = { client: world.newClient(), kind, text: 'So it is.' }
      return call('messages.post', owner, { params, body })
    },
    () => call('leases.take', owner, { params, body: {} }),
    () => call('leases.hand', owner, { params, body: { holder: random.pick([owner, ana]).id } }),
    () => call('leases.release', owner, { params }),
    () => call('conversations.pause', owner, { params, body: random.chance(0.5) ? { until } : {} }),
    () => call('conversations.resolve', owner, { params }),
    () => call('conversations.reopen', owner, { params }),
    () => call('archive.put', owner, { params }),
    () => call('archive.delete', owner, { params }),
    () => call('snooze.put', owner, { params, body: { until } }),
    () => {
      const urgency = random.pick(['low', 'normal', 'high', 'urgent'] as const)
      return call('conversations.change', owner, { params, body: { urgency } })
    },
  ]
  await random
    .pick(acts)()
    .catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error
    })
}

/** A visitor begins a conversation. */
async function begun(world: RoomsWorld, inbox: { id: InboxId; key: string }, text: string) {
  const { call } = world
  const visitor = await call('visitors.add', null, { params: { key: inbox.key }, body: {} })
  const caller = await world.rooms.authenticate({ cookie: null, bearer: visitor.token })
  assert.ok(caller?.kind === 'contact')
  const body = { inbox: inbox.id, message: { client: world.newClient(), text } }
  const { conversation } = await call('conversations.open', caller, { body })
  return { contact: caller.id, conversation: conversation.id }
}

async function filled(world: RoomsWorld, random: SeededRandom) {
  const { call, owner } = world
  const answerMinutes = { low: null, normal: 60, high: 30, urgent: 5 }
  // The owner sees it, but what nobody holds there is not theirs to do.
  const team = await call('teams.add', owner, { body: { name: 'Others' } })
  const made = await call('inboxes.add', owner, {
    body: { name: 'Second', medium: 'widget', answerMinutes, team: team.id },
  })
  for (const name of ['Third', 'Fourth', 'Fifth']) {
    await call('inboxes.add', owner, { body: { name, medium: 'widget' } })
  }
  const inboxes = (await call('inboxes.list', owner, {})).rows
  const ids: ConversationId[] = []
  const contacts: ContactId[] = []
  for (let n = 0; n < 24; n++) {
    const inbox = random.pick(inboxes)
    const { contact, conversation } = await begun(world, inbox, `Word ${n}`)
    contacts.push(contact)
    ids.push(conversation)
  }
  const ana = await agent(world, 'Ana')
  await call('teams.join', owner, { params: { team: team.id, member: ana.id } })
  for (let n = 0; n < 160; n++) await stir(world, random, ids, ana)
  return { inbox: made.id, contacts }
}

interface Tables {
  participants: { conversation: Uint8Array; actor: string; cursor: number; snoozed_until: number }
}

/** Something that was put away for ever: a conversation that is nowhere. */
const putAway = queriesOver<Tables>()<{ conversation: Uint8Array; actor: string }>()((db, p) =>
  db
    .insertInto('participants')
    .values({ conversation: p.conversation, actor: p.actor, cursor: 0, snoozed_until: 1 }),
)

interface Params {
  readonly conversation: ConversationId
}

roomsTest('who has put away too much to look through is told the same counts', async (open) => {
  const random = seededRandom('much put away')
  const world = await open()
  await filled(world, random)
  const { call, owner, storage } = world
  const inboxes = (await call('inboxes.list', owner, {})).rows
  const inbox = inboxes[1]!.id
  // In each list there is something, and in each something that was put away.
  const acts = [
    async () => {},
    (params: Params) => call('leases.take', owner, { params, body: {} }),
    (params: Params) => call('conversations.pause', owner, { params, body: {} }),
    (params: Params) => call('conversations.resolve', owner, { params }),
  ]
  for (const each of inboxes) {
    for (const act of acts) {
      for (const isAway of [false, true]) {
        const params = { conversation: (await begun(world, each, 'Word')).conversation }
        await act(params)
        if (isAway) await call('archive.put', owner, { params })
      }
    }
  }
  const told = async () => [
    (await call('conversations.counts', owner, { query: {} })).counts,
    (await call('conversations.counts', owner, { query: { inbox } })).counts,
  ]
  const few = await told()
  for (const counts of few) assert.ok(Object.values(counts).every((count) => count > 0))
  await storage.write(async (tx) => {
    for (let n = 0; n <= limits.putAwayCountedMax; n++) {
      const conversation = new Uint8Array(16)
      new DataView(conversation.buffer).setUint32(0, n)
      await tx.run(putAway, { conversation, actor: owner.id })
    }
  })
  assert.deepEqual(await told(), few)
})

roomsTest('a count was true at some time, whatever happens between two looks', async (open) => {
  const world = await open()
  const { call, owner, storage } = world
  const inbox = (await call('inboxes.list', owner, {})).rows[0]!
  const here = { conversation: (await begun(world, inbox, 'Here')).conversation }
  for (let between = 1; between < 8; between++) {
    const params = { conversation: (await begun(world, inbox, 'Away')).conversation }
    await call('archive.put', owner, { params })
    let looks = 0
    const read = storage.read
    const interrupted: typeof read = async (look) => {
      const answer = await read(look)
      looks += 1
      if (looks === between) {
        await call('conversations.resolve', owner, { params })
        await call('leases.take', owner, { params: here, body: {} })
      }
      return answer
    }
    const { mock } = mocking.method(storage, 'read', interrupted)
    const { counts } = await call('conversations.counts', owner, { query: {} })
    mock.restore()
    assert.deepEqual([counts.ours, counts.myTurn], [1, 1], `after look ${between}`)
    await call('leases.release', owner, { params: here })
  }
})

roomsTest(
  'each list holds what inList says, in the order of sortKey, whatever the size of its pages',
  async (open) => {
    const random = seededRandom('lists')
    const world = await open()
    const { inbox } = await filled(world, random)
    const all = await walk(world, { list: 'all' }, 100)
    const own = new Map(all.mine.map((mine) => [mine.conversation, mine]))
    assert.equal(all.rows.length, 24)
    const looker = { me: world.owner.id, serves: (id: InboxId) => id !== inbox }
    for (const list of lists) {
      for (const narrow of [undefined, inbox]) {
        const expected = all.rows
          .filter((row) => narrow === undefined || row.inbox === narrow)
          .filter((row) => inList(list, row, own.get(row.id), looker))
          .sort((a, b) => compareKeys(sortKey(list, a), sortKey(list, b)))
        const query = narrow === undefined ? { list } : { list, inbox: narrow }
        const { rows, mine } = await walk(world, query, 1 + random.below(6))
        assert.deepEqual(rows, expected, list)
        for (const view of mine) assert.deepEqual(view, own.get(view.conversation))
        const inboxQuery = narrow === undefined ? {} : { inbox: narrow }
        const { counts } = await world.call('conversations.counts', world.owner, {
          query: inboxQuery,
        })
        assert.equal(counts[list], expected.length, `the count of ${list}`)
      }
    }
  },
)

roomsTest('the conversations of one contact come in order, and only those', async (open) => {
  const random = seededRandom('contact list')
  const world = await open()
  const { contacts } = await filled(world, random)
  const all = await walk(world, { list: 'all' }, 100)
  for (const contact of contacts) {
    const { rows } = await walk(world, { list: 'all', contact }, 1)
    assert.deepEqual(
      rows,
      all.rows.filter((row) => row.contact === contact),
    )
  }
})

roomsTest('a page token of another list, or none at all, is refused by name', async (open) => {
  const world = await open()
  await filled(world, seededRandom('tokens'))
  const { owner, call } = world
  const first = await call('conversations.list', owner, { query: { list: 'all', limit: 1 } })
  assert.ok(first.next !== null)
  for (const page of [first.next, 'x', Buffer.from('["ours",1,1]').toString('base64url')]) {
    const asked = call('conversations.list', owner, { query: { list: 'ours', page } })
    await assert.rejects(asked, /invalid_field.*query\.page/)
  }
})
