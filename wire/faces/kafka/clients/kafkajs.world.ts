// Takes orders as kafkajs 2.2: node kafkajs.world.ts ADDRESS [LOGIN]

import { readFileSync } from 'node:fs'
import kafkajs, { type Admin, type Consumer, type Producer, type Transaction } from 'kafkajs'
import { compress, decompress } from '../../../log/compression.ts'
import { limits } from '@fermata/base/limits'
import type { Login } from './driven.world.ts'
import { say, takeOrders } from './orders.world.ts'

const types = kafkajs.CompressionTypes
const typeOf: Readonly<Record<string, kafkajs.CompressionTypes>> = {
  none: types.None,
  gzip: types.GZIP,
  snappy: types.Snappy,
  lz4: types.LZ4,
  zstd: types.ZSTD,
}

// It brings gzip alone; for the others users hand it what they like.
for (const type of [types.Snappy, types.LZ4, types.ZSTD] as const) {
  kafkajs.CompressionCodecs[type] = () => ({
    compress: async ({ buffer }: { readonly buffer: Buffer }) =>
      Buffer.from(compress(buffer, type)),
    decompress: async (bytes: Buffer) => {
      const plain = decompress(bytes, type, limits.batchDecompressedBytesMax)
      if (!plain.ok) throw new Error(JSON.stringify(plain.refusal))
      return Buffer.from(plain.value)
    },
  })
}

const [address = '', login] = process.argv.slice(2)

function secured({ mechanism, user: username, password, caFile }: Login) {
  const name = mechanism.toLowerCase() as 'plain'
  const sasl = { mechanism: name, username, password }
  return { ssl: { ca: [readFileSync(caFile, 'utf8')] }, sasl }
}

const kafka = new kafkajs.Kafka({
  brokers: [address],
  ...(login !== undefined && secured(JSON.parse(login) as Login)),
  logLevel: kafkajs.logLevel.NOTHING,
  retry: { initialRetryTime: 50, retries: 8 },
})
const createPartitioner = kafkajs.Partitioners.DefaultPartitioner
const messagesOf = (values: readonly string[]) => values.map((value) => ({ key: value, value }))

let known: Admin | undefined
async function admin(): Promise<Admin> {
  if (known === undefined) {
    known = kafka.admin()
    await known.connect()
  }
  return known
}

let consumer: Consumer | undefined
let producer: Producer | undefined
let transaction: Transaction | undefined

await takeOrders({
  async create(topic, numPartitions) {
    await (await admin()).createTopics({ topics: [{ topic, numPartitions }] })
  },
  async send({ topic, values, compression = 'none', idempotent = false }) {
    const one = kafka.producer({ createPartitioner, idempotent })
    await one.connect()
    await one.send({ topic, compression: typeOf[compression]!, messages: messagesOf(values) })
    await one.disconnect()
  },
  async read(groupId, topic) {
    consumer = kafka.consumer({
      groupId,
      sessionTimeout: 6000,
      rebalanceTimeout: 6000,
      heartbeatInterval: 200,
      maxWaitTimeInMs: 100,
    })
    consumer.on('consumer.group_join', ({ payload: { memberAssignment } }) => {
      say({ said: 'has', partitions: memberAssignment[topic]?.length ?? 0 })
    })
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ partition, message }) =>
        say({ said: 'saw', partition, value: String(message.value) }),
    })
  },
  leave: async () => consumer?.disconnect(),
  async since(topic, timeMs, count) {
    const [found] = await (await admin()).fetchTopicOffsetsByTimestamp(topic, timeMs)
    const one = kafka.consumer({ groupId: `since-${timeMs}`, maxWaitTimeInMs: 100 })
    await one.connect()
    await one.subscribe({ topics: [topic], fromBeginning: true })
    const seen: string[] = []
    await new Promise<void>((resolve) => {
      void one.run({
        eachMessage: async ({ message }) => {
          if (seen.push(String(message.value)) === count) resolve()
        },
      })
      one.seek({ topic, partition: 0, offset: found?.offset ?? '0' })
    })
    await one.disconnect()
    return seen
  },
  async begin(transactionalId) {
    if (producer === undefined) {
      producer = kafka.producer({
        createPartitioner,
        transactionalId,
        idempotent: true,
        maxInFlightRequests: 1,
      })
      await producer.connect()
    }
    transaction = await producer.transaction()
  },
  async put(topic, values) {
    await transaction?.send({ topic, messages: messagesOf(values) })
  },
  async offset(consumerGroupId, topic, offset) {
    const partitions = [{ partition: 0, offset: String(offset) }]
    await transaction?.sendOffsets({ consumerGroupId, topics: [{ topic, partitions }] })
  },
  commit: async () => transaction?.commit(),
  abort: async () => transaction?.abort(),
  async committed(groupId, topic) {
    const [found] = await (await admin()).fetchOffsets({ groupId, topics: [topic] })
    return Number(found?.partitions[0]?.offset ?? -1)
  },
  topics: async () => (await admin()).listTopics(),
  async setting(name, setting) {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: [setting] }
    const { resources } = await (
      await admin()
    ).describeConfigs({ resources: [resource], includeSynonyms: false })
    return resources[0]?.configEntries[0]?.configValue ?? ''
  },
  groups: async () => (await (await admin()).listGroups()).groups.map(({ groupId }) => groupId),
  remove: async (topic) => (await admin()).deleteTopics({ topics: [topic] }),
})
