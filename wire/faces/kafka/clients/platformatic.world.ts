// Takes orders as @platformatic/kafka, of the major version that is named: node platformatic.world.ts ADDRESS 1|2 [LOGIN]

import { readFileSync } from 'node:fs'
import type * as second from '@platformatic/kafka'
import type { Login } from './driven.world.ts'
import { say, takeOrders } from './orders.world.ts'

const [address = '', version = '2', login] = process.argv.slice(2)
// What is used here is the same in both.
const kafka = (await import(
  version === '1' ? 'platformatic-kafka-1' : '@platformatic/kafka'
)) as typeof second
const { stringSerializers, stringDeserializers } = kafka

function secured({ mechanism, user: username, password, caFile }: Login) {
  return { tls: { ca: readFileSync(caFile) }, sasl: { mechanism, username, password } }
}

const base = {
  clientId: `platformatic-${version}`,
  bootstrapBrokers: [address],
  retries: 5,
  ...(login !== undefined && secured(JSON.parse(login) as Login)),
}
const admin = new kafka.Admin(base)

function producerOf(options: Partial<second.ProducerOptions<string, string, string, string>> = {}) {
  const serializers = stringSerializers
  return new kafka.Producer({ ...base, serializers, autocreateTopics: true, ...options })
}

function consumerOf(groupId: string) {
  return new kafka.Consumer({
    ...base,
    groupId,
    deserializers: stringDeserializers,
    sessionTimeout: 6000,
    rebalanceTimeout: 6000,
    heartbeatInterval: 200,
    maxWaitTime: 100,
    isolationLevel: 1,
    autocommit: false,
  })
}

const messagesOf = (topic: string, values: readonly string[]) =>
  values.map((value) => ({ topic, key: value, value }))

let consumer: ReturnType<typeof consumerOf> | undefined
const commits: Promise<void>[] = []
let producer: ReturnType<typeof producerOf> | undefined
let transaction: Awaited<ReturnType<ReturnType<typeof producerOf>['beginTransaction']>> | undefined

await takeOrders({
  async create(topic, partitions) {
    await admin.createTopics({ topics: [topic], partitions })
  },
  async send({ topic, values, compression = 'none', idempotent = false }) {
    const one = producerOf({ idempotent, compression: compression as 'none' })
    await one.send({ messages: messagesOf(topic, values) })
    await one.close()
  },
  async read(group, topic) {
    const one = consumerOf(group)
    consumer = one
    const tell = (): void =>
      say({
        said: 'has',
        partitions: one.assignments?.find((found) => found.topic === topic)?.partitions.length ?? 0,
      })
    one.on('consumer:group:join', tell)
    const stream = await one.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
    })
    tell()
    stream.on('data', (message) => {
      const { partition, value } = message
      say({ said: 'saw', partition, value })
      commits.push(Promise.resolve(message.commit()))
    })
  },
  async leave() {
    await Promise.all(commits)
    await consumer?.close(true)
  },
  async since(topic, timeMs, count) {
    const one = consumerOf(`since-${timeMs}`)
    const found = await one.listOffsets({ topics: [topic], timestamp: BigInt(timeMs) })
    const offset = found.get(topic)?.[0] ?? 0n
    const offsets = [{ topic, partition: 0, offset }]
    const stream = await one.consume({ topics: [topic], mode: 'manual', offsets })
    const seen: string[] = []
    for await (const { value } of stream) if (seen.push(value) === count) break
    await one.close(true)
    return seen
  },
  async begin(transactionalId) {
    producer ??= producerOf({ transactionalId, idempotent: true })
    transaction = await producer.beginTransaction()
  },
  async put(topic, values) {
    await transaction?.send({ messages: messagesOf(topic, values) })
  },
  commit: async () => transaction?.commit(),
  abort: async () => transaction?.abort(),
  async committed(groupId, topic) {
    const topics = [{ name: topic, partitionIndexes: [0] }]
    const [found] = await admin.listConsumerGroupOffsets({ groups: [{ groupId, topics }] })
    return Number(found?.topics[0]?.partitions[0]?.committedOffset ?? -1)
  },
  topics: async () => admin.listTopics(),
  async setting(topic, name) {
    const resource = { resourceType: 2 as const, resourceName: topic, configurationKeys: [name] }
    const found: readonly second.ConfigDescription[] = await admin.describeConfigs({
      resources: [resource],
    })
    return found[0]?.configs[0]?.value ?? ''
  },
  groups: async () => Array.from((await admin.listGroups()).keys()),
  remove: async (topic) => admin.deleteTopics({ topics: [topic] }),
})
