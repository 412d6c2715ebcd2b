import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@fermata/testkit/until'
import kafkajs, { type Kafka, type Producer } from 'kafkajs'
import { openKafka, type KafkaWorld } from './kafka.world.ts'

const clientOf = (address: string): Kafka =>
  new kafkajs.Kafka({ clientId: 'tests', brokers: [address], logLevel: kafkajs.logLevel.NOTHING })

async function producerOf({ address, atEnd }: KafkaWorld, id = 'shop'): Promise<Producer> {
  const producer = clientOf(address).producer({
    transactionalId: id,
    maxInFlightRequests: 1,
    idempotent: true,
    transactionTimeout: 30_000,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    retry: { initialRetryTime: 20 },
  })
  await producer.connect()
  atEnd(() => producer.disconnect())
  return producer
}

/** Begins to read what is committed; gives the list that grows. */
async function reading({ address, atEnd }: KafkaWorld, topic: string): Promise<readonly string[]> {
  const consumer = clientOf(address).consumer({ groupId: `of-${topic}`, maxWaitTimeInMs: 50 })
  const seen: string[] = []
  await consumer.connect()
  atEnd(() => consumer.disconnect())
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) })
  return seen
}

const message = (value: string) => ({ messages: [{ key: value, value }] })

void test('kafkajs commits to two topics at once, and aborts without a trace', async (t) => {
  const world = await openKafka(t, { partitionsDefault: 2 })
  const producer = await producerOf(world)
  const [orders, bills] = [await reading(world, 'orders'), await reading(world, 'bills')]
  const aborted = await producer.transaction()
  await aborted.send({ topic: 'orders', ...message('no') })
  await aborted.send({ topic: 'bills', ...message('no') })
  await aborted.abort()
  const committed = await producer.transaction()
  await committed.send({ topic: 'orders', ...message('yes') })
  await committed.send({ topic: 'bills', ...message('yes') })
  await committed.commit()
  await until('both are seen', () => orders.length > 0 && bills.length > 0)
  const last = await producer.transaction()
  await last.send({ topic: 'orders', ...message('last') })
  await last.commit()
  await until('the last is seen', () => orders.length > 1)
  assert.deepEqual(orders, ['yes', 'last'])
  assert.deepEqual(bills, ['yes'])
})

void test('a transaction of kafkajs that a new start came between is committed whole', async (t) => {
  const world = await openKafka(t, { partitionsDefault: 3 })
  const producer = await producerOf(world)
  const open = await producer.transaction()
  for (const value of ['a', 'b', 'c']) await open.send({ topic: 'orders', ...message(value) })
  const after = await world.reopen()
  for (const value of ['d', 'e']) await open.send({ topic: 'orders', ...message(value) })
  await open.commit()
  const orders = await reading(after, 'orders')
  await until('all is seen', () => orders.length >= 5)
  assert.deepEqual(orders.toSorted(), ['a', 'b', 'c', 'd', 'e'])
})
