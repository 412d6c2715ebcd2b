import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { memoryBroker, workspace, type BrokerWorld } from '../broker/broker.world.ts'
import { batchOf, recordTime } from '../log/contract.world.ts'
import { encodeBatch } from '../log/records.ts'
import { lagOf } from './lag.ts'
import { peek } from './peek.ts'

// What people are shown of topics and groups.

const place = { topic: 'orders', index: 0 }

async function open(): Promise<BrokerWorld> {
  const world = await memoryBroker()
  const topics = [{ name: place.topic, partitions: 1, settings: [] }]
  await world.broker.createTopics({ workspace, topics, validateOnly: false })
  return world
}

const look = async ({ broker }: BrokerWorld) => {
  const order = { workspace, topic: place.topic, partition: 0, rowsMax: 100 }
  const peeked = await peek(broker, order)
  assert.ok(peeked.ok)
  return peeked.value
}

void test('of a producer that has aborted and committed, what it has committed is seen', async () => {
  const world = await open()
  const { broker } = world
  const who = { workspace, transactionalId: 'shop' }
  const begun = await broker.initProducer({ ...who, timeoutMs: 10_000 })
  assert.ok(begun.ok)
  const producer = begun.value
  const { id: producerId, epoch: producerEpoch } = producer
  const run = async (text: string, sequence: number, commit: boolean): Promise<void> => {
    await broker.addToTransaction({ ...who, producer, partitions: [place] })
    const numbers = { producerId, producerEpoch, baseSequence: sequence, transactional: true }
    const batches = [{ ...place, batch: batchOf([text], numbers) }]
    const [taken] = await broker.produce({ ...who, acks: -1, batches })
    assert.ok(taken?.ok)
    assert.ok((await broker.endTransaction({ ...who, producer, commit })).ok)
  }
  for (const [at, text] of ['no', 'yes', 'never', 'always'].entries()) {
    await run(text, at, at % 2 === 1)
  }
  const texts = (await look(world)).rows.map(({ value }) => value?.text)
  assert.deepEqual(texts, ['yes', 'always'])
})

void test('a group that is behind retention is as far behind as what is still there', async () => {
  const world = await open()
  const { broker } = world
  for (let at = 0; at < 10; at++) {
    await broker.produce({ workspace, acks: -1, batches: [{ ...place, batch: batchOf(['a']) }] })
  }
  const offsets = [{ ...place, offset: 0, epoch: -1, metadata: '' }]
  const nobody = { member: '', instance: null, generation: -1 }
  await broker.commitOffsets({ workspace, group: 'readers', ...nobody, offsets })
  const lag = async () => {
    const [group] = await lagOf(broker, workspace, recordTime + 5_000)
    const [partition] = group?.partitions ?? []
    return [partition?.committed, partition?.records, partition?.ms]
  }
  assert.deepEqual(await lag(), [0, 10, 5_000])
  await broker.deleteRecords({ workspace, partitions: [{ ...place, before: 5 }] })
  assert.deepEqual(await lag(), [0, 5, 5_000])
  await broker.deleteRecords({ workspace, partitions: [place] })
  assert.deepEqual(await lag(), [0, 0, 0])
})

void test('batches that unpack to much are shown page by page, and none is passed over', async () => {
  const world = await open()
  const value = new Uint8Array(limits.batchDecompressedBytesMax / 2)
  const record = { timestamp: recordTime, key: null, value, headers: [] }
  const batch = encodeBatch({ baseOffset: 0, leaderEpoch: -1, compression: 4, records: [record] })
  const count = 5
  for (let at = 0; at < count; at++) {
    await world.broker.produce({ workspace, acks: -1, batches: [{ ...place, batch }] })
  }
  const pages: number[] = []
  for (let offset = 0; offset < count;) {
    const peeked = await peek(world.broker, {
      ...{ workspace, topic: place.topic, partition: 0, rowsMax: 100, offset },
    })
    assert.ok(peeked.ok)
    pages.push(peeked.value.rows.length)
    assert.equal(peeked.value.next, offset + peeked.value.rows.length)
    offset = peeked.value.next
  }
  assert.deepEqual(pages, [2, 2, 1])
})
