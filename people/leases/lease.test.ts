import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@fermata/testkit/random'
import { decide, unheld, type Command, type Holder, type Lease, type Step } from './lease.ts'

const ada: Holder = { id: 'mbr_ada', name: 'Ada' }
const ben: Holder = { id: 'mbr_ben', name: 'Ben' }
const bot: Holder = { id: 'app_bot', name: 'Bot' }
const start = 1_000_000
const hour = 3_600_000

function run(lease: Lease, command: Command, now: number): Lease {
  const decided = decide(lease, command, now)
  assert.ok(decided.ok, JSON.stringify(decided))
  return decided.value.lease
}

function steps(lease: Lease, command: Command, now: number): Step[] {
  const decided = decide(lease, command, now)
  assert.ok(decided.ok, JSON.stringify(decided))
  return [...decided.value.steps]
}

function refusal(lease: Lease, command: Command, now: number) {
  const decided = decide(lease, command, now)
  assert.ok(!decided.ok, 'must be refused')
  return decided.refusal
}

const take = (by: Holder, spanMs = hour): Command => ({ type: 'take', by, spanMs })
const answer = (by: Holder, token: number | null = null): Command => ({ type: 'answer', by, token })
const hand = (by: Holder, to: Holder, mayMove = false): Command => ({
  ...{ type: 'hand', by, to, mayMove },
  ...{ text: 'She calls at five.', spanMs: hour },
})

test('what somebody holds nobody else takes, answers or resolves, and the refusal says who', () => {
  const held = run(unheld, take(ada), start)
  assert.deepEqual(held.held?.holder, ada)
  const others: Command[] = [
    take(ben),
    answer(ben),
    answer(ben, held.token),
    hand(ben, bot),
    { type: 'resolve', by: ben },
    { type: 'release', by: ben, mayMove: false },
    { type: 'pass', by: ben, reason: 'no' },
  ]
  for (const command of others) {
    const { code, holder } = refusal(held, command, start + 1)
    assert.deepEqual([code, holder], ['lease_held', ada], command.type)
  }
})

test('a reply takes a free lease and gives it back, and each time the token grows', () => {
  const done = steps(unheld, answer(ada), start)
  assert.deepEqual(
    done.map((step) => [step.type, 'why' in step ? step.why : '']),
    [
      ['began', 'answer'],
      ['ended', 'answered'],
    ],
  )
  const after = run(unheld, answer(ada), start)
  assert.deepEqual(after, { token: 1, held: null })
})

test('a lease that lapsed costs its holder nothing while nobody has held it since', () => {
  const held = run(unheld, take(ada), start)
  const late = start + 5 * hour
  const answered = run(held, answer(ada, held.token), late)
  assert.deepEqual(answered, { token: 2, held: null })
  const [first] = steps(held, answer(ada, held.token), late)
  assert.ok(first?.type === 'ended' && first.why === 'expired')
  assert.equal(first.at, start + hour, 'it ended by its time, not when somebody noticed')
})

test('a lapsed lease that somebody has held since is refused by its token, and passes without one', () => {
  const held = run(unheld, take(ada), start)
  const theirs = run(held, take(ben), start + 2 * hour)
  assert.equal(refusal(theirs, answer(ada, held.token), start + 2 * hour + 1).code, 'lease_held')
  const done = run(theirs, answer(ben, theirs.token), start + 2 * hour + 2)
  assert.equal(refusal(done, answer(ada, held.token), start + 2 * hour + 3).code, 'lease_lost')
  assert.equal(run(done, answer(ada), start + 2 * hour + 4).held, null)
})

test('of two who work under one name only the one with the last token may answer', () => {
  const first = run(unheld, take(bot), start)
  const second = run(first, take(bot), start + 2 * hour)
  assert.equal(refusal(second, answer(bot, first.token), start + 2 * hour + 1).code, 'lease_lost')
  assert.equal(run(second, answer(bot, second.token), start + 2 * hour + 1).held, null)
})

test('acting renews, but never by next to nothing, and never what is not theirs', () => {
  const held = run(unheld, take(ada), start)
  assert.deepEqual(steps(held, { type: 'act', by: ada }, start + 1_000), [])
  assert.deepEqual(steps(held, { type: 'act', by: ben }, start + hour / 2), [])
  const renewed = run(held, { type: 'act', by: ada }, start + hour / 2)
  assert.deepEqual([renewed.token, renewed.held?.until], [held.token, start + hour * 1.5])
  const quick = run(unheld, take(bot, 2_000), start)
  const longer = run(quick, { type: 'act', by: bot }, start + 1_000)
  assert.equal(longer.held?.until, start + 3_000, 'a short lease is renewed by small steps')
})

test('taking again what is mine renews it and never shortens it', () => {
  const held = run(unheld, take(ada), start)
  const again = run(held, take(ada), start + 10)
  assert.deepEqual([again.token, again.held?.until], [1, start + 10 + hour])
  assert.equal(run(held, take(ada, 5), start + 10).held?.until, start + hour)
})

test('what is handed over brings its note to the next holder, and the note goes with them', () => {
  const theirs = run(run(unheld, take(ada), start), hand(ada, ben), start + 5)
  assert.deepEqual(theirs.held?.holder, ben)
  assert.deepEqual(theirs.held.note, { by: ada, text: 'She calls at five.' })
  assert.equal(theirs.token, 2)
  const back = run(theirs, { type: 'release', by: ben, mayMove: false }, start + 6)
  assert.equal(run(back, take(ada), start + 7).held?.note, null)
})

test('whoever may move leases hands on and takes back what others hold', () => {
  const held = run(unheld, take(ada), start)
  assert.deepEqual(run(held, hand(bot, ben, true), start + 1).held?.holder, ben)
  const free = run(held, { type: 'release', by: ben, mayMove: true }, start + 1)
  assert.equal(free.held, null)
})

test('whatever is done in whatever order, holdings follow one another without a gap or an overlap', (t) => {
  const random = seededRandom(t.name)
  for (let game = 0; game < 200; game++) {
    let lease = unheld
    let now = start
    const books = { open: null as { token: number; at: number } | null, ended: 0 }
    for (let turn = 0; turn < 40; turn++) {
      now += random.below(hour)
      const by = random.pick([ada, ben, bot])
      const token = random.pick([null, lease.token, Math.max(0, lease.token - 1)])
      const command = random.pick<Command>([
        take(by, 1 + random.below(hour)),
        { type: 'next', by, spanMs: hour },
        hand(by, random.pick([ada, ben]), random.chance(0.2)),
        answer(by, token),
        { type: 'resolve', by },
        { type: 'release', by, mayMove: random.chance(0.2) },
        { type: 'pass', by, reason: 'no' },
        { type: 'act', by },
        { type: 'withdraw', by: null },
        { type: 'expire' },
      ])
      const decided = decide(lease, command, now)
      if (!decided.ok) continue
      for (const step of decided.value.steps) {
        if (step.type === 'began') {
          assert.equal(books.open, null, 'nobody else holds it')
          assert.equal(step.token, books.ended + 1, 'tokens are dense')
          books.open = { token: step.token, at: step.held.since }
        } else if (step.type === 'ended') {
          assert.equal(step.token, books.open?.token, 'what ended had begun')
          assert.ok(step.at >= (books.open?.at ?? now) && step.at <= now)
          books.ended = step.token
          books.open = null
        }
      }
      lease = decided.value.lease
      assert.equal(lease.held === null, books.open === null)
      assert.equal(lease.token, books.open?.token ?? books.ended)
      assert.ok(lease.held === null || lease.held.until > now, 'nobody holds what has lapsed')
    }
  }
})
