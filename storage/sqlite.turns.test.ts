import assert from 'node:assert/strict'
import { setImmediate as macrotask } from 'node:timers/promises'
import { test } from 'node:test'
import { AssertionFailure } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import { fakeClock } from '@fermata/testkit/clock'
import { allThings, insertThing, thing } from './contract.world.ts'
import { ReadTooLong } from './port.ts'
import { openedSqlite } from './sqlite.world.ts'

test('actions that wait together share one commit', async (t) => {
  const storage = await openedSqlite(t)
  const before = storage.figures()['commits_total']!
  const actions = Array.from({ length: limits.writeBatchActionsMax + 1 }, (_, i) =>
    storage.write((tx) => tx.run(insertThing, thing(`t${i}`))),
  )
  await Promise.all(actions)
  assert.equal(storage.figures()['commits_total'], before + 2)
})

test('an action that waits for anything but the database is a bug that ends the process', async (t) => {
  const fatal: Error[] = []
  const storage = await openedSqlite(t, { fatal: (error) => fatal.push(error) })
  const slow = storage.write(async () => {
    for (let i = 0; i < 100 && fatal.length === 0; i++) await macrotask()
  })
  await slow
  assert.equal(fatal.length, 1)
  assert.ok(fatal[0] instanceof AssertionFailure)
})

test('a read that holds its snapshot too long is cut off, and those behind it go on', async (t) => {
  const clock = fakeClock()
  const storage = await openedSqlite(t, { clock })
  const forGood = Promise.withResolvers<void>()
  const slow = storage.read(async (tx) => {
    await tx.all(allThings, {})
    await forGood.promise
    return tx.all(allThings, {})
  })
  const behind = storage.read((tx) => tx.all(allThings, {}))
  await macrotask()
  clock.advance(limits.readTransactionMsMax - 1)
  await macrotask()
  assert.equal(storage.figures()['reads_cut_off_total'], 0)
  clock.advance(1)
  await assert.rejects(slow, (error) => {
    assert.ok(error instanceof ReadTooLong)
    assert.match(error.message, /readTransactionMsMax/)
    return true
  })
  assert.deepEqual(await behind, [])
  assert.equal(storage.figures()['reads_cut_off_total'], 1)
  forGood.resolve()
  await macrotask()
})

test('a read is measured from its own start, not from that of an earlier one', async (t) => {
  const clock = fakeClock()
  const storage = await openedSqlite(t, { clock })
  await storage.read((tx) => tx.all(allThings, {}))
  clock.advance(limits.readTransactionMsMax / 2)
  const go = Promise.withResolvers<void>()
  const look = storage.read(async (tx) => {
    await go.promise
    return tx.all(allThings, {})
  })
  await macrotask()
  clock.advance(limits.readTransactionMsMax - 1)
  go.resolve()
  assert.deepEqual(await look, [])
})

test('reads in a row let the event loop turn once they have taken their time', async (t) => {
  const clock = fakeClock()
  const storage = await openedSqlite(t, { clock })
  const orderOf = async (tookMs: number): Promise<string[]> => {
    const order: string[] = []
    void storage.read(async () => {
      clock.advance(tookMs)
      order.push('first')
    })
    setImmediate(() => order.push('somebody else'))
    await storage.read(async () => order.push('second'))
    await macrotask()
    return order
  }
  assert.deepEqual(await orderOf(limits.readTurnMsMax - 1), ['first', 'second', 'somebody else'])
  assert.deepEqual(await orderOf(limits.readTurnMsMax), ['first', 'somebody else', 'second'])
})

test('reads that wait or run when the database is closed are refused, and those after it', async (t) => {
  const storage = await openedSqlite(t)
  const look = storage.read((tx) => tx.all(allThings, {}))
  const forGood = new Promise<void>(() => {})
  const held = storage.read(() => forGood)
  const waiting = storage.read((tx) => tx.all(allThings, {}))
  assert.deepEqual(await look, [])
  const closed = { message: 'the database is closed' }
  const refused = [assert.rejects(held, closed), assert.rejects(waiting, closed)]
  await storage.close()
  await Promise.all(refused)
  await assert.rejects(
    storage.read((tx) => tx.all(allThings, {})),
    closed,
  )
  await macrotask()
})
