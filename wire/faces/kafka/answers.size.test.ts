import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workspace } from '../../broker/broker.world.ts'
import { batchOf } from '../../log/contract.world.ts'
import { stage } from './answers.world.ts'
import { errorCodes } from './errors.ts'

// A frame holds many thousand names. What is answered must not be as many times what one of them is worth.

const many = 1_000
const times = <T>(one: T): T[] => Array.from({ length: many }, () => one)

void test('what is named a thousand times is described once', async () => {
  const { ask, world, topicId } = await stage()
  await world.broker.initProducer({ workspace, transactionalId: 'tx', timeoutMs: 9_000 })
  const { topics } = await ask('Metadata', 12, {
    topics: [...times({ name: 'orders' }), ...times({ name: null, topicId })],
  })
  assert.deepEqual(
    topics.map(({ name, partitions }) => [name, partitions.length]),
    [
      ['orders', 2],
      ['orders', 2],
    ],
  )
  const resource = { resourceType: 2, resourceName: 'orders', configurationKeys: null }
  const { results } = await ask('DescribeConfigs', 4, {
    resources: [...times(resource), { ...resource, resourceType: 4, resourceName: '1' }],
  })
  assert.equal(results.length, 2)
  const { groups } = await ask('DescribeGroups', 5, { groups: times('readers') })
  assert.equal(groups.length, 1)
  const { transactionStates } = await ask('DescribeTransactions', 0, {
    transactionalIds: times('tx'),
  })
  assert.equal(transactionStates.length, 1)
  const places = { name: 'orders', partitionIndexes: times(0) }
  const producers = await ask('DescribeProducers', 0, { topics: times(places).slice(0, 20) })
  assert.deepEqual(producers.topics[0]?.partitions.length, 1)
  const offsets = await ask('OffsetFetch', 9, { groups: times({ groupId: 'readers', topics: null }) }) // prettier-ignore
  assert.equal(offsets.groups.length, 1)
})

void test('a place is looked for once: who asks for it twice is refused', async () => {
  const { ask } = await stage()
  const at = (partitionIndex: number) => ({ partitionIndex, timestamp: -3 })
  const topics = [{ name: 'orders', partitions: [at(0), at(1), at(0)] }]
  const answer = await ask('ListOffsets', 9, { replicaId: -1, topics })
  assert.deepEqual(
    answer.topics[0]?.partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode]), // prettier-ignore
    [
      [1, errorCodes.NONE],
      [0, errorCodes.INVALID_REQUEST],
      [0, errorCodes.INVALID_REQUEST],
    ],
  )
})

void test('a time is looked for in some partitions at once, and found in all of them', async () => {
  const { world } = await stage()
  const { broker, log } = world
  const count = 100
  const topics = [{ name: 'wide', partitions: count, settings: [] }]
  await broker.createTopics({ workspace, topics, validateOnly: false })
  const batches = Array.from({ length: count }, (_, index) => ({
    ...{ topic: 'wide', index, batch: batchOf(['a']) },
  }))
  await broker.produce({ workspace, acks: -1, batches })
  const { findTime } = log
  let now = 0
  let most = 0
  log.findTime = async (order) => {
    most = Math.max(most, ++now)
    await new Promise(setImmediate)
    const found = await findTime.call(log, order)
    now--
    return found
  }
  const question = { kind: 'time', timestamp: 0 } as const
  const places = batches.map(({ topic, index }) => ({ topic, index, question, leaderEpoch: -1 }))
  const found = await broker.findOffsets({ workspace, committed: false, partitions: places })
  assert.equal(found.filter((one) => one.ok && one.offset === 0).length, count)
  assert.ok(most > 1 && most <= 16, `${most} at once`)
})

void test('tens of thousands of names are gone through in a breath, also by who may do nothing', async () => {
  const { ask } = await stage({ held: [], prefix: '' })
  const topics = Array.from({ length: 60_000 }, (_, at) => ({
    ...{ name: `t${at}`, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] },
  }))
  // Each held against each would be 1,800 million comparisons, which take many seconds.
  const begin = process.cpuUsage()
  await ask('CreateTopics', 4, { topics, timeoutMs: 1 })
  await ask('DeleteTopics', 5, { topicNames: topics.map(({ name }) => name), timeoutMs: 1 })
  assert.ok(process.cpuUsage(begin).user < 10_000_000)
})
