import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { limits } from '@fermata/base/limits'
import { fakeClock } from '@fermata/testkit/clock'
import { seededRandom } from '@fermata/testkit/random'
import { refusing, startScripted, type Heard, type Reply } from '@fermata/testkit/scripted'
import { until } from '@fermata/testkit/until'
import { createClient } from './client.ts'
import { createOutbox, memoryStorage, type Outbox, type OutboxStorage } from './outbox.ts'

interface Sent {
  readonly client: string
  readonly text: string
}

/** What a request sent: the message's own client id and text. */
function sentIn({ body }: Heard): Sent {
  return 'message' in (body as object) ? (body as { message: Sent }).message : (body as Sent)
}

/** The server's side: each client id makes one message, however often it comes. */
function desk() {
  const said: { conversation: string; client: string; text: string }[] = []
  return {
    said,
    take(request: Heard): Reply {
      const { client, text } = sentIn(request)
      const known = said.find((one) => one.client === client)
      const into = request.path.split('/')[3]
      const conversation = known?.conversation ?? into ?? `cnv_${said.length}`
      if (known === undefined) said.push({ conversation, client, text })
      return { body: { conversation: { id: conversation }, message: { client, text } } }
    },
    texts: () => said.map((one) => one.text),
  }
}

async function sending(t: TestContext, storage: OutboxStorage = memoryStorage()) {
  const server = await startScripted()
  const clock = fakeClock()
  const client = createClient({ url: server.url, clock })
  const failed: unknown[] = []
  const start = (): Outbox => {
    const outbox = createOutbox({
      client,
      storage,
      onStorageFailed: (error) => void failed.push(error),
    })
    t.after(() => outbox.stop())
    return outbox
  }
  t.after(() => server.close())
  const place = desk()
  server.answer((request) => place.take(request))
  return { server, clock, storage, place, start, outbox: start(), failed }
}

const inbox = 'ibx_1'

test('what is written is shown at once, kept, sent, and then forgotten', async (t) => {
  const { outbox, place, storage } = await sending(t)
  await outbox.loaded
  const seen: number[] = []
  outbox.subscribe(() => seen.push(outbox.getState().length))
  const entry = outbox.post('cnv_a', { text: 'Hello' })
  assert.ok(entry.ok)
  assert.deepEqual(outbox.getState(), [entry.value])
  await until('it is sent', () => outbox.getState().length === 0)
  assert.deepEqual(place.texts(), ['Hello'])
  assert.equal(place.said[0]?.client, entry.value.id)
  assert.equal(seen.at(-1), 0)
  await until('it is forgotten', () => seen.length > 0)
  assert.deepEqual(await storage.load(), [])
})

test('nothing is sent before it is kept', async (t) => {
  let keep = (): void => {}
  const kept = new Promise<void>((resolve) => (keep = resolve))
  const storage = { ...memoryStorage(), save: () => kept }
  const { outbox, server } = await sending(t, storage)
  await outbox.loaded
  outbox.post('cnv_a', { text: 'Hello' })
  outbox.wake()
  assert.equal(outbox.getState()[0]?.state, 'waiting')
  assert.equal(server.requests.length, 0)
  keep()
  await until('it is sent', () => outbox.getState().length === 0)
})

test('a reload sends what was left, in order, and only once each', async (t) => {
  const { server, start, outbox, place } = await sending(t)
  server.answer(() => ({ cut: 'before' }))
  const opening = outbox.open({ inbox, message: { text: '1' } })
  assert.ok(opening.ok)
  outbox.post(opening.value.id, { text: '2' })
  outbox.post(opening.value.id, { text: '3' })
  await until('it was tried', () => server.requests.length > 0)
  outbox.stop()

  server.answer((request) => place.take(request))
  const reloaded = start()
  await until('all is sent', () => place.said.length === 3 && reloaded.getState().length === 0)
  assert.deepEqual(place.texts(), ['1', '2', '3'])
  assert.equal(new Set(place.said.map((one) => one.conversation)).size, 1)
  assert.equal(reloaded.conversationOf(opening.value.id), place.said[0]?.conversation)
})

test('a long absence of the network ends with everything sent once and in order', async (t) => {
  const random = seededRandom('long absence')
  const { server, clock, outbox, place } = await sending(t)
  server.answer((request) => {
    const fate = random.below(5)
    if (fate === 0) return { cut: 'before' }
    if (fate === 1) return refusing('not_signed_in')
    const reply = place.take(request)
    // The answer may be lost although the message is there.
    return fate === 2 ? { cut: 'before' } : fate === 3 ? refusing('internal') : reply
  })
  for (let n = 0; n < 30; n++) outbox.post(`cnv_${n % 3}`, { text: `${n}` })
  await until('all is sent', () => {
    if (clock.timers() > 0) clock.advance(1_000)
    return outbox.getState().length === 0
  })
  for (const lane of [0, 1, 2]) {
    const said = place.said.filter((one) => one.conversation === `cnv_${lane}`)
    assert.deepEqual(
      said.map((one) => Number(one.text)),
      Array.from({ length: 10 }, (_, at) => at * 3 + lane),
    )
  }
})

test('only so many are sent at once', async (t) => {
  const { server, outbox } = await sending(t)
  server.answer(() => new Promise(() => {}))
  for (let n = 0; n < 20; n++) outbox.post(`cnv_${n}`, { text: 'x' })
  const sent = (): number => outbox.getState().filter(({ state }) => state === 'sending').length
  await until('they are sent', () => server.requests.length === limits.outboxSendsAtOnceMax)
  assert.equal(sent(), limits.outboxSendsAtOnceMax)
})

test('a refusal for good is kept with its reason, also over a reload, until it is discarded', async (t) => {
  const { server, start, outbox, storage } = await sending(t)
  server.answer(() => refusing('invalid_field'))
  const entry = outbox.post('cnv_a', { text: 'x' })
  assert.ok(entry.ok)
  await until('it is refused', () => outbox.getState()[0]?.state === 'refused')
  outbox.stop()
  const reloaded = start()
  await reloaded.loaded
  assert.equal(reloaded.getState()[0]?.refusal?.code, 'invalid_field')
  reloaded.wake()
  assert.equal(server.requests.length, 1)
  reloaded.discard(entry.value.id)
  assert.deepEqual(reloaded.getState(), [])
  await until('it is sent no more', () => true)
  assert.deepEqual(await storage.load(), [])
})

test('a refused entry can be tried again', async (t) => {
  const { server, outbox, place } = await sending(t)
  server.answer(() => refusing('not_allowed'))
  const entry = outbox.post('cnv_a', { text: 'x' })
  assert.ok(entry.ok)
  await until('it is refused', () => outbox.getState()[0]?.state === 'refused')
  server.answer((request) => place.take(request))
  outbox.retry(entry.value.id)
  await until('it is sent', () => outbox.getState().length === 0)
})

test('why an entry waits is told', async (t) => {
  const { server, outbox } = await sending(t)
  server.answer(() => refusing('not_signed_in'))
  outbox.post('cnv_a', { text: 'x' })
  await until('it was tried', () => outbox.getState()[0]?.failures === 1)
  assert.equal(outbox.getState()[0]?.trouble?.code, 'not_signed_in')
})

test('the feed may confirm before the answer comes', async (t) => {
  const { server, outbox, storage } = await sending(t)
  let answer: (reply: Reply) => void = () => {}
  server.answer(() => new Promise((resolve) => (answer = resolve)))
  const entry = outbox.open({ inbox, message: { text: 'x' } })
  assert.ok(entry.ok)
  const accepted: string[] = []
  outbox.onAccepted((one, conversation) => accepted.push(`${one.id} ${conversation}`))
  await until('it is being sent', () => server.requests.length === 1)
  outbox.confirm('01890000-0000-7000-8000-000000000000', 'cnv_x')
  assert.equal(outbox.getState().length, 1)
  outbox.confirm(entry.value.id, 'cnv_a')
  assert.deepEqual(outbox.getState(), [])
  answer({ body: { conversation: { id: 'cnv_a' } } })
  assert.equal(outbox.conversationOf(entry.value.id), 'cnv_a')
  outbox.post(entry.value.id, { text: 'y' })
  await until('the next goes to the right place', () => server.requests.length === 2)
  assert.equal(server.requests[1]?.path, '/v1/conversations/cnv_a/messages')
  assert.deepEqual(accepted, [`${entry.value.id} cnv_a`])
  assert.equal((await storage.load()).length, 1)
})

test('two tabs over one storage send everything once and in order', async (t) => {
  const { server, clock, start, outbox, place } = await sending(t)
  server.answer(() => refusing('unavailable'))
  const opening = outbox.open({ inbox, message: { text: '0' } })
  assert.ok(opening.ok)
  for (let n = 1; n < 8; n++) outbox.post(opening.value.id, { text: `${n}` })
  await until('all is kept and one was tried', () => server.requests.length > 0)
  const other = start()
  await other.loaded
  server.answer((request) => place.take(request))
  await until('both are done', () => {
    if (clock.timers() > 0) clock.advance(1_000)
    return outbox.getState().length + other.getState().length === 0
  })
  assert.deepEqual(place.texts(), ['0', '1', '2', '3', '4', '5', '6', '7'])
})

test('a clock that went back does not change the order', async (t) => {
  const { server, clock, outbox, place, start } = await sending(t)
  server.answer(() => refusing('unavailable'))
  outbox.post('cnv_a', { text: '1' })
  await until('it was tried', () => server.requests.length > 0)
  outbox.stop()
  clock.setWall(1_000_000)
  const second = start()
  await second.loaded
  second.post('cnv_a', { text: '2' })
  await until('it is kept and the first was tried', () => server.requests.length > 1)
  second.stop()
  server.answer((request) => place.take(request))
  const third = start()
  await until('all is sent', () => place.said.length === 2)
  assert.deepEqual(place.texts(), ['1', '2'])
  assert.ok(third.getState().length < 2)
})

test('a reload after an open was accepted knows where the rest belongs', async (t) => {
  const { server, outbox, place, start } = await sending(t)
  server.answer((request) =>
    request.path === '/v1/conversations' ? place.take(request) : refusing('not_signed_in'),
  )
  const opening = outbox.open({ inbox, message: { text: '1' } })
  assert.ok(opening.ok)
  outbox.post(opening.value.id, { text: '2' })
  await until('the second was tried', () => outbox.getState()[0]?.failures === 1)
  outbox.stop()
  server.answer((request) => place.take(request))
  const reloaded = start()
  await until('all is sent', () => place.said.length === 2)
  assert.equal(place.said[1]?.conversation, place.said[0]?.conversation)
  await until('nothing is left', () => reloaded.getState().length === 0)
})

test('a full outbox takes nothing more, and says so', async (t) => {
  const { server, outbox } = await sending(t)
  server.answer(() => new Promise(() => {}))
  for (let n = 0; n < limits.outboxEntriesMax; n++) {
    assert.ok(outbox.post('cnv_a', { text: 'x' }).ok)
  }
  const refused = outbox.post('cnv_a', { text: 'x' })
  assert.equal(!refused.ok && refused.refusal.code, 'limit_reached')
  assert.equal(!refused.ok && refused.refusal.limit, limits.outboxEntriesMax)
})

test('a storage that fails is told, and the message is sent all the same', async (t) => {
  const fails = (): Promise<never> => Promise.reject(new Error('no room'))
  const { outbox, place, failed } = await sending(t, { load: fails, save: fails, remove: fails })
  outbox.post('cnv_a', { text: 'x' })
  await until('it is sent', () => outbox.getState().length === 0)
  await until('the failures are told', () => failed.length === 3)
  assert.deepEqual(place.texts(), ['x'])
})
