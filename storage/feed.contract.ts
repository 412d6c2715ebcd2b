import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import { seededRandom } from '@fermata/testkit/random'
import { eventsOfContact, newestEventsOfConversation } from './feed.ts'
import type { Storage, StoredEvent } from './port.ts'
import {
  event,
  insertThing,
  newId,
  plain,
  testsOver,
  thing,
  thingByName,
  type Adapter,
} from './contract.world.ts'

/** All events of a workspace, as a reader sees them now. */
function eventsOf(storage: Storage, workspace: Uint8Array): Promise<StoredEvent[]> {
  return storage.read((tx) => storage.events(tx, { workspace, position: 0, limit: 100_000 }))
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Runs what every adapter promises about the feed. */
export function feedContract(adapter: Adapter): void {
  const check = testsOver(adapter)

  check('an event comes back with all its fields and its position', async (storage) => {
    const workspace = newId()
    const full = {
      workspace,
      at: 1_750_000_000_123,
      actor: 'mbr_a',
      type: 'message.sent',
      place: newId(),
      conversation: newId(),
      contact: newId(),
      only: 'mbr_a',
    }
    await storage.write(async (tx) => {
      tx.emit({ ...full, body: { text: 'é "quoted" 🎵', deep: [1, { a: null }] } })
      tx.emit(event(workspace))
    })
    const [first, second] = await eventsOf(storage, workspace)
    const ids = ['workspace', 'place', 'conversation', 'contact'] as const
    for (const id of ids) assert.deepEqual(plain(first![id]), plain(full[id]))
    const { body, position, at, actor, type, only } = first!
    assert.deepEqual(JSON.parse(body), { text: 'é "quoted" 🎵', deep: [1, { a: null }] })
    assert.deepEqual(
      { position, at, actor, type, only },
      {
        position: 1,
        at: full.at,
        actor: 'mbr_a',
        type: 'message.sent',
        only: 'mbr_a',
      },
    )
    assert.equal(second!.position, 2)
    assert.deepEqual(
      [second!.place, second!.contact, second!.only, second!.actor],
      [null, null, null, null],
    )
  })

  check('a workspace without events has both bounds at 0', async (storage) => {
    assert.deepEqual(await storage.read((tx) => storage.bounds(tx, newId())), { head: 0, tail: 0 })
  })

  check('an action that throws leaves no event and no gap', async (storage) => {
    const workspace = newId()
    await Promise.allSettled(
      [0, 1, 2, 3].map((i) =>
        storage.write(async (tx) => {
          tx.emit(event(workspace, `type.${i}`))
          if (i === 1) throw new Error('no')
        }),
      ),
    )
    const events = await eventsOf(storage, workspace)
    assert.deepEqual(
      events.map((one) => one.position),
      [1, 2, 3],
    )
    assert.equal(
      events.some((one) => one.type === 'type.1'),
      false,
    )
  })

  check(
    'positions have no gaps for any reader while writers come and fail at random',
    async (storage) => {
      const random = seededRandom(`${adapter.name} positions`)
      const workspaces = [newId(), newId(), newId()]
      let writing = true
      let looks = 0
      const reader = async (): Promise<void> => {
        for (; writing; looks++) {
          await storage.read(async (tx) => {
            for (const workspace of workspaces) {
              const { head } = await storage.bounds(tx, workspace)
              const seen = await storage.events(tx, { workspace, position: 0, limit: 100_000 })
              assert.deepEqual(
                seen.map((one) => one.position),
                Array.from({ length: head }, (_, i) => i + 1),
              )
            }
          })
          await turn()
        }
      }
      const writers = Array.from({ length: 120 }, async (_, i) => {
        const mine = random.shuffled(workspaces).slice(0, 1 + random.below(2))
        const fails = random.chance(0.2)
        const waits = random.below(6)
        for (let wait = random.below(20); wait > 0; wait--) await turn()
        await storage.write(async (tx) => {
          await tx.run(insertThing, thing(`t${i}`))
          for (const workspace of mine) tx.emit(event(workspace, `type.${i}`))
          // On PostgreSQL this makes later actions commit sooner.
          for (let wait = 0; wait < waits; wait++) await tx.get(thingByName, { name: 'none' })
          if (fails) throw new Error('no')
          for (const workspace of mine) tx.emit(event(workspace, `type.${i}`))
        })
        return mine.length * 2
      })
      const reading = reader()
      const done = await Promise.allSettled(writers)
      writing = false
      await reading
      assert.ok(looks > 0)
      const emitted = done.reduce(
        (sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0),
        0,
      )
      const heads = await storage.read((tx) =>
        Promise.all(workspaces.map((one) => storage.bounds(tx, one))),
      )
      assert.equal(
        heads.reduce((sum, one) => sum + one.head, 0),
        emitted,
      )
    },
  )

  check('the events of an action keep their order and stand together', async (storage) => {
    const workspace = newId()
    const actions = Array.from({ length: 20 }, (_, i) =>
      storage.write(async (tx) => {
        for (const part of [0, 1, 2]) tx.emit(event(workspace, `${i}.${part}`))
      }),
    )
    await Promise.all(actions)
    const types = (await eventsOf(storage, workspace)).map((one) => one.type)
    for (let at = 0; at < types.length; at += 3) {
      const [action] = types[at]!.split('.')
      assert.deepEqual(
        types.slice(at, at + 3),
        [0, 1, 2].map((part) => `${action}.${part}`),
      )
    }
  })

  check('whoever listens hears of the head, and a read then finds it', async (storage) => {
    const workspace = newId()
    const heard: number[] = []
    const whole = Promise.withResolvers<void>()
    const stop = storage.onHead((of, head) => {
      assert.deepEqual(plain(of), plain(workspace))
      heard.push(head)
      if (head === 5) whole.resolve()
    })
    for (let i = 0; i < 5; i++) await storage.write(async (tx) => tx.emit(event(workspace)))
    await whole.promise
    assert.deepEqual(
      heard,
      heard.toSorted((a, b) => a - b),
    )
    assert.equal((await eventsOf(storage, workspace)).length, 5)
    stop()
    await storage.write(async (tx) => tx.emit(event(workspace)))
    await storage.durable()
    await turn()
    assert.equal(heard.at(-1), 5)
  })

  check('a page of events begins after the position and ends at the limit', async (storage) => {
    const workspace = newId()
    await storage.write(async (tx) => {
      for (let i = 0; i < 10; i++) tx.emit(event(workspace))
    })
    const page = await storage.read((tx) =>
      storage.events(tx, { workspace, position: 4, limit: 3 }),
    )
    assert.deepEqual(
      page.map((one) => one.position),
      [5, 6, 7],
    )
  })

  check('trimming removes the oldest events in steps and moves the tail', async (storage) => {
    const [workspace, other] = [newId(), newId()]
    const count = limits.feedTrimEventsPerStep + 10
    await storage.write(async (tx) => {
      for (let i = 0; i < count; i++) tx.emit(event(workspace))
      tx.emit(event(other))
    })
    assert.equal(await storage.trim(workspace, 4), count - 4)
    const bounds = await storage.read((tx) => storage.bounds(tx, workspace))
    assert.deepEqual(bounds, { head: count, tail: count - 4 })
    assert.deepEqual(
      (await eventsOf(storage, workspace)).map((one) => one.position),
      [3, 2, 1, 0].map((before) => count - before),
    )
    assert.equal((await eventsOf(storage, other)).length, 1)
    assert.equal(await storage.trim(workspace, 4), 0)
    await storage.write(async (tx) => tx.emit(event(workspace)))
    assert.equal((await eventsOf(storage, workspace)).at(-1)!.position, count + 1)
  })

  check('events are found by their contact and by their conversation', async (storage) => {
    const [workspace, contact, conversation] = [newId(), newId(), newId()]
    await storage.write(async (tx) => {
      await tx.run(insertThing, thing('a'))
      tx.emit({ ...event(workspace, 'both'), contact, conversation })
      tx.emit({ ...event(workspace, 'neither') })
      tx.emit({ ...event(workspace, 'conversation'), conversation })
      tx.emit({ ...event(workspace, 'contact'), contact })
      tx.emit({ ...event(workspace, 'message.posted'), conversation })
      tx.emit({ ...event(workspace, 'others'), contact: newId(), conversation: newId() })
    })
    const found = await storage.read(async (tx) => ({
      contact: await tx.all(eventsOfContact, { workspace, contact, position: 1, limit: 10 }),
      newest: await tx.all(newestEventsOfConversation, { workspace, conversation, limit: 10 }),
      elsewhere: await tx.all(newestEventsOfConversation, {
        workspace: newId(),
        conversation,
        limit: 10,
      }),
    }))
    assert.deepEqual(
      found.contact.map((one) => one.type),
      ['contact'],
    )
    assert.deepEqual(
      found.newest.map((one) => one.type),
      ['conversation', 'both'],
    )
    assert.deepEqual(found.elsewhere, [])
  })
}
