import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import { inList } from '@fermata/contract/lists'
import { guessOf, movesOn, undoOf, type Act, type Before } from './acts.ts'

const row: ConversationRow = {
  id: 'cnv_1',
  inbox: 'ibx_1',
  contact: 'ctc_vera',
  subject: 'Bell',
  status: 'open',
  turn: 'ours',
  turnSince: 10,
  due: 99,
  urgency: 'normal',
  labels: ['lbl_a'],
  lastNumber: 3,
  lastAt: 10,
  preview: {
    kind: 'reply',
    author: { kind: 'contact', id: 'ctc_vera', name: 'Vera' },
    text: 'Hi',
    deleted: false,
  },
  pause: null,
  resolution: null,
  lease: null,
  token: 0,
  createdAt: 1,
}
const me = { me: 'mbr_me', serves: () => true }
const mine: MineView = {
  conversation: 'cnv_1',
  cursor: 3,
  archivedNumber: null,
  snoozedUntil: null,
}
const pause = { by: 'mbr_ana', side: 'ours', at: 20, until: 90, reason: 'spare part' } as const
const paused: ConversationRow = { ...row, status: 'paused', pause }

function undo(act: Act, before: Before): readonly Act[] {
  return undoOf(act, before, 'mbr_me')
}

function guessed(act: Act, from = row, own = mine): { row: ConversationRow; mine: MineView } {
  const guess = guessOf('cnv_1', act, 'mbr_me', 50)
  return { row: guess.row?.(from) ?? from, mine: guess.mine?.(own) ?? own }
}

test('every guess puts the conversation into the list where it will be', () => {
  const lists = (act: Act, from = row): string[] => {
    const after = guessed(act, from)
    return (['ours', 'paused', 'resolved'] as const).filter((list) =>
      inList(list, after.row, after.mine, me),
    )
  }
  assert.deepEqual(lists({ type: 'resolve' }), ['resolved'])
  assert.deepEqual(lists({ type: 'pause', until: 90, reason: '' }), ['paused'])
  assert.deepEqual(lists({ type: 'resume' }, paused), ['ours'])
  assert.deepEqual(lists({ type: 'archive' }), [])
  assert.deepEqual(lists({ type: 'snooze', until: 90 }), [])
  const resolved: ConversationRow = {
    ...row,
    status: 'resolved',
    turn: 'nobody',
    due: null,
    resolution: { by: 'mbr_me', at: 5 },
  }
  assert.deepEqual(lists({ type: 'reopen' }, resolved), ['ours'])
})

test('an act and what takes it back lead to where it began', () => {
  const before = { row, mine }
  const acts: Act[] = [
    { type: 'pause', until: 90, reason: '' },
    { type: 'archive' },
    { type: 'snooze', until: 90 },
    { type: 'urgency', urgency: 'urgent' },
    { type: 'labels', labels: [] },
    { type: 'subject', subject: 'Bells' },
    { type: 'read', number: 1 },
  ]
  for (const act of acts) {
    let now = guessed(act)
    for (const back of undo(act, before)) now = guessed(back, now.row, now.mine)
    assert.deepEqual(now, { row, mine }, act.type)
  }
})

test('taking a resolution back restores the pause that it ended', () => {
  const again = { type: 'pause', until: 90, reason: 'spare part' }
  assert.deepEqual(undo({ type: 'resolve' }, { row, mine }), [{ type: 'reopen' }])
  assert.deepEqual(undo({ type: 'resolve' }, { row: paused, mine }), [{ type: 'reopen' }, again])
  assert.deepEqual(undo({ type: 'resume' }, { row: paused, mine }), [again])
  assert.deepEqual(undo({ type: 'pause', until: 70, reason: '' }, { row: paused, mine }), [again])
})

test('a pause of the other side is not ours to restore', () => {
  const theirs: ConversationRow = { ...paused, pause: { ...pause, side: 'theirs' } }
  assert.deepEqual(undo({ type: 'resume' }, { row: theirs, mine }), [])
  assert.deepEqual(undo({ type: 'pause', until: 70, reason: '' }, { row: theirs, mine }), [
    { type: 'resume' },
  ])
})

test('what is taken back without ever having been touched begins at nothing', () => {
  assert.deepEqual(undo({ type: 'read', number: 3 }, { row, mine: undefined }), [
    { type: 'read', number: 0 },
  ])
  assert.deepEqual(undo({ type: 'snooze', until: 9 }, { row, mine: undefined }), [
    { type: 'unsnooze' },
  ])
})

test('only what is done with for now makes way for the next', () => {
  const types: Act[] = [
    { type: 'resolve' },
    { type: 'pause', until: null, reason: '' },
    { type: 'archive' },
    { type: 'snooze', until: 9 },
  ]
  for (const act of types) assert.equal(movesOn(act), true, act.type)
  assert.equal(movesOn({ type: 'resume' }), false)
  assert.equal(movesOn({ type: 'labels', labels: [] }), false)
})

test('what I hold is my turn, and what I hand over or give back is not', () => {
  const others = { me: 'mbr_me', serves: () => false }
  const isMyTurn = (from: ConversationRow): boolean => inList('myTurn', from, mine, others)
  const taken = guessed({ type: 'take' }).row
  assert.deepEqual([isMyTurn(row), isMyTurn(taken)], [false, true])
  assert.deepEqual([inList('free', row, mine, me), inList('free', taken, mine, me)], [true, false])
  const handed = guessed({ type: 'hand', holder: 'mbr_ana', note: 'Yours.' }, taken).row
  assert.deepEqual([isMyTurn(handed), handed.lease?.note?.text], [false, 'Yours.'])
  assert.equal(handed.token, 2)
  assert.equal(guessed({ type: 'release' }, taken).row.lease, null)
  assert.equal(guessed({ type: 'resolve' }, taken).row.lease, null)
  assert.deepEqual(undo({ type: 'take' }, { row, mine }), [{ type: 'release' }])
  assert.deepEqual(undo({ type: 'release' }, { row: taken, mine }), [{ type: 'take' }])
  assert.deepEqual(undo({ type: 'release' }, { row: handed, mine }), [])
})
