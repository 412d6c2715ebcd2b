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
  await consumer.connect()
  atEnd(() => consumer.disconnect())
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      seen.push(`${partition}:${String(message.value)}`)
    },
  })
  return { consumer, seen }
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

void test('a kafkajs group goes on where it was after the server has started anew', async (t) => {
  const world = await openKafka(t, { partitionsDefault: 2 })
  await send(world, 'orders', numbers(0, 50))
  const reader = await read(world, 'orders')
  await until('all is read', () => reader.seen.length === 50)
  const after = await world.reopen()
  await send(after, 'orders', numbers(50, 100))
  await until('all is read', () => new Set(valuesOf(reader)).size === 100)
  await reader.consumer.disconnect()
  const late = await read(after, 'orders')
  await send(after, 'orders', ['100'])
  await until('the new one is read', () => late.seen.length > 0)
  assert.deepEqual(valuesOf(late), ['100'])
  assert.deepEqual([...new Set(valuesOf(reader))], numbers(0, 100))
})
