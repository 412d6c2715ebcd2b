import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@fermata/testkit/until'
import kafkajs, { type Consumer, type Kafka } from 'kafkajs'
import { openKafka, type KafkaWorld } from './kafka.world.ts'

const quiet = kafkajs.logLevel.NOTHING

const clientOf = (address: string): Kafka =>
  new kafkajs.Kafka({ clientId: 'tests', brokers: [address], logLevel: quiet })

/** A group's member and what it has read, as `partition:value`. */
interface Reader {
  readonly consumer: Consumer
  readonly seen: string[]
  readonly assigned: () => number
}

async function read(
  { address, atEnd }: KafkaWorld,
  topic: string,
  groupId = 'readers',
): Promise<Reader> {
  const consumer = clientOf(address).consumer({
    groupId,
    sessionTimeout: 6000,
    maxWaitTimeInMs: 100,
    heartbeatInterval: 300,
    rebalanceTimeout: 6000,
    retry: { initialRetryTime: 50 },
  })
  const seen: string[] = []
  let assigned = 0
  consumer.on('consumer.group_join', ({ payload }) => {
    assigned = payload.memberAssignment[topic]?.length ?? 0
  })
  await consumer.connect()
  atEnd(() => consumer.disconnect())
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      seen.push(`${partition}:${String(message.value)}`)
    },
  })
  return { consumer, seen, assigned: () => assigned }
}

async function send({ address }: KafkaWorld, topic: string, values: readonly string[]) {
  const producer = clientOf(address).producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  await producer.send({ topic, messages: values.map((value) => ({ key: value, value })) })
  await producer.disconnect()
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => String(from + at))

const valuesOf = (...readers: readonly Reader[]): string[] =>
  readers
    .flatMap(({ seen }) => seen.map((text) => text.split(':')[1]!))
    .toSorted((a, b) => Number(a) - Number(b))

void test('kafkajs makes, shows, changes and removes topics', async (t) => {
  const { address, atEnd } = await openKafka(t)
  const admin = clientOf(address).admin()
  await admin.connect()
  atEnd(() => admin.disconnect())
  const configEntries = [{ name: 'retention.ms', value: '5000' }]
  const topics = [{ topic: 'orders', numPartitions: 2, configEntries }]
  assert.equal(await admin.createTopics({ topics }), true)
  assert.equal(await admin.createTopics({ topics }), false)
  await admin.createPartitions({ topicPartitions: [{ topic: 'orders', count: 5 }] })
  const described = await admin.fetchTopicMetadata({ topics: ['orders'] })
  assert.equal(described.topics[0]?.partitions.length, 5)
  const type = kafkajs.ConfigResourceTypes.TOPIC
  const resources = [{ type, name: 'orders', configNames: ['retention.ms', 'cleanup.policy'] }]
  const configs = await admin.describeConfigs({ resources, includeSynonyms: false })
  assert.deepEqual(
    configs.resources[0]?.configEntries.map(({ configName, configValue }) => [
      configName,
      configValue,
    ]),
    [
      ['cleanup.policy', 'delete'],
      ['retention.ms', '5000'],
    ],
  )
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type, name: 'orders', configEntries: [{ name: 'segment.ms', value: '9' }] }],
  })
  const after = await admin.describeConfigs({ resources, includeSynonyms: false })
  assert.equal(after.resources[0]?.configEntries[1]?.configValue, '604800000')
  await admin.deleteTopics({ topics: ['orders'] })
  assert.deepEqual(await admin.listTopics(), [])
})

void test('a kafkajs group divides partitions, goes on after a member left, and commits', async (t) => {
  const world = await openKafka(t, { partitionsDefault: 6 })
  await send(world, 'orders', numbers(0, 100))
  const first = await read(world, 'orders')
  await until('the only member has read all', () => first.seen.length === 100)
  const second = await read(world, 'orders')
  await until('both share', () => first.assigned() === 3 && second.assigned() === 3)
  await send(world, 'orders', numbers(100, 200))
  await until('all is read', () => first.seen.length + second.seen.length >= 200)
  assert.deepEqual(valuesOf(first, second), numbers(0, 200))
  assert.ok(second.seen.length > 0)
  await first.consumer.disconnect()
  await until('the second has all', () => second.assigned() === 6)
  await send(world, 'orders', numbers(200, 300))
  await until('all is read', () => first.seen.length + second.seen.length >= 300)
  assert.deepEqual(valuesOf(first, second), numbers(0, 300))
  await second.consumer.disconnect()
  const admin = clientOf(world.address).admin()
  await admin.connect()
  world.atEnd(() => admin.disconnect())
  const [offsets] = await admin.fetchOffsets({ groupId: 'readers', topics: ['orders'] })
  const total = offsets?.partitions.reduce((sum, { offset }) => sum + Number(offset), 0)
  assert.equal(total, 300)
  const { groups } = await admin.listGroups()
  assert.deepEqual(groups, [{ groupId: 'readers', protocolType: 'consumer' }])
  await admin.deleteGroups(['readers'])
  assert.deepEqual((await admin.listGroups()).groups, [])
})

void test('a kafkajs group goes on where it was after the server has started anew', async (t) => {
  const world = await openKafka(t, { partitionsDefault: 2 })
  await send(world, 'orders', numbers(0, 50))
  const reader = await read(world, 'orders')
  await until('all is read', () => reader.seen.length === 50)
  const after = await world.reopen()
  await send(after, 'orders', numbers(50, 100))
  await until('all is read', () => reader.seen.length >= 100)
  await reader.consumer.disconnect()
  const late = await read(after, 'orders')
  await send(after, 'orders', ['100'])
  await until('the new one is read', () => late.seen.length > 0)
  assert.deepEqual(valuesOf(late), ['100'])
  assert.deepEqual([...new Set(valuesOf(reader))], numbers(0, 100))
})
