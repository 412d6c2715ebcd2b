import assert from 'node:assert/strict'
import { test } from 'node:test'
import kafkajs from 'kafkajs'
import { allRights } from '../../broker/rights.ts'
import type { Doorkeeper, Identity } from './identity.ts'
import { openKafka } from './kafka.world.ts'

const app: Identity = { name: 'app', credential: 'token', rights: allRights, expiresAt: null }

const doorkeeper: Doorkeeper = {
  plain: async () => app,
  scram: async () => ({ salt: new Uint8Array(16), iterations: 4096, keys: [] }),
  still: async (credentials) => credentials.map(() => app),
}

void test('who brings more than their rate is told to wait, and is not read meanwhile', async (t) => {
  const kibibyte = 1024
  const rates = { inPerSecond: 200 * kibibyte, outPerSecond: 200 * kibibyte }
  const { address, atEnd } = await openKafka(t, {}, { doorkeeper, rates })
  const client = new kafkajs.Kafka({
    brokers: [address],
    logLevel: kafkajs.logLevel.NOTHING,
    sasl: { mechanism: 'plain', username: 'app', password: 'token' },
  })
  const createPartitioner = kafkajs.Partitioners.DefaultPartitioner
  const producer = client.producer({ createPartitioner })
  await producer.connect()
  atEnd(() => producer.disconnect())
  const offsets: number[] = []
  const send = async (bytes: number): Promise<void> => {
    const [row] = await producer.send({
      topic: 'orders',
      messages: [{ value: Buffer.alloc(bytes) }],
    })
    offsets.push(Number(row?.baseOffset))
  }
  await send(100)
  const from = performance.now()
  await send(300 * kibibyte)
  await send(100)
  // 100 KiB were too much, which take half a second.
  const ms = performance.now() - from
  assert.ok(ms >= 450, `${ms} ms`)
  assert.deepEqual(offsets, [0, 1, 2], 'nothing is refused')
})
