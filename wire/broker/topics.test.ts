import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryBroker, onBothLogs, workspace, type BrokerWorld } from './broker.world.ts'
import { topicSettings } from './settings.ts'
import type { NewTopic, SettingsAnswer, TopicAnswer } from './topics.port.ts'

const create = async ({ broker }: BrokerWorld, wanted: NewTopic, validateOnly = false) => {
  const [answer] = await broker.createTopics({ workspace, topics: [wanted], validateOnly })
  return answer!
}

const names = async ({ broker }: BrokerWorld, of = workspace): Promise<string[]> => {
  const all = await broker.describeTopics({ workspace: of, create: false })
  return all.map((one) => (one.ok ? `${one.name}/${one.partitions}` : 'refused'))
}

const codeOf = (answer: TopicAnswer | SettingsAnswer | undefined): string | undefined =>
  answer?.ok === false ? answer.refusal.code : undefined

const settingOf = (answer: SettingsAnswer | undefined, name: string): string | undefined =>
  answer?.ok ? answer.settings.find((setting) => setting.name === name)?.value : undefined

onBothLogs('a topic that was made is there after a new start, with its id', async (world) => {
  const made = await create(world, { name: 'orders', partitions: 3, settings: [] })
  assert.ok(made.ok)
  assert.equal(made.partitions, 3)
  const after = await world.reopen()
  const [found] = await after.broker.describeTopics({
    workspace,
    topics: [{ name: 'orders' }],
    create: false,
  })
  assert.deepEqual(found, made)
  const [byId] = await after.broker.describeTopics({
    workspace,
    topics: [{ id: made.id }],
    create: false,
  })
  assert.deepEqual(byId, made)
  assert.equal(after.broker.clusterId, world.broker.clusterId)
})

onBothLogs('a deleted topic is gone for good, and its name is free', async (world) => {
  const made = await create(world, { name: 'orders', partitions: 2, settings: [] })
  const [gone] = await world.broker.deleteTopics({ workspace, topics: [{ name: 'orders' }] })
  assert.ok(gone?.ok)
  assert.deepEqual(
    world.log.partitions().filter(({ name }) => name.startsWith('t-')),
    [],
  )
  const after = await world.reopen()
  assert.deepEqual(await names(after), [])
  const again = await create(after, { name: 'orders', settings: [] })
  assert.ok(made.ok && again.ok)
  assert.notEqual(again.id, made.id)
  const [unknown] = await after.broker.deleteTopics({ workspace, topics: [{ id: made.id }] })
  assert.equal(codeOf(unknown), 'unknown_topic')
})

onBothLogs('what a crash left between partitions and their topic is removed', async (world) => {
  await create(world, { name: 'orders', partitions: 1, settings: [] })
  const kept = world.log.partitions().length
  const config = { segmentBytes: 1e6, segmentMs: 1e9, batchBytesMax: 1e5 }
  const stray = 't-0198a1b2c3d4756789abcdef01234567-0'
  assert.ok((await world.log.createPartition({ name: stray, config })).ok)
  const after = await world.reopen()
  assert.equal(after.log.partitions().length, kept)
  assert.deepEqual(await names(after), ['orders/1'])
})

onBothLogs('partitions are added and stay where they are', async (world) => {
  await create(world, { name: 'orders', partitions: 2, settings: [] })
  const grow = async (count: number, validateOnly = false) => {
    const topics = [{ name: 'orders', count }]
    const [answer] = await world.broker.addPartitions({ workspace, topics, validateOnly })
    return answer
  }
  assert.equal(codeOf(await grow(2)), 'invalid_partitions')
  assert.equal(codeOf(await grow(1_000_000)), 'invalid_partitions')
  assert.ok((await grow(4, true))?.ok)
  assert.deepEqual(await names(world), ['orders/2'])
  assert.ok((await grow(4))?.ok)
  assert.deepEqual(await names(await world.reopen()), ['orders/4'])
})

onBothLogs('settings reach the partitions and outlive a new start', async (world) => {
  const settings = [{ name: 'retention.ms', value: '1000' }]
  await create(world, { name: 'orders', partitions: 2, settings })
  const config = () => world.log.partitions().find(({ name }) => name.startsWith('t-'))?.config
  assert.equal(config()?.retentionMs, 1000)
  const [altered] = await world.broker.alterSettings({
    workspace,
    topics: [
      {
        name: 'orders',
        changes: [
          { name: 'cleanup.policy', kind: 'append', value: 'compact' },
          { name: 'retention.ms', kind: 'delete', value: null },
          { name: 'retention.bytes', kind: 'set', value: '5000' },
        ],
      },
    ],
    isWhole: false,
    validateOnly: false,
  })
  assert.equal(settingOf(altered, 'cleanup.policy'), 'delete,compact')
  assert.equal(config()?.retentionMs, 604_800_000)
  assert.equal(config()?.retentionBytes, 5000)
  assert.ok(config()?.compaction)
  const after = await world.reopen()
  const [described] = await after.broker.describeSettings({ workspace, topics: ['orders'] })
  assert.ok(described?.ok)
  assert.equal(described.settings.length, topicSettings.length)
  assert.deepEqual(
    described.settings.filter(({ isSet }) => isSet).map(({ name, value }) => `${name}=${value}`),
    ['cleanup.policy=delete,compact', 'retention.bytes=5000'],
  )
})

void test('names are those of the workspace', async () => {
  const world = await memoryBroker()
  const { broker } = world
  await create(world, { name: 'orders', settings: [] })
  const topics = [{ name: 'orders', settings: [] }]
  await broker.createTopics({ workspace: 'two', topics, validateOnly: false })
  const [first] = await broker.describeTopics({ workspace, create: false })
  const [second] = await broker.describeTopics({ workspace: 'two', create: false })
  assert.ok(first?.ok && second?.ok)
  assert.notEqual(first.id, second.id)
  const [stranger] = await broker.describeTopics({
    workspace,
    topics: [{ id: second.id }],
    create: false,
  })
  assert.equal(codeOf(stranger), 'unknown_topic')
  const [kept] = await broker.deleteTopics({ workspace, topics: [{ id: second.id }] })
  assert.equal(codeOf(kept), 'unknown_topic')
})

void test('what cannot be made is refused by what is wrong with it', async () => {
  const world = await memoryBroker()
  const throttled = 'follower.replication.throttled.replicas'
  const refusals: [NewTopic, string][] = [
    [{ name: '', settings: [] }, 'invalid_topic'],
    [{ name: '..', settings: [] }, 'invalid_topic'],
    [{ name: 'a b', settings: [] }, 'invalid_topic'],
    [{ name: 'a'.repeat(250), settings: [] }, 'invalid_topic'],
    [{ name: '__consumer_offsets', settings: [] }, 'invalid_topic'],
    [{ name: 'a', partitions: 0, settings: [] }, 'invalid_partitions'],
    [{ name: 'a', partitions: 100_000, settings: [] }, 'invalid_partitions'],
    [{ name: 'a', replicas: 3, settings: [] }, 'invalid_replication'],
    [{ name: 'a', settings: [{ name: 'no.such', value: '1' }] }, 'invalid_config'],
    [{ name: 'a', settings: [{ name: 'retention.ms', value: 'x' }] }, 'invalid_config'],
    [{ name: 'a', settings: [{ name: 'retention.ms', value: '-2' }] }, 'invalid_config'],
    [{ name: 'a', settings: [{ name: 'retention.ms', value: null }] }, 'invalid_config'],
    [{ name: 'a', settings: [{ name: 'cleanup.policy', value: 'burn' }] }, 'invalid_config'],
    [{ name: 'a', settings: [{ name: 'preallocate', value: 'perhaps' }] }, 'invalid_config'],
    [{ name: 'a', settings: [{ name: throttled, value: 'x'.repeat(1_001) }] }, 'invalid_config'],
    [
      { name: 'a', settings: [{ name: 'retention.ms', value: '0'.repeat(1_001) }] },
      'invalid_config',
    ],
  ]
  for (const [wanted, code] of refusals) {
    assert.equal(codeOf(await create(world, wanted)), code, JSON.stringify(wanted))
  }
  assert.deepEqual(await names(world), [])
  assert.ok((await create(world, { name: 'a', partitions: 2, settings: [] }, true)).ok)
  assert.deepEqual(await names(world), [])
  assert.ok((await create(world, { name: 'a'.repeat(249), settings: [] })).ok)
})

void test('more copies than there are may be asked for where the broker was told so', async () => {
  const world = await memoryBroker({ replicasMax: 3 })
  assert.ok((await create(world, { name: 'a', replicas: 3, settings: [] })).ok)
  const more = await create(world, { name: 'b', replicas: 4, settings: [] })
  assert.equal(codeOf(more), 'invalid_replication')
})

void test('of two who make the same topic at once, one is told that it is there', async () => {
  const world = await memoryBroker()
  const answers = await Promise.all([
    create(world, { name: 'orders', settings: [] }),
    create(world, { name: 'orders', settings: [] }),
  ])
  assert.deepEqual(answers.map(codeOf), [undefined, 'topic_exists'])
})

void test('who asks for a topic by name is given one where that is allowed', async () => {
  const open = await memoryBroker({ partitionsDefault: 4 })
  const topics = [
    { name: 'orders' },
    { name: 'a/b' },
    { id: '0198a1b2-c3d4-7567-89ab-cdef01234567' },
  ]
  const asked = await open.broker.describeTopics({ workspace, topics, create: true })
  assert.deepEqual(asked.map(codeOf), [undefined, 'invalid_topic', 'unknown_topic'])
  assert.deepEqual(await names(open), ['orders/4'])
  const [looked] = await open.broker.describeTopics({
    workspace,
    topics: [{ name: 'other' }],
    create: false,
  })
  assert.equal(codeOf(looked), 'unknown_topic')
  const strict = await memoryBroker({ createsOnDemand: false })
  const [refused] = await strict.broker.describeTopics({
    workspace,
    topics: [{ name: 'orders' }],
    create: true,
  })
  assert.equal(codeOf(refused), 'unknown_topic')
})
