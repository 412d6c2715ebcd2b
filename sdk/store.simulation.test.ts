import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ConversationId } from '@fermata/base/ids'
import { compareKeys, sortKey } from '@fermata/contract/lists'
import { windowName, type WindowKey } from '@fermata/contract/state'
import { fakeClock } from '@fermata/testkit/clock'
import { Desk } from '@fermata/testkit/desk'
import { randomFrom, seededRandom, type SeededRandom } from '@fermata/testkit/random'
import { startScripted, type Scripted } from '@fermata/testkit/scripted'
import { until } from '@fermata/testkit/until'
import { createClient } from './client.ts'
import { createStore, type Store } from './store.ts'

/** A store that looks at a desk, and how far its feed has been told. */
interface Looking {
  readonly desk: Desk
  readonly server: Scripted
  readonly store: Store
  readonly random: SeededRandom
  readonly clock: ReturnType<typeof fakeClock>
  /** Answers that are made but have not left yet. */
  readonly held: (() => void)[]
}

const keys: WindowKey[] = [
  { list: 'ours', inbox: null, contact: null },
  { list: 'paused', inbox: null, contact: null },
  { list: 'all', inbox: null, contact: null },
  { list: 'all', inbox: 'ibx_1', contact: null },
]

async function look(t: TestContext, random: SeededRandom): Promise<Looking> {
  const server = await startScripted()
  const desk = new Desk(random)
  for (let n = 0; n < 60; n++) desk.act()
  const held: (() => void)[] = []
  server.answer((request) => {
    // The answer is what is true now; it arrives later, when other things have happened.
    const reply = desk.answer(request)
    return new Promise((resolve) => held.push(() => resolve(reply)))
  })
  const clock = fakeClock()
  const store = createStore({
    client: createClient({ url: server.url, clock }),
    transport: 'stream',
  })
  t.after(async () => {
    store.stop()
    for (const release of held) release()
    await server.close()
  })
  return { desk, server, store, random, clock, held }
}

/** Tells the live follower the next part of the feed, or something worse. */
function tell({ desk, server, random, store }: Looking, isCalm: boolean): void {
  const follower = server.followers.at(-1)
  if (follower === undefined || follower.gone()) return
  const since = told.get(follower) ?? follower.since ?? 0
  if (!isCalm && random.chance(0.02)) return follower.cut()
  if (!isCalm && random.chance(0.01)) {
    told.set(follower, desk.head)
    return follower.send({ type: 'reset', position: desk.head })
  }
  const position = isCalm ? desk.head : Math.min(desk.head, since + random.below(6))
  const events = desk.events(since, position)
  told.set(follower, position)
  follower.send({ type: 'events', position, events })
  if (position === desk.head && store.getState().feed !== 'live') {
    follower.send({ type: 'heartbeat', position })
  }
}
const told = new WeakMap<object, number>()

/** Lets an answer leave, and time pass for whoever waits. */
function release({ held, random, clock, store }: Looking): void {
  if (held.length > 0) held.splice(random.below(held.length), 1)[0]!()
  if (store.getState().feed === 'waiting') clock.advance(500)
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

/** Whether the store shows what a fresh read would: rows, order, own state and messages. */
function audit({ desk, store }: Looking, threads: readonly ConversationId[]): void {
  const { state } = store.getState()
  for (const key of keys) {
    const window = state.windows[windowName(key)]
    assert.ok(window, `${windowName(key)} is there`)
    const fresh = desk.list(key).filter((row) => {
      return window.end === null || compareKeys(sortKey(key.list, row), window.end) <= 0
    })
    assert.deepEqual(
      window.ids,
      fresh.map((row) => row.id),
      windowName(key),
    )
    for (const row of fresh) {
      assert.deepEqual(state.rows[row.id], row)
      assert.deepEqual(state.mine[row.id], desk.mine.get(row.id))
    }
  }
  for (const id of threads) {
    const isVisible = desk.visible.has(desk.rows.get(id)!.inbox)
    const thread = state.threads[id]
    assert.equal(thread !== undefined, isVisible, `the thread ${id}`)
    if (thread === undefined) continue
    const said = desk.messages.get(id)!
    assert.deepEqual(thread.messages, said.slice(-thread.messages.length))
    assert.equal(thread.more.before, thread.messages.length < said.length)
  }
  assert.deepEqual(Object.keys(state.inboxes).toSorted(), [...desk.visible].toSorted())
}

async function simulate(t: TestContext, seed: number): Promise<void> {
  const looking = await look(t, randomFrom(seed))
  const { desk, store, random, held, server } = looking
  const threads: ConversationId[] = []
  for (const key of keys) store.showWindow(key)
  store.start()
  for (let step = 0; step < 400; step++) {
    if (random.chance(0.5)) desk.act()
    if (random.chance(0.6)) tell(looking, false)
    if (random.chance(0.6)) release(looking)
    if (random.chance(0.05)) void store.moreRows(random.pick(keys))
    if (random.chance(0.02) && threads.length < 8) {
      const id = random.pick([...desk.rows.keys()])
      if (desk.visible.has(desk.rows.get(id)!.inbox)) {
        threads.push(id)
        store.showThread(id)
      }
    }
    if (random.chance(0.05) && threads.length > 0) void store.olderMessages(random.pick(threads))
    await turn()
  }
  let asked = -1
  await until(`all is calm (seed ${seed})`, () => {
    if (store.getState().feed !== 'live' || store.getState().state.position < desk.head) {
      tell(looking, true)
    }
    release(looking)
    const { loads, feed, state } = store.getState()
    const isBusy = Object.values(loads).some((load) => load?.state === 'loading')
    const isCalm = feed === 'live' && !isBusy && held.length === 0 && state.position === desk.head
    const isStill = isCalm && asked === server.requests.length
    asked = server.requests.length
    return isStill
  })
  audit(looking, threads)
}

test('whatever happens while it fetches, the store ends with what a fresh read shows', async (t) => {
  const random = seededRandom('store simulation')
  for (let round = 0; round < 15; round++) await simulate(t, random.below(2 ** 31))
})
