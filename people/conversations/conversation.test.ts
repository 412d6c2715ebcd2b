import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { check, decide, unsaid, type Command, type Conversation } from './conversation.ts'

const answer = { low: null, normal: 60, high: 30, urgent: 5 }
const ana = 'mbr_00000000000000000000000000' as MemberId
const start = 1_700_000_000_000

function run(state: Conversation, command: Command, now: number): Conversation {
  const decided = decide(state, command, now, answer)
  assert.ok(decided.ok, `${command.type} was refused`)
  check(decided.value.state)
  return decided.value.state
}

/** A conversation that its contact has opened at `start`. */
function opened(): Conversation {
  return run(unsaid('', start, 'theirs'), { type: 'say', kind: 'reply', side: 'theirs' }, start)
}

const theirs: Command = { type: 'say', kind: 'reply', side: 'theirs' }
const ours: Command = { type: 'say', kind: 'reply', side: 'ours' }
const thanks: Command = { type: 'say', kind: 'reply', side: 'theirs', isSmallTalk: true }
const note: Command = { type: 'say', kind: 'note', side: 'ours' }
const pause = (side: 'ours' | 'theirs', until: number | null): Command => {
  return { type: 'pause', side, by: ana, until, reason: '' }
}

test('the turn is ours from the first unanswered word, and due counts from there', () => {
  const first = opened()
  assert.deepEqual([first.turn, first.turnSince, first.due], ['ours', start, start + 3_600_000])
  const second = run(first, theirs, start + 1_000)
  assert.deepEqual([second.turn, second.turnSince, second.due], ['ours', start, start + 3_600_000])
  const answered = run(second, ours, start + 2_000)
  assert.deepEqual(
    [answered.turn, answered.turnSince, answered.due],
    ['theirs', start + 2_000, null],
  )
})

test('a note changes no turn, no pause and no state', () => {
  const paused = run(opened(), pause('ours', start + 10_000), start + 1)
  const noted = run(paused, note, start + 2)
  assert.deepEqual(
    { ...noted, lastNumber: 1, lastAt: start },
    { ...paused, lastNumber: 1, lastAt: start },
  )
  assert.equal(noted.lastNumber, 2)
})

test('another urgency moves the due time, and one without a promise takes it away', () => {
  const urgent = run(opened(), { type: 'change', urgency: 'urgent' }, start + 1_000)
  assert.equal(urgent.due, start + 300_000)
  assert.equal(run(urgent, { type: 'change', urgency: 'low' }, start + 2_000).due, null)
})

test('each side ends its own pause; our side ends both; a contact cannot end ours', () => {
  const both = run(run(opened(), pause('ours', null), start + 1), pause('theirs', null), start + 2)
  const left = run(both, { type: 'resume', side: 'theirs' }, start + 3)
  assert.deepEqual([left.status, left.pauses.theirs], ['paused', null])
  assert.equal(run(left, { type: 'resume', side: 'theirs' }, start + 4), left)
  assert.equal(run(both, { type: 'resume', side: 'ours' }, start + 5).status, 'open')
})

test('a pause ends by its time only if it was not moved since', () => {
  const paused = run(opened(), pause('ours', start + 10_000), start + 1)
  const moved = run(paused, pause('ours', start + 20_000), start + 2)
  const early: Command = { type: 'wake', side: 'ours', until: start + 10_000 }
  assert.equal(run(moved, early, start + 10_000), moved)
  assert.equal(run(moved, { ...early, until: start + 20_000 }, start + 20_000).status, 'open')
})

test('a reply of either side ends every pause and reopens what was resolved', () => {
  for (const say of [ours, theirs]) {
    const paused = run(
      run(opened(), pause('ours', null), start + 1),
      pause('theirs', null),
      start + 2,
    )
    assert.equal(run(paused, say, start + 3).status, 'open')
    const resolved = run(paused, { type: 'resolve', by: ana }, start + 3)
    assert.deepEqual([resolved.turn, resolved.due, resolved.pauses.ours], ['nobody', null, null])
    assert.equal(run(resolved, say, start + 4).status, 'open')
  }
})

test('reopened by hand, the turn goes to whoever did not speak last', () => {
  const unanswered = run(opened(), { type: 'resolve', by: ana }, start + 1)
  const again = run(unanswered, { type: 'reopen' }, start + 60_000)
  assert.deepEqual([again.turn, again.due], ['ours', start + 60_000 + 3_600_000])
  const answered = run(run(opened(), ours, start + 1), { type: 'resolve', by: ana }, start + 2)
  assert.equal(run(answered, { type: 'reopen' }, start + 3).turn, 'theirs')
})

test('a pause in the past, too far ahead, or of a resolved conversation is refused', () => {
  const refusalOf = (state: Conversation, command: Command) => {
    const decided = decide(state, command, start + 1, answer)
    return decided.ok ? undefined : decided.refusal
  }
  assert.equal(refusalOf(opened(), pause('ours', start))?.field, 'body.until')
  const far = refusalOf(opened(), pause('ours', start + 2 + limits.pauseMsMax))
  assert.deepEqual([far?.field, far?.limit], ['body.until', limits.pauseMsMax])
  const resolved = run(opened(), { type: 'resolve', by: ana }, start + 1)
  assert.equal(refusalOf(resolved, pause('theirs', null))?.code, 'conflict')
})

const side = fc.constantFrom('ours' as const, 'theirs' as const)
const anyCommand: fc.Arbitrary<(now: number) => Command> = fc.oneof(
  side.map((who) => () => ({ type: 'say' as const, kind: 'reply' as const, side: who })),
  fc.constant(() => note),
  fc.constant(() => thanks),
  side.map((to) => () => ({ type: 'turn' as const, to })),
  fc.tuple(side, fc.option(fc.integer({ min: 1, max: 50 }))).map(
    ([who, ahead]) =>
      (now: number) =>
        pause(who, ahead === null ? null : now + ahead),
  ),
  side.map((who) => () => ({ type: 'resume' as const, side: who })),
  fc.constant(() => ({ type: 'resolve' as const, by: ana })),
  fc.constant(() => ({ type: 'reopen' as const })),
  fc
    .constantFrom('low' as const, 'normal' as const, 'urgent' as const)
    .map((urgency) => () => ({ type: 'change' as const, urgency })),
)

/** Whether a word has changed neither the status nor whose turn it is. */
function heldBefore(before: Conversation, after: Conversation): boolean {
  return before.status === after.status && before.turn === after.turn
}

test('whatever is done in whatever order, the invariants hold and the numbers are dense', () => {
  const steps = fc.array(fc.tuple(anyCommand, fc.integer({ min: -5, max: 20 })), { maxLength: 60 })
  fc.assert(
    fc.property(steps, (all) => {
      let state = opened()
      let now = start
      let said = 1
      for (const [make, step] of all) {
        now += step
        const command = make(now)
        const decided = decide(state, command, now, answer)
        if (!decided.ok) continue
        check(decided.value.state)
        if (command.type === 'say') said += 1
        const changed = decided.value.state !== state
        assert.equal(changed, decided.value.happenings.length > 0 || command.type === 'say')
        const before = state
        state = decided.value.state
        assert.equal(state.lastNumber, said)
        if (command === thanks && changed && decided.value.happenings.length === 0) {
          assert.ok(heldBefore(before, state))
        } else if (command.type === 'say' && command.kind === 'reply') {
          assert.equal(state.turn, command.side === 'ours' ? 'theirs' : 'ours')
          assert.equal(state.status, 'open')
        }
      }
    }),
  )
})

test('doing again what is so already changes nothing and says nothing', () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 20 }), anyCommand, (before, make) => {
      let state = opened()
      for (const earlier of before) {
        const decided = decide(state, earlier(start + 10), start + 10, answer)
        if (decided.ok) state = decided.value.state
      }
      const command = make(start + 10)
      if (command.type === 'say') return
      const once = decide(state, command, start + 10, answer)
      if (!once.ok) return
      const twice = decide(once.value.state, command, start + 10, answer)
      assert.ok(twice.ok)
      assert.deepEqual(twice.value, { state: once.value.state, happenings: [] })
    }),
  )
})

test('small talk is counted and seen, and wakes nobody', () => {
  const answered = run(opened(), ours, start + 1)
  const paused = run(answered, pause('ours', null), start + 2)
  const gone = run(paused, pause('theirs', start + 50_000), start + 3)
  const resolved = run(answered, { type: 'resolve', by: ana }, start + 2)
  for (const before of [answered, paused, gone, resolved]) {
    const decided = decide(before, thanks, start + 10, answer)
    assert.ok(decided.ok)
    const after = decided.value.state
    check(after)
    assert.deepEqual(decided.value.happenings, [])
    const said = { lastNumber: 3, replyCount: 3, lastReply: 3 }
    assert.deepEqual(after, { ...before, ...said, lastAt: start + 10, lastReplyAt: start + 10 })
  }
})

test('nothing is small talk while it is our turn, and the first words never are', () => {
  const again = run(opened(), thanks, start + 5)
  assert.deepEqual([again.turn, again.turnSince, again.lastReply], ['ours', start, 2])
  const first = run(unsaid('', start, 'theirs'), thanks, start)
  assert.equal(first.turn, 'ours')
})

test('what was resolved and thanked for is opened again as it was', () => {
  const answered = run(opened(), ours, start + 1)
  const resolved = run(answered, { type: 'resolve', by: ana }, start + 2)
  const reopened = run(run(resolved, thanks, start + 3), { type: 'reopen' }, start + 4)
  assert.equal(reopened.turn, 'theirs')
})

test('the turn is given by hand, which wakes what sleeps', () => {
  const answered = run(opened(), ours, start + 1)
  const toUs: Command = { type: 'turn', to: 'ours' }
  const asleep = [
    run(answered, pause('ours', null), start + 2),
    run(answered, { type: 'resolve', by: ana }, start + 2),
    answered,
  ]
  const told = [['conversation.resumed'], ['conversation.reopened'], ['conversation.changed']]
  for (const [index, before] of asleep.entries()) {
    const decided = decide(before, toUs, start + 9, answer)
    assert.ok(decided.ok)
    const { state, happenings } = decided.value
    check(state)
    assert.deepEqual([state.status, state.turn, state.turnSince], ['open', 'ours', start + 9])
    assert.equal(state.due, start + 9 + 3_600_000)
    assert.deepEqual(
      happenings.map(({ type }) => type),
      told[index],
    )
    const back = run(state, { type: 'turn', to: 'theirs' }, start + 10)
    assert.deepEqual([back.turn, back.due], ['theirs', null])
  }
  const same = decide(opened(), toUs, start + 9, answer)
  assert.ok(same.ok && same.value.happenings.length === 0)
})
