import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { memoryBroker, workspace } from '../broker.world.ts'
import type { TransactionRef } from './port.ts'

const topic = 'orders'

const other = `${workspace} too`
const each = Math.min(limits.transactionPartitionsMax, limits.partitionsPerTopicMax)
const partitions = Array.from({ length: each }, (_, index) => ({ topic, index }))

async function opened() {
  const { broker } = await memoryBroker()
  for (const one of [workspace, other]) {
    const topics = [{ name: topic, partitions: each, settings: [] }]
    const [made] = await broker.createTopics({ workspace: one, topics, validateOnly: false })
    assert.equal(made?.ok, true)
  }
  const begin = async (transactionalId: string, one = workspace): Promise<TransactionRef> => {
    const order = { workspace: one, transactionalId, timeoutMs: limits.transactionMsMax }
    const begun = await broker.initProducer(order)
    assert.ok(begun.ok)
    return { workspace: one, transactionalId, producer: begun.value }
  }
  const add = async (ref: TransactionRef, some = partitions) => {
    const answers = await broker.addToTransaction({ ...ref, partitions: some })
    return [...new Set(answers.map(({ refusal }) => refusal?.code))]
  }
  return { broker, begin, add }
}

const full = Math.floor(limits.transactionPartitionsPerWorkspaceMax / each)

test('the transactions of a workspace write to no more than there is room for, but each to a few', async () => {
  const { broker, begin, add } = await opened()
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

test('those that come together are counted together, and no workspace takes the room of all', async () => {
  const { begin, add } = await opened()
  const refs: TransactionRef[] = []
  for (let n = 0; n < full * 1.5; n++) refs.push(await begin(`shop ${n}`))
  const answers = await Promise.all(refs.map((ref) => add(ref)))
  assert.equal(answers.filter(([code]) => code === undefined).length, full)
  assert.deepEqual(await add(await begin('theirs', other)), [undefined])
})
