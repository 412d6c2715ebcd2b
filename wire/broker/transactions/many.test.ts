import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { memoryBroker, workspace } from '../broker.world.ts'
import type { TransactionRef } from './port.ts'

const topic = 'orders'

test('transactions together write to no more than there is room for, but each to a few', async () => {
  const { broker } = await memoryBroker()
  const each = Math.min(limits.transactionPartitionsMax, limits.partitionsPerTopicMax)
  const topics = [{ name: topic, partitions: each, settings: [] }]
  const [made] = await broker.createTopics({ workspace, topics, validateOnly: false })
  assert.equal(made?.ok, true)
  const partitions = Array.from({ length: each }, (_, index) => ({ topic, index }))
  const begin = async (transactionalId: string): Promise<TransactionRef> => {
    const order = { workspace, transactionalId, timeoutMs: limits.transactionMsMax }
    const begun = await broker.initProducer(order)
    assert.ok(begun.ok)
    return { workspace, transactionalId, producer: begun.value }
  }
  const add = async (ref: TransactionRef, some = partitions) => {
    const answers = await broker.addToTransaction({ ...ref, partitions: some })
    return [...new Set(answers.map(({ refusal }) => refusal?.code))]
  }
  const full = Math.floor(limits.transactionPartitionsTotalMax / each)
  const refs: TransactionRef[] = []
  for (let n = 0; n < full; n++) {
    const ref = await begin(`shop ${n}`)
    assert.deepEqual(await add(ref), [undefined])
    refs.push(ref)
  }
  const late = await begin('late')
  assert.deepEqual(await add(late), ['policy'])
  assert.deepEqual(await add(late, partitions.slice(0, 1)), [undefined])
  const ended = await broker.endTransaction({ ...refs[0]!, commit: false })
  assert.equal(ended.ok, true)
  assert.deepEqual(await add(late, partitions.slice(1)), [undefined])
})
