import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { encodeMarker } from '../log/marker.ts'
import { batchesIn, batchOf, recordOf, recordTime } from '../log/contract.world.ts'
import { encodeBatch } from '../log/records.ts'
import { memoryBroker, onBothLogs, workspace, type BrokerWorld } from './broker.world.ts'
import type { FetchAnswer, FetchOrder, OffsetQuestion, ProduceAnswer } from './records.port.ts'

const makeTopic = async ({ broker }: BrokerWorld, name = 'orders', partitions = 2) => {
  const settings = [{ name: 'max.message.bytes', value: '60000' }]
  const topics = [{ name, partitions, settings }]
  const [made] = await broker.createTopics({ workspace, topics, validateOnly: false })
  assert.ok(made?.ok)
}

const produce = async (
  { broker }: BrokerWorld,
  batch: Uint8Array,
  { index = 0, acks = -1, topic = 'orders' } = {},
): Promise<ProduceAnswer> => {
  const batches = [{ topic, index, batch }]
  const [answer] = await broker.produce({ workspace, acks, batches })
  return answer!
}

const orderOf = (changes: Partial<FetchOrder> = {}): FetchOrder => ({
  workspace,
  waitMs: 0,
  bytesMin: 1,
  bytesMax: 1e6,
  committed: false,
  partitions: [at(0)],
  ...changes,
})

const at = (offset: number, index = 0, bytesMax = 1e6) => ({
  topic: 'orders',
  index,
  offset,
  bytesMax,
  leaderEpoch: -1,
})

const textsOf = (answer: FetchAnswer | undefined): string[] => {
  assert.ok(answer?.ok)
  return batchesIn(answer.bytes).flatMap(({ texts }) => texts)
}

const codeOf = (answer: { ok: boolean } | undefined): string | undefined =>
  answer && 'refusal' in answer ? (answer.refusal as { code: string }).code : undefined

onBothLogs('what was produced is fetched, and is there after a new start', async (world) => {
  await makeTopic(world)
  const first = await produce(world, batchOf(['a', 'b']))
  const second = await produce(world, batchOf(['c']), { acks: 1 })
  assert.ok(first.ok && second.ok)
  assert.deepEqual([first.first, second.first], [0, 2])
  const [read] = await world.broker.fetch(orderOf())
  assert.deepEqual(textsOf(read), ['a', 'b', 'c'])
  // From within a batch the whole batch is given, as clients expect.
  const [middle] = await world.broker.fetch(orderOf({ partitions: [at(1)] }))
  assert.deepEqual(textsOf(middle), ['a', 'b', 'c'])
  const after = await world.reopen()
  const [again] = await after.broker.fetch(orderOf())
  assert.deepEqual(textsOf(again), ['a', 'b', 'c'])
  assert.ok(again?.ok)
  assert.deepEqual([again.start, again.stable, again.high], [0, 3, 3])
})

onBothLogs('a producer that repeats a batch is told where it lies', async (world) => {
  await makeTopic(world)
  const numbered = (sequence: number, text: string, epoch = 0) =>
    batchOf([text], { producerId: 7, producerEpoch: epoch, baseSequence: sequence })
  await produce(world, batchOf(['x']))
  const first = await produce(world, numbered(0, 'a'))
  assert.ok(first.ok)
  const after = await world.reopen()
  const again = await produce(after, numbered(0, 'a'))
  assert.ok(again.ok)
  assert.equal(again.first, first.first)
  assert.equal(codeOf(await produce(after, numbered(5, 'e'))), 'out_of_order')
  assert.ok((await produce(after, numbered(0, 'b', 1))).ok)
  assert.equal(codeOf(await produce(after, numbered(1, 'c'))), 'stale_producer_epoch')
})

void test('what cannot be taken is refused by what is wrong with it', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const corrupt = batchOf(['a'])
  corrupt[corrupt.length - 1]! ^= 1
  const marker = encodeMarker({
    baseOffset: 0,
    leaderEpoch: 0,
    producerId: 1,
    producerEpoch: 0,
    coordinatorEpoch: 0,
    commit: true,
    timestamp: 0,
  })
  assert.equal(codeOf(await produce(world, batchOf(['a']), { acks: 2 })), 'invalid_acks')
  assert.equal(codeOf(await produce(world, batchOf(['a']), { index: 2 })), 'unknown_partition')
  assert.equal(codeOf(await produce(world, batchOf(['a']), { topic: 'x' })), 'unknown_topic')
  assert.equal(codeOf(await produce(world, corrupt)), 'corrupt_batch')
  assert.equal(codeOf(await produce(world, new Uint8Array())), 'corrupt_batch')
  assert.equal(codeOf(await produce(world, batchOf(['a'.repeat(60_000)]))), 'batch_too_large')
  assert.equal(codeOf(await produce(world, marker)), 'invalid_record')
  const [read] = await world.broker.fetch(orderOf())
  assert.deepEqual(textsOf(read), [])
})

void test('batches of one order and of those that follow lie in the order given', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  await Promise.all(
    Array.from({ length: 50 }, (_, number) => produce(world, batchOf([String(number)]))),
  )
  const [read] = await world.broker.fetch(orderOf())
  assert.deepEqual(
    textsOf(read),
    Array.from({ length: 50 }, (_, number) => String(number)),
  )
})

onBothLogs('a reader waits for what is not there yet', async (world) => {
  await makeTopic(world)
  const waiting = world.broker.fetch(orderOf({ waitMs: 1000, partitions: [at(0, 0), at(0, 1)] }))
  await produce(world, batchOf(['late']), { index: 1 })
  const [first, second] = await waiting
  assert.deepEqual([textsOf(first), textsOf(second)], [[], ['late']])
})

void test('a reader that wants more waits for more, but not for ever', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const size = batchOf(['12345678']).length
  await produce(world, batchOf(['12345678']))
  const waiting = world.broker.fetch(orderOf({ waitMs: 1000, bytesMin: 3 * size }))
  await produce(world, batchOf(['22345678']))
  await produce(world, batchOf(['32345678']))
  const [read] = await waiting
  assert.deepEqual(textsOf(read), ['12345678', '22345678', '32345678'])
  const patient = world.broker.fetch(orderOf({ waitMs: 1000, bytesMin: 1e4 }))
  await produce(world, batchOf(['42345678']))
  world.clock.advance(1000)
  const [all] = await patient
  assert.equal(textsOf(all).length, 4)
  // Nothing at all, and an answer nevertheless.
  const idle = world.broker.fetch(orderOf({ waitMs: 500, partitions: [at(4)] }))
  await new Promise((resolve) => setImmediate(resolve))
  world.clock.advance(500)
  assert.deepEqual(textsOf((await idle)[0]), [])
})

void test('the first batch is given however large it is, the others as they fit', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const large = 'x'.repeat(1000)
  await produce(world, batchOf([large]))
  await produce(world, batchOf(['b']))
  await produce(world, batchOf([large]), { index: 1 })
  await produce(world, batchOf(['d']), { index: 1 })
  const partitions = [at(0, 0, 10), at(0, 1, 10)]
  const [first, second] = await world.broker.fetch(orderOf({ partitions }))
  assert.deepEqual([textsOf(first), textsOf(second)], [[large], []])
  const [next, other] = await world.broker.fetch(
    orderOf({ bytesMax: 1200, partitions: [at(1), at(0, 1)] }),
  )
  assert.deepEqual([textsOf(next), textsOf(other)], [['b'], [large]])
  const [tight, none] = await world.broker.fetch(
    orderOf({ bytesMax: 200, partitions: [at(1), at(0, 1)] }),
  )
  assert.deepEqual([textsOf(tight), textsOf(none)], [['b'], []])
})

void test('a reader of a place that is not there is told at once', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  await produce(world, batchOf(['a']))
  const ask = async (asked: Partial<FetchOrder['partitions'][number]>) => {
    const partitions = [{ ...at(0), ...asked }, at(0, 1)]
    const [answer] = await world.broker.fetch(orderOf({ waitMs: 1000, partitions }))
    return codeOf(answer)
  }
  assert.equal(await ask({ offset: 2 }), 'offset_out_of_range')
  assert.equal(await ask({ topic: 'x' }), 'unknown_topic')
  assert.equal(await ask({ index: 9 }), 'unknown_partition')
  assert.equal(await ask({ leaderEpoch: 1 }), 'unknown_leader_epoch')
  const deleted = world.broker.fetch(orderOf({ waitMs: 1000, partitions: [at(1)] }))
  await world.broker.deleteTopics({ workspace, topics: [{ name: 'orders' }] })
  assert.equal(codeOf((await deleted)[0]), 'unknown_partition')
})

onBothLogs('offsets are found by their place and by time', async (world) => {
  await makeTopic(world)
  const ask = async (question: OffsetQuestion) => {
    const partitions = [{ topic: 'orders', index: 0, question, leaderEpoch: -1 }]
    const order = { workspace, committed: false, partitions }
    const [answer] = await world.broker.findOffsets(order)
    assert.ok(answer?.ok)
    return [answer.offset, answer.timestamp - (answer.timestamp < 0 ? 0 : recordTime)]
  }
  assert.deepEqual(await ask({ kind: 'newest_time' }), [-1, -1])
  const times = [10, 500, 30, 500, 200]
  for (const time of times) {
    const records = [recordOf('a', recordTime + time)]
    await produce(world, encodeBatch({ baseOffset: 0, leaderEpoch: -1, records }))
  }
  assert.deepEqual(await ask({ kind: 'earliest' }), [0, -1])
  assert.deepEqual(await ask({ kind: 'latest' }), [5, -1])
  assert.deepEqual(await ask({ kind: 'time', timestamp: recordTime + 20 }), [1, 500])
  assert.deepEqual(await ask({ kind: 'time', timestamp: recordTime }), [0, 10])
  assert.deepEqual(await ask({ kind: 'time', timestamp: recordTime + 501 }), [-1, -1])
  assert.deepEqual(await ask({ kind: 'newest_time' }), [1, 500])
})

onBothLogs('records are deleted up to an offset, and stay deleted', async (world) => {
  await makeTopic(world)
  for (const text of ['a', 'b', 'c']) await produce(world, batchOf([text]))
  const trim = async (before?: number) => {
    const partitions = [{ topic: 'orders', index: 0, ...(before !== undefined && { before }) }]
    const [answer] = await world.broker.deleteRecords({ workspace, partitions })
    return answer
  }
  assert.deepEqual(await trim(2), { topic: 'orders', index: 0, ok: true, start: 2 })
  for (const beyond of [4, -2]) {
    assert.equal(codeOf(await trim(beyond)), 'offset_out_of_range')
  }
  const after = await world.reopen()
  const [early] = await after.broker.fetch(orderOf())
  assert.equal(codeOf(early), 'offset_out_of_range')
  const [read] = await after.broker.fetch(orderOf({ partitions: [at(2)] }))
  assert.deepEqual(textsOf(read), ['c'])
})

void test('everything goes that is there where no offset is said', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  await produce(world, batchOf(['a', 'b']))
  const partitions = [{ topic: 'orders', index: 0 }]
  const [trimmed] = await world.broker.deleteRecords({ workspace, partitions })
  assert.deepEqual(trimmed, { topic: 'orders', index: 0, ok: true, start: 2 })
})

void test('the epoch of a partition is the same wherever it is said', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  await produce(world, batchOf(['a']))
  const ask = async (epoch: number, leaderEpoch = -1) => {
    const partitions = [{ topic: 'orders', index: 0, epoch, leaderEpoch }]
    const [answer] = await world.broker.findEpochEnds({ workspace, partitions })
    return answer?.ok ? [answer.epoch, answer.end] : codeOf(answer)
  }
  assert.deepEqual(await ask(0), [0, 1])
  assert.deepEqual(await ask(0, 0), [0, 1])
  assert.deepEqual(await ask(1), [-1, -1])
  assert.equal(await ask(0, 1), 'unknown_leader_epoch')
  const [read] = await world.broker.fetch(orderOf())
  assert.ok(read?.ok)
  assert.equal(batchesIn(read.bytes)[0]?.header.leaderEpoch, 0)
})

void test('every partition that is asked for is answered, however many they are', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  await produce(world, batchOf(['a']))
  const partitions = Array.from({ length: limits.fetchPartitionsMax + 5 }, () => at(0))
  const answers = await world.broker.fetch(orderOf({ partitions, bytesMax: 100 }))
  assert.equal(answers.length, partitions.length)
  assert.ok(answers.every(({ ok }) => ok))
  assert.deepEqual(textsOf(answers[0]), ['a'])
})
