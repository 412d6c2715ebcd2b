import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { memoryBroker, workspace, type BrokerWorld } from '../broker.world.ts'

// What groups have come to is compacted and grows old: what is taken away must not be missed.

const topic = 'orders'
const place = { topic, index: 0 }

const commit = async ({ broker }: BrokerWorld, group: string, metadata = '') => {
  const offsets = [{ ...place, offset: 1, epoch: -1, metadata }]
  const nobody = { member: '', instance: null, generation: -1 }
  const [outcome] = await broker.commitOffsets({ workspace, group, ...nobody, offsets })
  assert.equal(outcome?.refusal, undefined)
}

void test('a producer goes on committing whose last offsets were compacted away before a new start', async () => {
  const world = await memoryBroker()
  const { broker, log, clock } = world
  await broker.createTopics({
    ...{ workspace, validateOnly: false },
    topics: [{ name: topic, partitions: 1, settings: [] }],
  })
  const who = { workspace, transactionalId: 'shop' }
  const begun = await broker.initProducer({ ...who, timeoutMs: 60_000 })
  assert.ok(begun.ok)
  const ref = { ...who, producer: begun.value }
  const run = async ({ broker }: BrokerWorld, offset: number) => {
    const group = 'readers'
    await broker.addGroupToTransaction({ ...ref, group })
    const nobody = { member: '', instance: null, generation: -1 }
    const offsets = [{ ...place, offset, epoch: -1, metadata: '' }]
    const [outcome] = await broker.commitOffsetsWithin({ ...ref, group, ...nobody, offsets })
    const ended = await broker.endTransaction({ ...ref, commit: true })
    return [outcome?.refusal, ended.ok]
  }
  assert.deepEqual(await run(world, 5), [undefined, true])
  assert.deepEqual(await run(world, 6), [undefined, true])
  // Somebody else says the same later, and the segment is full.
  await commit(world, 'readers')
  const ledger = () => log.partitions().find(({ name }) => name === 'broker-groups')!
  const metadata = 'x'.repeat(limits.offsetMetadataBytesMax)
  for (let at = 0; at < 4_500; at++) await commit(world, 'other', metadata)
  for (let looks = 0; looks < 3; looks++) {
    clock.advance(limits.wireCaretakerMs)
    await log.idle()
  }
  assert.ok(ledger().bytes < 4_500 * 4_096, 'it was compacted')
  const after = await world.reopen()
  assert.deepEqual(await run(after, 7), [undefined, true])
  const last = await after.reopen()
  const [found] = await last.broker.committedOffsets({
    ...{ workspace, group: 'readers', partitions: [place] },
  })
  assert.equal(found?.offset, 7)
})

void test('an offset that is committed while old ones are forgotten is kept', async () => {
  const world = await memoryBroker()
  const { broker, clock } = world
  await broker.createTopics({
    ...{ workspace, validateOnly: false },
    topics: [{ name: topic, partitions: 1, settings: [] }],
  })
  await commit(world, 'readers')
  const looks = Math.ceil(limits.groupOffsetsMs / limits.groupLookMs)
  clock.advance(limits.groupLookMs * looks - 1)
  const release = world.hold()
  const committing = commit(world, 'readers', 'new')
  clock.advance(1)
  clock.advance(limits.groupLookMs)
  release()
  await committing
  const after = await world.reopen()
  const order = { workspace, group: 'readers', partitions: [place] }
  const [found] = await after.broker.committedOffsets(order)
  assert.deepEqual([found?.offset, found?.metadata], [1, 'new'])
})
