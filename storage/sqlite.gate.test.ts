import assert from 'node:assert/strict'
import { setImmediate as macrotask } from 'node:timers/promises'
import { test } from 'node:test'
import type { Kysely } from 'kysely'
import { limits } from '@fermata/base/limits'
import { fakeClock } from '@fermata/testkit/clock'
import { event, insertThing, newId, thing, thingByName, type Thing } from './contract.world.ts'
import { flusherByHand, openedSqlite } from './sqlite.world.ts'

test('an action answers after its commit, and the gate opens after the flush', async (t) => {
  const flusher = flusherByHand(t)
  const storage = await openedSqlite(t, { flusher: async () => flusher })
  assert.equal(storage.durable(), undefined, 'everything is on disk when the database opens')
  await storage.write((tx) => tx.run(insertThing, thing('a')))
  let open = false
  const durable = storage.durable()?.then(() => (open = true))
  await macrotask()
  assert.equal(open, false)
  flusher.started.shift()!.resolve()
  await durable
  assert.equal(storage.durable(), undefined)
})

test('a read that saw a commit before its flush must wait at the gate', async (t) => {
  const flusher = flusherByHand(t)
  const storage = await openedSqlite(t, { flusher: async () => flusher })
  await storage.write((tx) => tx.run(insertThing, thing('a')))
  const seen = await storage.read((tx) => tx.get(thingByName, { name: 'a' }))
  assert.equal(seen?.name, 'a')
  let open = false
  void storage.durable()?.then(() => (open = true))
  await macrotask()
  assert.equal(open, false, 'the read would show what a power cut could still remove')
  flusher.letAll()
  await macrotask()
  assert.equal(open, true)
})

test('whoever listens to the feed hears of nothing before its flush', async (t) => {
  const flusher = flusherByHand(t)
  const storage = await openedSqlite(t, { flusher: async () => flusher })
  const heard: number[] = []
  storage.onHead((_, head) => heard.push(head))
  const workspace = newId()
  const emit = (): Promise<void> => storage.write(async (tx) => tx.emit(event(workspace)))
  await emit()
  await macrotask()
  assert.deepEqual(heard, [])
  assert.equal(flusher.started.length, 1, 'the feed asks for the flush by itself')
  await emit()
  flusher.started.shift()!.resolve()
  await macrotask()
  assert.deepEqual(heard, [1], 'the second commit came after the flush had started')
  flusher.started.shift()!.resolve()
  await macrotask()
  assert.deepEqual(heard, [1, 2])
})

test('a library’s commits count at the gate, in and outside transactions', async (t) => {
  const flusher = flusherByHand(t)
  const storage = await openedSqlite(t, { flusher: async () => flusher })
  const db = storage.kysely() as Kysely<{ things: Thing }>
  const flushed = async (): Promise<void> => {
    const durable = storage.durable()
    assert.notEqual(durable, undefined, 'the commit must be flushed')
    flusher.started.shift()!.resolve()
    await durable
    assert.equal(storage.durable(), undefined)
  }
  await db.insertInto('things').values(thing('a')).execute()
  await flushed()
  await db.insertInto('things').values(thing('b')).returning('name').execute()
  await flushed()
  await db.transaction().execute((trx) => trx.insertInto('things').values(thing('c')).execute())
  await flushed()
  await db.selectFrom('things').selectAll().execute()
  assert.equal(storage.durable(), undefined, 'a look is no commit')
})

test('after a failed flush the process is told to end and no promise is kept', async (t) => {
  const flusher = flusherByHand(t)
  const fatal: Error[] = []
  const storage = await openedSqlite(t, {
    flusher: async () => flusher,
    fatal: (error) => fatal.push(error),
  })
  const heard: number[] = []
  storage.onHead((_, head) => heard.push(head))
  await storage.write(async (tx) => tx.emit(event(newId())))
  let open = false
  void storage.durable()?.then(() => (open = true))
  flusher.started.shift()!.reject(new Error('EIO'))
  await macrotask()
  assert.equal(fatal.length, 1)
  assert.match(fatal[0]!.message, /flush of the database failed/)
  flusher.letAll()
  await macrotask()
  assert.equal(open, false)
  assert.deepEqual(heard, [])
})

test('a library that holds a transaction too long loses it, and actions go on', async (t) => {
  const clock = fakeClock()
  const storage = await openedSqlite(t, { clock })
  const db = storage.kysely() as Kysely<{ things: Thing }>
  const inside = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const held = db.transaction().execute(async (trx) => {
    await trx.insertInto('things').values(thing('held')).execute()
    inside.resolve()
    await goOn.promise
    await trx.insertInto('things').values(thing('late')).execute()
  })
  await inside.promise
  const action = storage.write((tx) => tx.run(insertThing, thing('action')))
  clock.advance(limits.kyselyTransactionMsMax)
  await action
  goOn.resolve()
  await assert.rejects(held, /kyselyTransactionMsMax/)
  const kept = await db.selectFrom('things').select('name').execute()
  assert.deepEqual(kept, [{ name: 'action' }])
})
