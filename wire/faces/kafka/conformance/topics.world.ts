// What tests of the suite ask of Kafka's own `kafka-topics.sh`, done by a client of Kafka's:
//
//     node topics.world.ts --bootstrap-server ADDRESS --create|--alter|--delete --topic NAME [--partitions N] [--config NAME=VALUE]

import kafkajs from 'kafkajs'

const words = process.argv.slice(2)
const options = new Map<string, string[]>()
for (const [at, word] of words.entries()) {
  if (!word.startsWith('--')) continue
  const value = words[at + 1]
  options.set(word, [...(options.get(word) ?? []), value?.startsWith('--') ? '' : (value ?? '')])
}
const one = (name: string): string => options.get(name)?.[0] ?? ''
const topic = one('--topic')
const partitions = Number(one('--partitions') || 1)
const configEntries = (options.get('--config') ?? []).map((text) => {
  const [name = '', value = ''] = text.split('=')
  return { name, value }
})

const { logLevel, Kafka } = kafkajs
const admin = new Kafka({
  brokers: [one('--bootstrap-server')],
  logLevel: logLevel.ERROR,
}).admin()
await admin.connect()
if (options.has('--create')) {
  const topics = [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries }]
  await admin.createTopics({ topics })
} else if (options.has('--alter')) {
  await admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] })
} else if (options.has('--delete')) await admin.deleteTopics({ topics: [topic] })
else process.exitCode = 2
await admin.disconnect()
