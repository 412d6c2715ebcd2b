import assert from 'node:assert/strict'
import type { ConversationId } from '@fermata/base/ids'
import { scopes, type MemberActor } from '@fermata/contract/actors'
import type { Asked } from '@fermata/people/handler'
import { limits } from '@fermata/base/limits'
import { until } from '@fermata/testkit/until'
import { endings, look, openDesk, refusedWith, say, type Desk } from './rooms.desk.world.ts'
import { roomsTest } from './rooms.grounds.world.ts'
import { agent } from './rooms.world.ts'

const hour = 3_600_000

type Wish = Asked<'leases.next'>['body']
type Worker = Asked<'leases.next'>['caller']

async function next(desk: Desk, caller: Worker, body: Wish = {}): Promise<ConversationId | null> {
  const params = { inbox: desk.site }
  const { conversation } = await desk.world.call('leases.next', caller, { params, body })
  return conversation?.id ?? null
}

/** Lets whatever has begun come to its end: the events so far have been told. */
async function settled({ world }: Desk): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await world.storage.write(async () => undefined)
  await world.storage.durable()
  for (let turn = 0; turn < 20; turn++) await world.storage.read(async () => undefined)
}

/** Lets some wait; answers what they wait for when each has begun, which is when its timer runs. */
async function begun<T>(
  desk: Desk,
  ...waits: readonly (() => Promise<T>)[]
): Promise<Promise<T>[]> {
  const { clock } = desk.world
  const timers = clock.timers() + waits.length
  const answers = waits.map((wait) => wait())
  await until('they wait', () => clock.timers() >= timers)
  await settled(desk)
  return answers
}

/** Signs a member in, as a browser does. */
async function signedIn({ world }: Desk, email: string): Promise<MemberActor> {
  let cookie: string | null = null
  const connection = {
    ...{ address: '127.0.0.1', agent: '', sessionCookie: null, gone: null },
    setSessionCookie: (value: string | null) => void (cookie = value),
  }
  const body = { email, password: 'correct horse battery' }
  const asked = { caller: null, connection, body, params: {}, query: {} }
  await world.rooms.handlers['sessions.start'](asked)
  const caller = await world.rooms.authenticate({ cookie, bearer: null })
  assert.ok(caller?.kind === 'member')
  return caller
}

roomsTest('the next is the most urgent that is free, owed, and not put away', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada, ben, bot } = desk
  const ids: ConversationId[] = []
  for (let n = 0; n < 7; n++) {
    ids.push(await desk.written(`Word ${n}`))
    world.clock.advance(1_000)
  }
  const [first, urgent, held, paused, snoozed, answered, last] = ids.map((conversation) => ({
    params: { conversation },
  }))
  await world.call('conversations.change', ben, { ...urgent!, body: { urgency: 'urgent' } })
  await world.call('leases.take', ben, { ...held!, body: {} })
  await world.call('conversations.pause', ben, { ...paused!, body: {} })
  await world.call('snooze.put', ada, { ...snoozed!, body: { until: world.clock.now() + hour } })
  await say(desk, ben, answered!.params.conversation)
  const given = [await next(desk, ada), await next(desk, ada), await next(desk, ada)]
  assert.deepEqual(
    given,
    [urgent, first, last].map((one) => one!.params.conversation),
  )
  assert.equal(await next(desk, ada), null)
  assert.equal(await next(desk, bot), snoozed!.params.conversation, 'Ada put it away for herself')
  assert.equal(await next(desk, owner), null)
})

roomsTest('what somebody passes goes to the next consumer and never back', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, bot } = desk
  const conversation = await desk.written()
  const params = { conversation }
  assert.equal(await next(desk, bot), conversation)
  await world.call('leases.pass', bot, { params, body: { reason: 'needs a human' } })
  assert.equal(await next(desk, bot), null)
  assert.equal(await next(desk, ada), conversation)
  await world.call('leases.release', ada, { params })
  assert.equal(await next(desk, bot), null)
  const { holdings } = await world.call('leases.list', ada, { params })
  assert.deepEqual(
    holdings.map(({ holder, ended }) => [holder.name, ended?.why, ended?.reason]),
    [
      ['Ada', 'released', ''],
      ['bot', 'passed', 'needs a human'],
    ],
  )
  assert.equal(await next(desk, ada), conversation, 'what was released may come again')
})

roomsTest('who passes what has lapsed meanwhile is not given it again', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, bot } = desk
  for (const isTold of [true, false]) {
    const conversation = await desk.written()
    const params = { conversation }
    assert.equal(await next(desk, bot, { ms: 1_000 }), conversation)
    world.clock.advance(2_000)
    if (isTold) await world.rooms.schedule.runDue()
    await world.call('leases.pass', bot, { params, body: { reason: 'took too long' } })
    assert.equal(await next(desk, bot), null)
    const [last] = await endings(desk, conversation)
    assert.deepEqual(last, ['bot', 'next', 'passed'])
    assert.equal(await next(desk, ada), conversation)
    await assert.rejects(
      world.call('leases.pass', bot, { params, body: { reason: 'again' } }),
      refusedWith('lease_held', 'Ada'),
    )
  }
})

roomsTest(
  'fifty who press at once get fifty different ones, and the rest get none',
  async (open) => {
    const desk = await openDesk(open)
    const { world, bot } = desk
    const agents = await Promise.all(
      Array.from({ length: 5 }, (_, n) => agent(world, `Worker${n}`)),
    )
    const free: ConversationId[] = []
    for (let n = 0; n < 40; n++) {
      free.push(await desk.written(`Word ${n}`))
      world.clock.advance(1)
    }
    const press = Array.from({ length: 50 }, (_, n) => next(desk, [...agents, bot][n % 6]!))
    const given = await Promise.all(press)
    const got = given.filter((one) => one !== null)
    assert.equal(new Set(got).size, 40, 'nobody gets what another got')
    assert.deepEqual(got.toSorted(), free.toSorted(), 'and nothing is left')
    for (const conversation of free) {
      assert.equal((await endings(desk, conversation)).length, 1)
      assert.notEqual((await look(desk, conversation)).lease, null)
    }
  },
)

roomsTest('a request that is repeated is answered with what it took', async (open) => {
  const desk = await openDesk(open)
  const { world, bot } = desk
  const [one, two] = [await desk.written('One'), await desk.written('Two')]
  const client = world.newClient()
  const given = await Promise.all(Array.from({ length: 5 }, () => next(desk, bot, { client })))
  assert.deepEqual(given, [one, one, one, one, one])
  assert.equal(await next(desk, bot), two)
  await say(desk, bot, one)
  const third = await desk.written('Three')
  assert.equal(await next(desk, bot, { client }), third, 'what is done is not given again')
})

roomsTest('whoever waits is given what comes, what lapses and what is given back', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, ben, bot } = desk
  const [waiting] = await begun(desk, () => next(desk, bot, { waitMs: 20_000 }))
  const came = await desk.written()
  assert.equal(await waiting, came)

  const [forAda] = await begun(desk, () => next(desk, ada, { waitMs: 20_000 }))
  await world.call('leases.pass', bot, {
    params: { conversation: came },
    body: { reason: 'not for me' },
  })
  assert.equal(await forAda, came)

  const [forBen] = await begun(desk, () => next(desk, ben, { waitMs: limits.nextWaitMsMax }))
  world.clock.advance(limits.leaseMsDefault - 1)
  assert.equal(await forBen, null, 'the wait is over before the lease')
  const [again] = await begun(desk, () => next(desk, ben, { waitMs: 20_000 }))
  world.clock.advance(1)
  await world.rooms.schedule.runDue()
  assert.equal(await again, came)
})

roomsTest('two who wait for one thing: one gets it, the other waits on', async (open) => {
  const desk = await openDesk(open)
  const { ada, bot } = desk
  const both = await begun(
    desk,
    ...[ada, bot].map((who) => () => next(desk, who, { waitMs: 20_000 })),
  )
  const first = await desk.written('One')
  assert.equal(await Promise.race(both), first)
  await settled(desk)
  const second = await desk.written('Two')
  assert.deepEqual(new Set(await Promise.all(both)), new Set([first, second]))
})

roomsTest('a wait ends with the server, and with whoever asked', async (open) => {
  const desk = await openDesk(open)
  const { world, ada, bot } = desk
  const gone = new AbortController()
  const asked = { inbox: desk.site, waitMs: 20_000 }
  const [left] = await begun(desk, () =>
    world.rooms.conversations.next.next(bot, asked, gone.signal),
  )
  const [stays] = await begun(desk, () => next(desk, ada, { waitMs: 20_000 }))
  gone.abort()
  assert.deepEqual(await left, { ok: true, value: null })
  const conversation = await desk.written()
  assert.equal(await stays, conversation, 'it went to the one who is there')
  const [last] = await begun(desk, () => next(desk, ada, { waitMs: 20_000 }))
  world.rooms.conversations.next.stop()
  assert.equal(await last, null)
})

roomsTest('a wait ends with the token or the session by which it was asked for', async (open) => {
  const desk = await openDesk(open)
  const { world, owner } = desk
  const body = { name: 'other', scopes: [...scopes] }
  const { app, token } = await world.call('apps.add', owner, { body })
  const program = await world.rooms.authenticate({ cookie: null, bearer: token })
  assert.ok(program?.kind === 'app')
  const member = await signedIn(desk, 'Ada@example.com')
  await world.rooms.feed.start()
  const waiting = await begun(
    desk,
    ...[program, member].map((who) => () => next(desk, who, { waitMs: 20_000 })),
  )
  const params = { app: app.id, token: app.tokens[0]!.id }
  await world.call('apps.removeToken', owner, { params })
  await world.call('sessions.end', member, { params: { session: member.session } })
  await settled(desk)
  const conversation = await desk.written()
  await settled(desk)
  world.clock.advance(20_000)
  assert.deepEqual(await Promise.all(waiting), [null, null])
  assert.equal((await look(desk, conversation)).lease, null)
})

roomsTest('who waits and may not answer there any more is given nothing', async (open) => {
  const desk = await openDesk(open)
  const { world, owner, ada } = desk
  const [waiting] = await begun(desk, () =>
    next(desk, ada, { waitMs: 20_000 }).catch((error: unknown) => error),
  )
  const role = 'guest'
  await world.call('members.change', owner, { params: { member: ada.id }, body: { role } })
  await settled(desk)
  const conversation = await desk.written('Not for her eyes.')
  await settled(desk)
  world.clock.advance(20_000)
  const given = await waiting
  assert.ok(given === null || given instanceof Error)
  assert.equal((await look(desk, conversation)).lease, null)
})
