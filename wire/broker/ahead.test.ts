import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { fakeClock } from '@fermata/testkit/clock'
import { append, made } from '../log/contract.world.ts'
import { openMemoryLog } from '../log/store.memory.ts'
import type { LogStore, ReadOrder } from '../log/store.ts'
import { offsetAfter, openAhead } from './ahead.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const bytesMax = limits.fetchAheadBytesMin

/** A log with so many batches of 8 KiB, and how often it was read. */
async function filled(batches: number) {
  const log = openMemoryLog({ clock: fakeClock() })
  const partition = await made(log)
  for (let at = 0; at < batches; at++) await append(log, partition, [String(at % 10).repeat(8_192)])
  const orders: ReadOrder[] = []
  let hold: Promise<void> = Promise.resolve()
  const counted: Pick<LogStore, 'read' | 'partition'> = {
    partition: (one) => log.partition(one),
    async read(order) {
      orders.push(order)
      await hold
      return log.read(order)
    },
  }
  const holdReads = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    hold = promise
    return resolve
  }
  return { log, partition, orders, holdReads, ahead: openAhead(counted) }
}

void test('whoever reads on is given the same as without it, and each piece is read once', async () => {
  const { log, partition, orders, ahead } = await filled(100)
  let offset = 0
  while (offset < 100) {
    const order = { partition, offset, bytesMax, committed: false }
    const [got, plain] = [await ahead.read(order), await log.read(order)]
    assert.deepEqual(got, plain)
    assert.ok(got.ok)
    offset = offsetAfter(got.value.bytes, offset)
    await turn()
    const last = orders.at(-1)!.offset
    assert.equal(last, offset < 100 ? offset : last, 'what follows is read before it is asked for')
  }
  assert.equal(new Set(orders.map((one) => one.offset)).size, orders.length)
  assert.equal(ahead.heldBytes(), 0, 'and nothing behind the end')
})

void test('somebody who takes little, or has all there is, has nothing read ahead', async () => {
  const { partition, orders, ahead } = await filled(20)
  await ahead.read({ partition, offset: 0, bytesMax: bytesMax / 2, committed: false })
  await ahead.read({ partition, offset: 0, bytesMax: 4 * bytesMax, committed: false })
  await turn()
  assert.equal(orders.length, 2)
  assert.equal(ahead.heldBytes(), 0)
})

void test('what was deleted since it was read is not given', async () => {
  const { log, partition, ahead } = await filled(40)
  const got = await ahead.read({ partition, offset: 0, bytesMax, committed: false })
  assert.ok(got.ok)
  await turn()
  assert.ok(ahead.heldBytes() > 0)
  assert.ok((await log.deleteRecords({ partition, before: 40 })).ok)
  const offset = offsetAfter(got.value.bytes, 0)
  const after = await ahead.read({ partition, offset, bytesMax, committed: false })
  assert.equal(!after.ok && after.refusal.code, 'offset_out_of_range')
})

void test('whoever has room for less than was read gets as much as there is room for', async () => {
  const { log, partition, ahead } = await filled(40)
  const got = await ahead.read({ partition, offset: 0, bytesMax, committed: false })
  assert.ok(got.ok)
  await turn()
  const offset = offsetAfter(got.value.bytes, 0)
  const less = { partition, offset, bytesMax: 20_000, committed: false }
  assert.deepEqual(await ahead.read(less), await log.read(less))
})

void test('what is held for everybody together is bounded; the oldest goes, but not what is being read', async () => {
  const { partition, orders, holdReads, ahead } = await filled(600)
  const share = limits.fetchAheadBytesTotalMax / 8
  const reads = (offset: number) =>
    ahead.read({ partition, offset, bytesMax: share, committed: false })
  for (let at = 0; at < 20; at++) {
    await reads(at)
    await turn()
    assert.ok(ahead.heldBytes() <= limits.fetchAheadBytesTotalMax)
  }
  assert.ok(ahead.heldBytes() > limits.fetchAheadBytesTotalMax - 2 * share)
  const before = orders.length
  const release = holdReads()
  const waiting = Array.from({ length: 30 }, (_, at) => reads(at + 20))
  release()
  await Promise.all(waiting)
  await turn()
  assert.ok(ahead.heldBytes() <= limits.fetchAheadBytesTotalMax)
  assert.ok(orders.length - before <= 30 + 8 + 8, `${orders.length - before} reads`)
})
