import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal } from '@fermata/contract/errors'
import { afterwards, due, dueAt, isPassing, type Entry, type Happening } from './outbox.entries.ts'

function post(id: string, to: string, more: Partial<Entry> = {}): Entry {
  return {
    id,
    order: Number(id),
    at: 0,
    send: { kind: 'post', to, body: { client: id, text: id } },
    state: 'waiting',
    refusal: null,
    trouble: null,
    failures: 0,
    retryAt: 0,
    ...more,
  }
}

function open(id: string, more: Partial<Entry> = {}): Entry {
  const body = { inbox: 'ibx_1', message: { client: id, text: id } } as const
  return { ...post(id, '', more), send: { kind: 'open', body } }
}

function after(entries: readonly Entry[], ...happened: Happening[]): readonly Entry[] {
  return happened.reduce(afterwards, entries)
}

function ids(entries: readonly Entry[]): string[] {
  return entries.map((entry) => entry.id)
}

const a = 'cnv_a'
const b = 'cnv_b'

test('one entry of each conversation is due, the first one', () => {
  const entries = [post('1', a), post('2', a), post('3', b), post('4', b)]
  assert.deepEqual(ids(due(entries, 0, 9)), ['1', '3'])
  assert.deepEqual(ids(due(entries, 0, 1)), ['1'])
  assert.deepEqual(ids(due(entries, 0, -1)), [])
})

test('while one is being sent, the next of its conversation waits', () => {
  const entries = after([post('1', a), post('2', a)], { type: 'sending', id: '1' })
  assert.deepEqual(ids(due(entries, 0, 9)), [])
  const accepted = after(entries, { type: 'accepted', id: '1', conversation: a })
  assert.deepEqual(ids(due(accepted, 0, 9)), ['2'])
})

test('one that failed is due later, and keeps its place', () => {
  const entries = after(
    [post('1', a), post('2', a)],
    { type: 'sending', id: '1' },
    { type: 'failed', id: '1', retryAt: 500, trouble: null },
  )
  assert.equal(entries[0]?.failures, 1)
  assert.deepEqual(ids(due(entries, 499, 9)), [])
  assert.equal(dueAt(entries), 500)
  assert.deepEqual(ids(due(entries, 500, 9)), ['1'])
  assert.deepEqual(ids(due(after(entries, { type: 'woken' }), 0, 9)), ['1'])
})

test('a message refused for good lets the later ones pass and stays', () => {
  const why = refusal('invalid_field')
  const entries = after([post('1', a), post('2', a)], { type: 'refused', id: '1', refusal: why })
  assert.deepEqual(entries[0]?.refusal, why)
  assert.deepEqual(ids(due(entries, 0, 9)), ['2'])
  const retried = after(entries, { type: 'retried', id: '1' })
  assert.deepEqual(ids(due(retried, 0, 9)), ['1'])
  assert.equal(retried[0]?.refusal, null)
})

test('what is said in a conversation to be opened waits for it and then goes there', () => {
  const entries = [open('1'), post('2', '1'), post('3', '1'), post('4', b)]
  assert.deepEqual(ids(due(entries, 0, 9)), ['1', '4'])
  const opened = after(entries, { type: 'accepted', id: '1', conversation: a })
  assert.deepEqual(ids(due(opened, 0, 9)), ['2', '4'])
  assert.deepEqual(
    opened.map(({ send }) => send.kind === 'post' && send.to),
    [a, a, b],
  )
})

test('an open that is refused holds back what was to follow, until it is given up with it', () => {
  const why = refusal('not_found')
  const entries = after([open('1'), post('2', '1'), post('3', b)], {
    type: 'refused',
    id: '1',
    refusal: why,
  })
  assert.deepEqual(ids(due(entries, 0, 9)), ['3'])
  assert.deepEqual(ids(after(entries, { type: 'discarded', id: '1' })), ['3'])
})

test('a refusal that came after the acceptance changes nothing', () => {
  const entries = after(
    [post('1', a)],
    { type: 'accepted', id: '1', conversation: a },
    { type: 'failed', id: '1', retryAt: 1, trouble: null },
    { type: 'refused', id: '1', refusal: refusal('conflict') },
  )
  assert.deepEqual(entries, [])
})

test('what a former run left comes first and begins anew', () => {
  const left = [
    post('2', a, { state: 'sending', failures: 4, retryAt: 99_999 }),
    post('1', a),
    post('3', b, { state: 'refused', refusal: refusal('conflict') }),
  ]
  const entries = after([post('4', a)], { type: 'loaded', entries: left })
  assert.deepEqual(ids(entries), ['1', '2', '3', '4'])
  assert.deepEqual(
    entries.map(({ state, retryAt, failures }) => [state, retryAt, failures]),
    [
      ['waiting', 0, 0],
      ['waiting', 0, 0],
      ['refused', 0, 0],
      ['waiting', 0, 0],
    ],
  )
})

test('what waits for an open that is nowhere is shown as refused', () => {
  const entries = after([], { type: 'loaded', entries: [post('2', '1'), post('3', a)] })
  assert.deepEqual(
    entries.map(({ state }) => state),
    ['refused', 'waiting'],
  )
  assert.equal(entries[0]?.refusal?.code, 'not_found')
})

test('an entry that is loaded although it is known is not doubled', () => {
  const entries = after([post('1', a)], { type: 'loaded', entries: [post('1', a)] })
  assert.deepEqual(ids(entries), ['1'])
})

test('refusals that pass are told apart from those that stay', () => {
  for (const code of ['not_signed_in', 'too_many', 'internal', 'storage_full'] as const) {
    assert.ok(isPassing(refusal(code)), code)
  }
  for (const code of ['invalid_field', 'not_found', 'conflict', 'repeated_differently'] as const) {
    assert.ok(!isPassing(refusal(code)), code)
  }
})

test('whoever sends again what somebody has come between no longer says what it was written upon', () => {
  const send = { kind: 'post', to: a, body: { client: '1', text: 'Hello', token: 4 } } as const
  const refused = (code: 'lease_lost' | 'lease_held'): Happening[] => [
    { type: 'refused', id: '1', refusal: refusal(code) },
    { type: 'retried', id: '1' },
  ]
  const [lost] = after([post('1', a, { send })], ...refused('lease_lost'))
  assert.deepEqual(lost?.send.body, { client: '1', text: 'Hello' })
  const [held] = after([post('1', a, { send })], ...refused('lease_held'))
  assert.deepEqual(held?.send.body, send.body)
})
