import type { SeededRandom } from '@fermata/testkit/random'
import { Producer } from '@platformatic/kafka'
import kafkajs, { type Kafka, type Message, type Producer as KafkaProducer } from 'kafkajs'
import { notePlace, type Facts, type KnownTransaction } from './facts.ts'

/** What all clients share. */
export interface Stage {
  readonly address: string
  readonly facts: Facts
  readonly random: SeededRandom
  /** A text that nobody has sent. */
  readonly newText: () => string
  readonly goesOn: () => boolean
}

/** The topics, and how many partitions each has. */
export const partitionsOf = { plain: 4, ledger: 3 } as const

/** The group that reads what idempotent producers send. */
export const group = 'readers'

/** The group whose offset a transaction moves on. */
export function groupOf(transactionalId: string): string {
  return `of-${transactionalId}`
}

/** So often, that nobody gives up while the broker is away, and everybody once it is gone for good. */
const patience = { retries: 200, initialRetryTime: 20, maxRetryTime: 100 }

/** A client of kafkajs. */
export function kafkajsOf(address: string): Kafka {
  const logLevel = kafkajs.logLevel.NOTHING
  return new kafkajs.Kafka({
    brokers: [address],
    logLevel,
    retry: patience,
    connectionTimeout: 500,
  })
}

function noteSent(
  { facts }: Stage,
  partition: number,
  base: number,
  texts: readonly string[],
): void {
  for (const [at, text] of texts.entries()) {
    const place = `plain/${partition}/${base + at}`
    facts.sent.set(text, place)
    notePlace(facts, place, text)
  }
}

function newTexts({ facts, random, newText }: Stage): string[] {
  const texts = Array.from({ length: 1 + random.below(5) }, newText)
  for (const text of texts) facts.sent.set(text, undefined)
  return texts
}

/** An idempotent producer of kafkajs. */
export async function kafkajsProducer(stage: Stage): Promise<void> {
  const producer = kafkajsOf(stage.address).producer({ idempotent: true, retry: patience })
  await producer.connect()
  while (stage.goesOn()) {
    const partition = stage.random.below(partitionsOf.plain)
    const texts = newTexts(stage)
    const messages = texts.map((value): Message => ({ value, partition }))
    const [answer] = await producer.send({ topic: 'plain', acks: -1, messages })
    noteSent(stage, partition, Number(answer?.baseOffset), texts)
  }
  await producer.disconnect()
}

/** An idempotent producer of @platformatic/kafka. */
export async function platformaticProducer(stage: Stage): Promise<void> {
  const producer = new Producer<string, string, string, string>({
    clientId: 'platformatic',
    bootstrapBrokers: [stage.address],
    idempotent: true,
    // As often as it takes for a broker that a slow machine starts anew.
    retries: 2_000,
    retryDelay: 50,
    connectTimeout: 500,
    serializers: {
      value: (text?: string) => Buffer.from(text ?? ''),
    },
  })
  while (stage.goesOn()) {
    const partition = stage.random.below(partitionsOf.plain)
    const texts = newTexts(stage)
    const messages = texts.map((value) => ({ topic: 'plain', value, partition }))
    const { offsets = [] } = await producer.send({ messages })
    noteSent(stage, partition, Number(offsets[0]?.offset), texts)
  }
  await producer.close()
}

function transactional(address: string, transactionalId: string): KafkaProducer {
  return kafkajsOf(address).producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: 30_000,
    retry: { ...patience, retries: 100 },
  })
}

/** A producer of transactions, each over partitions and an offset. Who fails comes again under the same name. */
export async function transactor(stage: Stage, transactionalId: string): Promise<void> {
  const known: KnownTransaction[] = []
  stage.facts.transactions.set(transactionalId, known)
  while (stage.goesOn()) {
    const producer = transactional(stage.address, transactionalId)
    await producer.connect()
    try {
      while (stage.goesOn()) await transact(stage, producer, transactionalId, known)
    } catch (error) {
      if (!(error instanceof Error)) throw error
    }
    await producer.disconnect()
  }
  // Whoever comes last ends what was left open.
  const last = transactional(stage.address, transactionalId)
  await last.connect()
  await (await last.transaction()).abort()
  await last.disconnect()
}

async function transact(
  { random, newText }: Stage,
  producer: KafkaProducer,
  transactionalId: string,
  known: KnownTransaction[],
): Promise<void> {
  const one: KnownTransaction = { count: known.length + 1, texts: [], outcome: 'open' }
  const transaction = await producer.transaction()
  known.push(one)
  for (let left = 1 + random.below(3); left > 0; left--) {
    const messages = Array.from({ length: 1 + random.below(3) }, (): Message => {
      return { value: newText(), partition: random.below(partitionsOf.ledger) }
    })
    one.texts.push(...messages.map(({ value }) => String(value)))
    await transaction.send({ topic: 'ledger', acks: -1, messages })
  }
  const partitions = [{ partition: 0, offset: String(one.count) }]
  const topics = [{ topic: 'ledger', partitions }]
  await transaction.sendOffsets({ consumerGroupId: groupOf(transactionalId), topics })
  const commits = random.chance(0.7)
  if (commits) one.outcome = 'ending'
  await (commits ? transaction.commit() : transaction.abort())
  one.outcome = commits ? 'committed' : 'aborted'
}

/** A member of the group, until it is told to leave. */
export async function reader({ address, facts, goesOn }: Stage): Promise<() => Promise<void>> {
  const consumer = kafkajsOf(address).consumer({
    groupId: group,
    sessionTimeout: 6_000,
    rebalanceTimeout: 3_000,
    heartbeatInterval: 200,
    maxWaitTimeInMs: 100,
    retry: { ...patience, restartOnFailure: () => Promise.resolve(goesOn()) },
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['plain'], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    async eachBatch({ batch: { topic, partition, messages }, resolveOffset, heartbeat }) {
      for (const { offset, value } of messages) {
        notePlace(facts, `${topic}/${partition}/${offset}`, String(value))
        facts.read.add(String(value))
        resolveOffset(offset)
      }
      const next = Number(messages.at(-1)?.offset) + 1
      await consumer.commitOffsets([{ topic, partition, offset: String(next) }])
      facts.committed.set(partition, Math.max(next, facts.committed.get(partition) ?? 0))
      await heartbeat()
    },
  })
  return () => consumer.disconnect()
}
