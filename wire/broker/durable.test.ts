import assert from 'node:assert/strict'
import { batchOf } from '../log/contract.world.ts'
import { onBothLogs, workspace, type BrokerWorld } from './broker.world.ts'
import type { JoinOrder } from './groups/port.ts'

// Done means on disk: each call is made while no flush comes to its end, and must not be answered before one does.

const group = 'readers'
const timeoutMs = 60_000
const place = { topic: 'orders', index: 0 }
const offsets = [{ ...place, offset: 1, epoch: -1, metadata: '' }]

const member: JoinOrder = {
  workspace,
  group,
  member: '',
  instance: null,
  clientId: 'client',
  clientHost: '/127.0.0.1',
  sessionMs: 10_000,
  rebalanceMs: 10_000,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: new Uint8Array() }],
  needsId: false,
  maySkip: false,
}

const begin = async ({ broker }: BrokerWorld) => {
  const producer = await broker.initProducer({ workspace, transactionalId: 'shop', timeoutMs })
  assert.ok(producer.ok)
  return { workspace, transactionalId: 'shop', producer: producer.value }
}

type Call = (world: BrokerWorld) => Promise<() => Promise<unknown>>

/** Each call with what must come before it. */
const calls: Readonly<Record<string, Call>> = {
  'a topic is made': async ({ broker }) => {
    const topics = [{ name: 'bills', settings: [] }]
    return () => broker.createTopics({ workspace, topics, validateOnly: false })
  },
  'a topic is deleted': async ({ broker }) => {
    return () => broker.deleteTopics({ workspace, topics: [{ name: 'orders' }] })
  },
  'a topic is given more partitions': async ({ broker }) => {
    const topics = [{ name: 'orders', count: 5 }]
    return () => broker.addPartitions({ workspace, topics, validateOnly: false })
  },
  'settings are changed': async ({ broker }) => {
    const changes = [{ name: 'retention.ms', kind: 'set' as const, value: '5' }]
    const topics = [{ name: 'orders', changes }]
    const order = { workspace, topics, isWhole: false, validateOnly: false }
    return () => broker.alterSettings(order)
  },
  'a batch is taken, by acks 1': async ({ broker }) => {
    const batches = [{ ...place, batch: batchOf(['a']) }]
    return () => broker.produce({ workspace, acks: 1, batches })
  },
  'a batch is taken, by acks all': async ({ broker }) => {
    const batches = [{ ...place, batch: batchOf(['a']) }]
    return () => broker.produce({ workspace, acks: -1, batches })
  },
  'records are deleted': async ({ broker }) => {
    await broker.produce({ workspace, acks: 1, batches: [{ ...place, batch: batchOf(['a']) }] })
    return () => broker.deleteRecords({ workspace, partitions: [place] })
  },
  'an assignment is told': async ({ broker }) => {
    const joined = await broker.joinGroup(member)
    assert.ok(joined.ok)
    const { member: id, generation } = joined.value
    const assignments = [{ member: id, assignment: new Uint8Array([1]) }]
    const standing = { workspace, group, member: id, instance: null, generation }
    return () => broker.syncGroup({ ...standing, protocol: null, protocolType: null, assignments })
  },
  'offsets are committed': async ({ broker }) => {
    const nobody = { member: '', instance: null, generation: -1 }
    return () => broker.commitOffsets({ workspace, group, ...nobody, offsets })
  },
  'a producer is given a number': async ({ broker }) => {
    return () => broker.initProducer({ workspace, transactionalId: null, timeoutMs })
  },
  'a producer begins anew': async (world) => {
    await begin(world)
    return () => begin(world)
  },
  'a partition is added to a transaction': async (world) => {
    const ref = await begin(world)
    return () => world.broker.addToTransaction({ ...ref, partitions: [place] })
  },
  'a group is added to a transaction': async (world) => {
    const ref = await begin(world)
    return () => world.broker.addGroupToTransaction({ ...ref, group })
  },
  'offsets are committed within a transaction': async (world) => {
    const ref = await begin(world)
    await world.broker.addGroupToTransaction({ ...ref, group })
    const nobody = { member: '', instance: null, generation: -1 }
    return () => world.broker.commitOffsetsWithin({ ...ref, group, ...nobody, offsets })
  },
  'a transaction is ended': async (world) => {
    const ref = await begin(world)
    await world.broker.addToTransaction({ ...ref, partitions: [place] })
    return () => world.broker.endTransaction({ ...ref, commit: true })
  },
}

for (const [title, prepare] of Object.entries(calls)) {
  onBothLogs(`before it is on disk nobody hears that ${title}`, async (world) => {
    const topics = [{ name: 'orders', partitions: 1, settings: [] }]
    await world.broker.createTopics({ workspace, topics, validateOnly: false })
    const call = await prepare(world)
    await world.log.idle()
    const release = world.hold()
    let isAnswered = false
    const answer = call().then((value) => {
      isAnswered = true
      return value
    })
    for (let turns = 20; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
    const wasAnswered = isAnswered
    release()
    assert.equal(wasAnswered, false)
    assert.doesNotMatch(JSON.stringify(await answer), /refusal/)
  })
}
