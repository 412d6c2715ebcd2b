import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { workspace } from '../../broker/broker.world.ts'
import { allRights, type Rights } from '../../broker/rights.ts'
import { batchesIn, batchOf, recordTime } from '../../log/contract.world.ts'
import { stage, type Stage } from './answers.world.ts'
import type { RequestDraft } from './apis.ts'
import { noUuid } from './declare.ts'
import { errorCodes } from './errors.ts'

// What is answered, as a client reads it: by way of the codec, without a connection.

const produce = ({ ask }: Stage, batch: Uint8Array, topic = 'orders') =>
  ask('Produce', 11, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records: batch }] }],
  })

void test('a cluster is one server, which leads all, and moves nothing', async () => {
  const all = await stage()
  const { ask, world } = all
  const cluster = await ask('DescribeCluster', 1, { includeClusterAuthorizedOperations: false })
  assert.equal(cluster.clusterId, world.broker.clusterId)
  assert.deepEqual(cluster.brokers, [{ brokerId: 1, host: 'here', port: 9092, rack: null }])
  const controllers = { includeClusterAuthorizedOperations: false, endpointType: 2 }
  const other = await ask('DescribeCluster', 1, controllers)
  assert.equal(other.errorCode, errorCodes.MISMATCHED_ENDPOINT_TYPE)

  const topicPartitions = [
    { topic: 'orders', partitions: [0, 2] },
    { topic: 'none', partitions: [0] },
  ]
  const elected = await ask('ElectLeaders', 2, { topicPartitions })
  assert.deepEqual(
    elected.replicaElectionResults.flatMap((one) =>
      one.partitionResult.map(({ errorCode }) => errorCode),
    ),
    [
      errorCodes.ELECTION_NOT_NEEDED,
      errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
      errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
    ],
  )
  const move = (replicas: number[] | null) => ({ partitionIndex: 0, replicas })
  const moves = [{ name: 'orders', partitions: [move([1]), move([2]), move(null)] }]
  const moved = await ask('AlterPartitionReassignments', 0, { topics: moves })
  assert.deepEqual(
    moved.responses[0]?.partitions.map(({ errorCode }) => errorCode),
    [
      errorCodes.NONE,
      errorCodes.INVALID_REPLICA_ASSIGNMENT,
      errorCodes.NO_REASSIGNMENT_IN_PROGRESS,
    ],
  )
  assert.deepEqual((await ask('ListPartitionReassignments', 0, {})).topics, [])
})

void test('partitions are as large as their batches', async () => {
  const all = await stage()
  const batch = batchOf(['a', 'b'])
  await produce(all, batch)
  const { results } = await all.ask('DescribeLogDirs', 4, { topics: null })
  assert.deepEqual(
    results[0]?.topics[0]?.partitions.map(({ partitionSize }) => partitionSize),
    [batch.length, 0],
  )
  const topics = [{ topic: 'orders', partitions: [1, 7] }]
  const some = await all.ask('DescribeLogDirs', 4, { topics })
  assert.deepEqual(
    some.results[0]?.topics[0]?.partitions.map(({ partitionIndex }) => partitionIndex),
    [1],
  )
})

void test('from version 13 on Fetch knows topics by their ids, and says at once which it does not know', async () => {
  const all = await stage()
  await produce(all, batchOf(['a']))
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1e6 }]
  const topics = [
    { topicId: all.topicId, partitions },
    { topicId: noUuid, partitions },
  ]
  const body = { maxWaitMs: 1e6, minBytes: 1e6, topics }
  const { responses } = await all.ask('Fetch', 17, body)
  assert.deepEqual(
    responses.map(({ topicId, partitions: [one] }) => [topicId, one?.errorCode]),
    [
      [all.topicId, errorCodes.NONE],
      [noUuid, errorCodes.UNKNOWN_TOPIC_ID],
    ],
  )
  const records = responses[0]?.partitions[0]?.records ?? new Uint8Array()
  assert.deepEqual(batchesIn(records)[0]?.texts, ['a'])
})

void test('a batch is told which of its records have no key, and when it was taken', async () => {
  const all = await stage()
  const settings = [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'message.timestamp.type', value: 'LogAppendTime' },
  ]
  const topics = [{ name: 'latest', settings }]
  await all.world.broker.createTopics({ workspace, topics, validateOnly: false })
  const one = async (batch: Uint8Array) => {
    const { responses } = await produce(all, batch, 'latest')
    return responses[0]!.partitionResponses[0]!
  }
  const refused = await one(batchOf(['none', 'a=1', 'neither']))
  assert.equal(refused.errorCode, errorCodes.INVALID_RECORD)
  assert.deepEqual(
    refused.recordErrors.map(({ batchIndex }) => batchIndex),
    [0, 2],
  )
  const taken = await one(batchOf(['a=1']))
  assert.deepEqual([taken.errorCode, taken.logAppendTimeMs], [0, all.world.clock.now()])
})

void test('without tiers all that there is is local, and nothing lies beyond', async () => {
  const all = await stage()
  await produce(all, batchOf(['a']))
  const ask = async (timestamp: number) => {
    const partitions = [{ partitionIndex: 0, timestamp }]
    const topics = [{ name: 'orders', partitions }]
    const answer = await all.ask('ListOffsets', 9, { replicaId: -1, topics })
    const found = answer.topics[0]?.partitions[0]
    return [found?.errorCode, found?.offset]
  }
  assert.deepEqual(await ask(-4), [errorCodes.NONE, 0])
  assert.deepEqual(await ask(-5), [errorCodes.NONE, -1])
  assert.deepEqual(await ask(-9), [errorCodes.UNSUPPORTED_VERSION, -1])
})

void test('transactions are shown as they stand, and chosen by state, producer and duration', async () => {
  const { ask, world } = await stage()
  const begun = await ask('InitProducerId', 5, {
    transactionalId: 'shop',
    transactionTimeoutMs: 60_000,
  })
  const { producerId, producerEpoch } = begun
  const who = { transactionalId: 'shop', producerId, producerEpoch }
  const topics = [{ name: 'orders', partitions: [1] }]
  const described = async (id = 'shop') => {
    const { transactionStates } = await ask('DescribeTransactions', 0, { transactionalIds: [id] })
    return transactionStates[0]!
  }
  assert.equal((await described()).transactionState, 'Empty')
  const sinceMs = world.clock.now()
  await ask('AddPartitionsToTxn', 3, { ...who, topics })
  world.clock.advance(5_000)
  const open = await described()
  assert.deepEqual(
    [open.transactionState, open.transactionStartTimeMs, open.producerId],
    ['Ongoing', sinceMs, producerId],
  )
  assert.deepEqual(open.topics, [{ topic: 'orders', partitions: [1] }])
  const listed = async (filter: Partial<RequestDraft<'ListTransactions'>>) => {
    const filters = { stateFilters: [], producerIdFilters: [], ...filter }
    const { transactionStates } = await ask('ListTransactions', 1, filters)
    return transactionStates.length
  }
  assert.equal(await listed({}), 1)
  assert.equal(await listed({ stateFilters: ['Empty'] }), 0)
  assert.equal(await listed({ producerIdFilters: [producerId + 1] }), 0)
  assert.equal(await listed({ durationFilter: 5_000 }), 1)
  assert.equal(await listed({ durationFilter: 5_001 }), 0)
  await ask('EndTxn', 4, { ...who, committed: true })
  const ended = await described()
  assert.deepEqual([ended.transactionState, ended.topics], ['CompleteCommit', []])
  assert.equal((await described('none')).errorCode, errorCodes.TRANSACTIONAL_ID_NOT_FOUND)
})

void test('the producers of a partition are shown as they are known there', async () => {
  const all = await stage()
  const numbers = { producerId: 7, producerEpoch: 2, baseSequence: 0 }
  await produce(all, batchOf(['a', 'b'], numbers))
  const topics = [{ name: 'orders', partitionIndexes: [0, 1, 9] }]
  const described = await all.ask('DescribeProducers', 0, { topics })
  const [first, second, third] = described.topics[0]?.partitions ?? []
  const expected = {
    ...{ producerId: 7, producerEpoch: 2, lastSequence: 1, lastTimestamp: recordTime },
    ...{ coordinatorEpoch: -1, currentTxnStartOffset: -1 },
  }
  assert.deepEqual(first?.activeProducers, [expected])
  assert.deepEqual(second?.activeProducers, [])
  assert.equal(third?.errorCode, errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
})

void test('offsets of a group that nobody reads with can be deleted', async () => {
  const { ask } = await stage()
  const offset = { partitionIndex: 0, committedOffset: 5, committedMetadata: null }
  const topics = [{ name: 'orders', partitions: [offset] }]
  await ask('OffsetCommit', 9, {
    groupId: 'readers',
    memberId: '',
    generationIdOrMemberEpoch: -1,
    topics,
  })
  const committed = async () => {
    const names = [{ name: 'orders', partitionIndexes: [0] }]
    const found = await ask('OffsetFetch', 7, { groupId: 'readers', topics: names })
    return found.topics[0]?.partitions[0]?.committedOffset
  }
  assert.equal(await committed(), 5)
  const doomed = [{ name: 'orders', partitions: [{ partitionIndex: 0 }, { partitionIndex: 9 }] }]
  const deleted = await ask('OffsetDelete', 0, { groupId: 'readers', topics: doomed })
  assert.deepEqual(
    deleted.topics[0]?.partitions.map(({ errorCode }) => errorCode),
    [errorCodes.NONE, errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
  )
  assert.equal(await committed(), -1)
  const none = await ask('OffsetDelete', 0, { groupId: 'none', topics: doomed })
  assert.equal(none.errorCode, errorCodes.GROUP_ID_NOT_FOUND)
})

void test('whoever asks what they may do is told, for what they may see alone', async () => {
  const operations = async (rights: Rights, name = 'orders') => {
    const { ask } = await stage(rights)
    const body = { topics: [{ name }], includeTopicAuthorizedOperations: true }
    const { topics } = await ask('Metadata', 12, body)
    const bits = topics[0]?.topicAuthorizedOperations ?? 0
    return bits < 0
      ? bits
      : Array.from({ length: 16 }, (_, at) => at).filter((at) => bits & (1 << at))
  }
  const [read, write, create, remove, alter, describe, describeConfigs, alterConfigs] = [3, 4, 5, 6, 7, 8, 10, 11] // prettier-ignore
  const everything = [read, write, create, remove, alter, describe, describeConfigs, alterConfigs]
  assert.deepEqual(await operations(allRights), everything)
  const reader = { held: ['read'], prefix: 'ord' } as const
  assert.deepEqual(await operations(reader), [read, describe, describeConfigs])
  assert.equal(await operations(reader, 'bills'), -(2 ** 31))
})

void test('what somebody may do is found by every filter, and nothing is forbidden', async () => {
  const { ask } = await stage({ held: ['read'], prefix: 'ord' })
  const all = {
    ...{ resourceTypeFilter: 1, resourceNameFilter: null, patternTypeFilter: 1 },
    ...{ principalFilter: null, hostFilter: null, operation: 1, permissionType: 1 },
  }
  const count = async (filter: Partial<RequestDraft<'DescribeAcls'>>): Promise<number> => {
    const { resources } = await ask('DescribeAcls', 3, { ...all, ...filter })
    return resources.flatMap(({ acls }) => acls).length
  }
  const whole = await count({})
  assert.ok(whole > 0)
  const [deny, allow] = [2, 3]
  assert.equal(await count({ permissionType: allow }), whole)
  assert.equal(await count({ permissionType: deny }), 0)
  assert.equal(await count({ hostFilter: '*' }), whole)
  assert.equal(await count({ hostFilter: '10.0.0.1' }), 0)
  const [literal, prefixed] = [3, 4]
  assert.equal(await count({ patternTypeFilter: prefixed }), whole)
  assert.equal(await count({ patternTypeFilter: literal }), 0)
})

void test('the broker says by what limits it goes', async () => {
  const { ask } = await stage()
  const resource = { resourceType: 4, resourceName: '1', configurationKeys: null }
  const { results } = await ask('DescribeConfigs', 4, { resources: [resource] })
  const configs = new Map(results[0]?.configs.map(({ name, value }) => [name, value] as const))
  assert.equal(configs.get('transaction.max.timeout.ms'), String(limits.transactionMsMax))
  assert.equal(configs.get('group.min.session.timeout.ms'), String(limits.groupSessionMsMin))
  assert.equal(configs.get('message.max.bytes'), String(limits.wireBatchBytesDefault))
  assert.ok(results[0]?.configs.every(({ readOnly }) => readOnly))
})
