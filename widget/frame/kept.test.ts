import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '@fermata/sdk/outbox'
import type { FromFrame, FromPage, Hello } from '../link.ts'
import { keptBy } from './kept.ts'
import { lockBy } from './lock.ts'
import { keptOutbox } from './outbox.ts'

function pageWith(entries: Record<string, string>) {
  const told: FromFrame[] = []
  const listeners: ((message: FromPage) => void)[] = []
  const hello: Hello = {
    ...{ fermata: 'hello', entries, identity: null },
    ...{ theme: 'auto', language: null, shown: false },
  }
  const page = {
    hello,
    say: (message: FromFrame) => void told.push(message),
    hear: (listener: (message: FromPage) => void) => void listeners.push(listener),
  }
  const say = (message: FromPage): void => listeners.forEach((listener) => listener(message))
  return { page, told, say }
}

const entry: Entry = {
  id: 'one',
  order: 1,
  at: 1,
  send: { kind: 'post', to: 'cnv_1', body: { client: 'one', text: 'hello' } },
  state: 'waiting',
  refusal: null,
  trouble: null,
  failures: 0,
  retryAt: 0,
}

test('every change is told to the page once, and what another tab changed is not told back', () => {
  const { page, told } = pageWith({ token: 'a' })
  const kept = keptBy(page)
  kept.set('token', 'a')
  kept.set('draft.new', 'x')
  kept.set('draft.new', null)
  kept.learn({ token: null, other: 'b' })
  assert.deepEqual(told, [
    { type: 'store', name: 'draft.new', value: 'x' },
    { type: 'store', name: 'draft.new', value: null },
  ])
  assert.deepEqual([kept.get('token'), kept.get('other')], [null, 'b'])
})

test('unsent words are kept one by one, and what cannot be read is passed over', async () => {
  const { page, told } = pageWith({ 'out.bad': '{', 'out.worse': 'null', token: 'a' })
  const storage = keptOutbox(keptBy(page))
  assert.deepEqual(await storage.load(), [])
  await storage.save(entry)
  assert.deepEqual(await storage.load(), [entry])
  await storage.remove('one')
  assert.deepEqual(await storage.load(), [])
  assert.deepEqual(
    told.map((message) => (message.type === 'store' ? message.name : '')),
    ['out.one', 'out.one'],
  )
})

test('whoever waits for the lock goes on when it is held, having learnt what is stored', async () => {
  const { page, told, say } = pageWith({})
  const kept = keptBy(page)
  const lock = lockBy(page, kept.learn)
  const taken = lock.take('mine')
  assert.deepEqual(told, [{ type: 'lock', asked: 'mine' }])
  say({ type: 'locked', entries: { token: 'of another tab' } })
  await taken
  assert.equal(kept.get('token'), 'of another tab')
})

test('whoever no longer needs the lock goes on without it', async () => {
  const { page, told } = pageWith({})
  const lock = lockBy(page, () => assert.fail('nothing was learnt'))
  const taken = lock.take('mine')
  lock.give()
  await taken
  assert.deepEqual(told, [{ type: 'lock', asked: 'mine' }, { type: 'unlock' }])
})
