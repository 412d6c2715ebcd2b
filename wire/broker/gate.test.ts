import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { batchOf } from '../log/contract.world.ts'
import { memoryBroker, workspace } from './broker.world.ts'
import { openBroker } from './open.ts'
import { openGate } from './gate.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

void test('a gate lets so many in at a time, the others in line, and nobody who fails stays', async () => {
  const gate = openGate(2)
  const inside: number[] = []
  const leave: (() => void)[] = []
  const passed = [0, 1, 2, 3].map((number) =>
    gate.pass(async () => {
      inside.push(number)
      await new Promise<void>((resolve) => leave.push(resolve))
      if (number === 0) throw new Error('it fell')
      return number
    }),
  )
  const first = assert.rejects(passed[0]!, /it fell/)
  await turn()
  assert.deepEqual(inside, [0, 1])
  leave[0]!()
  await first
  await turn()
  assert.deepEqual(inside, [0, 1, 2])
  leave[1]!()
  await passed[1]
  await turn()
  assert.deepEqual(inside, [0, 1, 2, 3])
  leave[2]!()
  leave[3]!()
  assert.deepEqual(await Promise.all(passed.slice(1)), [1, 2, 3])
})

void test('however many read at once, what is in memory before anybody takes it is bounded', async () => {
  const { log, clock } = await memoryBroker()
  let [now, most, all] = [0, 0, 0]
  const counted: typeof log = {
    ...log,
    read(order) {
      // A turn of the event loop is what it takes until the answer is on its way.
      if (now === 0) setImmediate(() => (now = 0))
      most = Math.max(most, ++now)
      all++
      return log.read(order)
    },
  }
  const newUuid = () => crypto.getRandomValues(new Uint8Array(16))
  const broker = await openBroker({ log: counted, clock, newUuid })
  await broker.createTopics({
    workspace,
    topics: [{ name: 'orders', settings: [] }],
    validateOnly: false,
  })
  const batches = [{ topic: 'orders', index: 0, batch: batchOf(['a']) }]
  await broker.produce({ workspace, acks: -1, batches })
  all = 0
  most = 0
  const place = { topic: 'orders', index: 0, offset: 0, bytesMax: 1e6, leaderEpoch: -1 }
  const order = { workspace, waitMs: 0, bytesMin: 1, bytesMax: 1e6, committed: false }
  const readers = 20 * limits.fetchReadsAtOnceMax
  await Promise.all(
    Array.from({ length: readers }, () => broker.fetch({ ...order, partitions: [place] })),
  )
  assert.equal(all, readers)
  // Where one turn ends and the next begins is not seen to the last read.
  assert.ok(most <= 2 * limits.fetchReadsAtOnceMax, `${most} were read at once`)
})
