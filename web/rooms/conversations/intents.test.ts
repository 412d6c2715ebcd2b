import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createClient } from '@fermata/sdk/client'
import { createOutbox, memoryStorage, type Outbox, type OutboxStorage } from '@fermata/sdk/outbox'
import { fakeClock, type FakeClock } from '@fermata/testkit/clock'
import { refusing, startScripted, type Scripted } from '@fermata/testkit/scripted'
import { until } from '@fermata/testkit/until'
import type { TextStorage } from '../../state/preferences.ts'
import { createIntents, readIntents, type Intents } from './intents.ts'

const key = 'intents'
const conversation = 'cnv_1'
const resolve = { type: 'act', act: { type: 'resolve' } } as const
const said = { body: { conversation: { id: conversation }, message: {} } }

function texts(): TextStorage {
  const kept = new Map<string, string>()
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  }
}

interface Page {
  readonly outbox: Outbox
  readonly intents: Intents
  close(): void
}

/** A browser: what it keeps, and the pages that are opened in it one after the other. */
async function startBrowser(t: TestContext): Promise<{
  server: Scripted
  clock: FakeClock
  storage: TextStorage
  open(): Promise<Page>
}> {
  const server = await startScripted()
  t.after(() => server.close())
  const clock = fakeClock()
  const storage = texts()
  const entries: OutboxStorage = memoryStorage()
  return {
    server,
    clock,
    storage,
    async open() {
      // The client of a page that has closed asks nothing any more, repeats included.
      let isClosed = false
      const client = createClient({
        url: server.url,
        clock,
        fetch: (input, init) =>
          isClosed ? Promise.reject(new Error('closed')) : fetch(input, init),
      })
      const outbox = createOutbox({ client, storage: entries })
      const intents = createIntents({ client, outbox, clock, storage, key })
      intents.start()
      await outbox.loaded
      const close = (): void => {
        intents.stop()
        outbox.stop()
        isClosed = true
      }
      t.after(close)
      return { outbox, intents, close }
    },
  }
}

/** Lets time pass until something holds: what failed is tried again after pauses. */
function inTime(clock: FakeClock, what: string, holds: () => boolean): Promise<void> {
  return until(what, () => {
    if (!holds()) clock.advance(100)
    return holds()
  })
}

function heard(server: Scripted): string[] {
  return server.requests.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)
}

test('what follows a message is done once the server has accepted it, not before', async (t) => {
  const { server, clock, storage, open } = await startBrowser(t)
  let isUp = false
  server.answer(({ method }) => (method === 'PUT' || isUp ? said : refusing('unavailable')))
  const { outbox, intents } = await open()
  const posted = outbox.post(conversation, { text: 'Done' })
  assert.ok(posted.ok)
  const { done } = intents.add({
    conversation,
    deed: resolve,
    after: { accepted: posted.value.id },
  })
  await until('it was tried', () => heard(server).length === 1)
  assert.equal(readIntents(storage, key).length, 1)
  clock.advance(1_000)
  isUp = true
  await inTime(clock, 'it was carried out', () => readIntents(storage, key).length === 0)
  assert.equal((await done)?.ok, true)
  assert.deepEqual([...new Set(heard(server))], ['POST messages', 'PUT resolution'])
  assert.equal(heard(server).at(-1), 'PUT resolution')
})

test('a page that closes leaves what is to follow to the next one', async (t) => {
  const { server, clock, open, storage } = await startBrowser(t)
  server.answer(() => ({ cut: 'before' }))
  const first = await open()
  const posted = first.outbox.post(conversation, { text: 'Done' })
  assert.ok(posted.ok)
  first.intents.add({ conversation, deed: resolve, after: { accepted: posted.value.id } })
  await until('it was tried', () => heard(server).length > 0)
  first.close()
  server.answer(() => said)
  await open()
  await inTime(clock, 'it was carried out', () => readIntents(storage, key).length === 0)
  assert.deepEqual(heard(server).slice(-2), ['POST messages', 'PUT resolution'])
})

test('a page that closed between the answer and the act does not lose the act', async (t) => {
  const { server, storage, open } = await startBrowser(t)
  server.answer(() => said)
  const intent = { id: 'i', conversation, deed: resolve, after: { accepted: 'long accepted' } }
  storage.setItem(key, JSON.stringify([intent]))
  await open()
  await until('it was carried out', () => readIntents(storage, key).length === 0)
  assert.deepEqual(heard(server), ['PUT resolution'])
})

test('a message that is discarded takes with it what was to follow', async (t) => {
  const { server, storage, open } = await startBrowser(t)
  server.answer(() => refusing('limit_reached'))
  const { outbox, intents } = await open()
  const posted = outbox.post(conversation, { text: 'Too much' })
  assert.ok(posted.ok)
  const { done } = intents.add({
    conversation,
    deed: resolve,
    after: { accepted: posted.value.id },
  })
  await until('it was refused', () => outbox.getState()[0]?.state === 'refused')
  outbox.discard(posted.value.id)
  assert.equal(await done, null)
  assert.deepEqual(heard(server), ['POST messages'])
  assert.deepEqual(readIntents(storage, key), [])
})

test('a deletion waits for its time, can be dropped, and outlives its page', async (t) => {
  const { server, clock, storage, open } = await startBrowser(t)
  server.answer(() => said)
  const first = await open()
  const after = { at: clock.now() + 10_000 }
  const one = first.intents.add({ conversation, deed: { type: 'delete', message: 'msg_1' }, after })
  first.intents.add({ conversation, deed: { type: 'delete', message: 'msg_2' }, after })
  clock.advance(9_999)
  first.intents.drop(one.id)
  assert.equal(await one.done, null)
  assert.deepEqual(heard(server), [])
  first.close()
  await open()
  clock.advance(1)
  await until('it was carried out', () => readIntents(storage, key).length === 0)
  assert.deepEqual(heard(server), ['DELETE msg_2'])
})

test('a server that cannot be reached is asked again', async (t) => {
  const { server, clock, storage, open } = await startBrowser(t)
  server.answer(() => ({ cut: 'before' }))
  const { intents } = await open()
  intents.add({
    conversation,
    deed: { type: 'delete', message: 'msg_1' },
    after: { at: clock.now() },
  })
  clock.advance(0)
  await until('it was tried', () => heard(server).length > 0)
  server.answer(() => said)
  await inTime(clock, 'it was carried out', () => readIntents(storage, key).length === 0)
})

test('what is kept and is no list of intents is as if nothing were', () => {
  const storage = texts()
  for (const text of ['', '{', 'null', '{}', '7']) {
    storage.setItem(key, text)
    assert.deepEqual(readIntents(storage, key), [], text)
  }
})
