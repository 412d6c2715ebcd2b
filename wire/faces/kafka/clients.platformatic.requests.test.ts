import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testSeed } from '@fermata/testkit/knobs'
import { randomFrom } from '@fermata/testkit/random'
import { checkBatch } from '../../log/batch.ts'
import { apis, type ApiName } from './apis.ts'
import { theirs, type Bag } from './clients.platformatic.fixture.ts'
import { decodeRequest, encodeRequest } from './codec.ts'
import { noUuid, type Field, type Fields } from './declare.ts'
import { drawBody, forms, titleOf, type Form } from './samples.fixture.ts'
import { includes } from './versions.ts'

const seed = testSeed()
const rounds = 20

/** The fields that its writers take, in their order; the same for all versions. */
const taken: Readonly<Partial<Record<ApiName, readonly string[]>>> = {
  Fetch: [
    'maxWaitMs',
    'minBytes',
    'maxBytes',
    'isolationLevel',
    'sessionId',
    'sessionEpoch',
    'topics',
    'forgottenTopicsData',
    'rackId',
  ],
  ListOffsets: ['replicaId', 'isolationLevel', 'topics'],
  Metadata: [
    'topics',
    'allowAutoTopicCreation',
    'includeTopicAuthorizedOperations',
    'includeClusterAuthorizedOperations',
  ],
  OffsetCommit: ['groupId', 'generationIdOrMemberEpoch', 'memberId', 'groupInstanceId', 'topics'],
  OffsetFetch: ['groups', 'requireStable'],
  FindCoordinator: ['keyType', 'coordinatorKeys'],
  JoinGroup: [
    'groupId',
    'sessionTimeoutMs',
    'rebalanceTimeoutMs',
    'memberId',
    'groupInstanceId',
    'protocolType',
    'protocols',
    'reason',
  ],
  Heartbeat: ['groupId', 'generationId', 'memberId', 'groupInstanceId'],
  LeaveGroup: ['groupId', 'members'],
  SyncGroup: [
    'groupId',
    'generationId',
    'memberId',
    'groupInstanceId',
    'protocolType',
    'protocolName',
    'assignments',
  ],
  DescribeGroups: ['groups', 'includeAuthorizedOperations'],
  ListGroups: ['statesFilter', 'typesFilter'],
  SaslHandshake: ['mechanism'],
  ApiVersions: ['clientSoftwareName', 'clientSoftwareVersion'],
  CreateTopics: ['topics', 'timeoutMs', 'validateOnly'],
  DeleteTopics: ['topics', 'timeoutMs'],
  DeleteRecords: ['topics', 'timeoutMs'],
  InitProducerId: ['transactionalId', 'transactionTimeoutMs', 'producerId', 'producerEpoch'],
  OffsetForLeaderEpoch: ['replicaId', 'topics'],
  AddPartitionsToTxn: ['transactions'],
  AddOffsetsToTxn: ['transactionalId', 'producerId', 'producerEpoch', 'groupId'],
  EndTxn: ['transactionalId', 'producerId', 'producerEpoch', 'committed'],
  TxnOffsetCommit: [
    'transactionalId',
    'groupId',
    'producerId',
    'producerEpoch',
    'generationId',
    'memberId',
    'groupInstanceId',
    'topics',
  ],
  DescribeAcls: ['filter'],
  CreateAcls: ['creations'],
  DeleteAcls: ['filters'],
  DescribeConfigs: ['resources', 'includeSynonyms', 'includeDocumentation'],
  AlterConfigs: ['resources', 'validateOnly'],
  DescribeLogDirs: ['topics'],
  SaslAuthenticate: ['authBytes'],
  CreatePartitions: ['topics', 'timeoutMs', 'validateOnly'],
  DeleteGroups: ['groupsNames'],
  IncrementalAlterConfigs: ['resources', 'validateOnly'],
  AlterPartitionReassignments: ['timeoutMs', 'allowReplicationFactorChange', 'topics'],
  ListPartitionReassignments: ['timeoutMs', 'topics'],
  OffsetDelete: ['groupId', 'topics'],
  DescribeClientQuotas: ['components', 'strict'],
  AlterClientQuotas: ['entries', 'validateOnly'],
  DescribeUserScramCredentials: ['users'],
  AlterUserScramCredentials: ['deletions', 'upsertions'],
  DescribeCluster: ['includeClusterAuthorizedOperations', 'endpointType'],
  DescribeProducers: ['topics'],
  DescribeTransactions: ['transactionalIds'],
  ListTransactions: ['stateFilters', 'producerIdFilters', 'durationFilter'],
  ConsumerGroupHeartbeat: [
    'groupId',
    'memberId',
    'memberEpoch',
    'instanceId',
    'rackId',
    'rebalanceTimeoutMs',
    'subscribedTopicNames',
    'subscribedTopicRegex',
    'serverAssignor',
    'topicPartitions',
  ],
  ConsumerGroupDescribe: ['groupIds', 'includeAuthorizedOperations'],
}

/** A value as its writers want it: 64 bits as a bigint. */
function forTheirs(field: Field, value: unknown): unknown {
  if (value === null) return null
  switch (field.kind) {
    case 'int64':
      return BigInt(value as number)
    case 'array':
      return (value as unknown[]).map((element) => forTheirs(field.element!, element))
    case 'struct':
      return bagForTheirs(field.fields!, value as Bag)
    default:
      return value
  }
}

function bagForTheirs(fields: Fields, values: Bag): Bag {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, forTheirs(field, values[name])]),
  )
}

const rows = (value: unknown): Bag[] => value as Bag[]
const each = (value: unknown, change: (row: Bag) => Bag): Bag[] | null =>
  value === null ? null : rows(value).map(change)

/** The body, but for what its writers fill in by themselves. */
function asTheyWould({ api, version }: Form, body: Bag): Bag {
  switch (api) {
    case 'Fetch': {
      const partition = (row: Bag): Bag => ({ ...row, logStartOffset: -1 })
      const topic = (row: Bag): Bag => ({ ...row, partitions: each(row['partitions'], partition) })
      const nobody = {
        replicaState: { replicaId: -1, replicaEpoch: -1 },
        replicaId: -1,
        clusterId: null,
      }
      return { ...body, ...nobody, topics: each(body['topics'], topic) }
    }
    case 'Metadata': {
      if (version < 10) return body
      const topic = (row: Bag): Bag => ({ topicId: noUuid, name: row['name'] ?? '' })
      return { ...body, topics: each(body['topics'], topic) }
    }
    case 'OffsetCommit':
      return { ...body, retentionTimeMs: -1 }
    case 'ListGroups': {
      const states = rows(body['statesFilter']).map(() => 'Stable')
      return {
        ...body,
        statesFilter: states,
        typesFilter: rows(body['typesFilter']).map(() => 'classic'),
      }
    }
    default:
      return body
  }
}

const withPattern = (row: Bag): Bag => ({ ...row, resourcePatternType: row['patternTypeFilter'] })
const acl = (row: Bag): Bag => ({
  ...withPattern(row),
  resourceType: row['resourceTypeFilter'],
  resourceName: row['resourceNameFilter'],
  principal: row['principalFilter'],
  host: row['hostFilter'],
})

/** The same under the names that its writers look for. */
function inTheirWords({ api, version }: Form, bag: Bag): Bag {
  switch (api) {
    case 'Fetch': {
      const partition = ({ replicaDirectoryId: directory, ...row }: Bag): Bag =>
        directory === noUuid ? row : { ...row, replicaDirectoryId: directory }
      const named = (row: Bag): Bag => (version > 12 ? row : { ...row, topicId: row['topic'] })
      const topic = (row: Bag): Bag => ({
        ...named(row),
        partitions: each(row['partitions'], partition),
      })
      const forgotten = each(bag['forgottenTopicsData'], named)
      return { ...bag, topics: each(bag['topics'], topic), forgottenTopicsData: forgotten }
    }
    case 'OffsetFetch':
      return version > 7
        ? bag
        : { ...bag, groups: [{ groupId: bag['groupId'], topics: bag['topics'] }] }
    case 'FindCoordinator':
      return version > 3 ? bag : { ...bag, coordinatorKeys: [bag['key']] }
    case 'LeaveGroup':
      return version > 2 ? bag : { ...bag, members: [{ memberId: bag['memberId'] }] }
    case 'DeleteTopics': {
      const names = bag['topicNames'] as readonly string[]
      return version > 5 ? bag : { ...bag, topics: names.map((name) => ({ name })) }
    }
    case 'OffsetForLeaderEpoch': {
      const partition = (row: Bag): Bag => ({ ...row, partitionIndex: row['partition'] })
      const topic = (row: Bag): Bag => ({
        ...row,
        name: row['topic'],
        partitions: each(row['partitions'], partition),
      })
      return { ...bag, topics: each(bag['topics'], topic) }
    }
    case 'AddPartitionsToTxn':
      return { transactions: [bag] }
    case 'DescribeAcls':
      return { filter: acl(bag) }
    case 'DeleteAcls':
      return { filters: each(bag['filters'], acl) }
    case 'DescribeLogDirs':
      return { topics: each(bag['topics'], (row) => ({ ...row, name: row['topic'] })) }
    case 'AlterClientQuotas': {
      const entry = (row: Bag): Bag => ({ ...row, entities: row['entity'] })
      return { ...bag, entries: each(bag['entries'], entry) }
    }
    default:
      return bag
  }
}

const known = forms.filter((form) => form.half === 'request' && theirs(form) && taken[form.api])

for (const form of known) {
  test(`[C2] @platformatic/kafka writes ${titleOf(form)} as we do`, (t) => {
    t.diagnostic(`FERMATA_SEED=${seed}`)
    const random = randomFrom(seed)
    const { api, version, message } = form
    for (let round = 0; round < rounds; round++) {
      const body = asTheyWould(form, drawBody(random, form) as Bag)
      const bag = inTheirWords(form, bagForTheirs(message.fields, body))
      const fields = taken[api]!.map((name) => bag[name])
      const { buffer } = theirs(form)!.createRequest(...fields)
      const head = { api, version, correlationId: 1, clientId: null }
      const ours = Buffer.concat(encodeRequest({ ...head, body }))
      const headBytes = includes(message.flexible, version) ? 15 : 14
      assert.equal(ours.subarray(headBytes).toString('hex'), buffer.toString('hex'))
    }
  })
}

for (const form of forms.filter((form) => form.api === 'Produce' && form.half === 'request')) {
  const writer = theirs(form)
  if (!writer) continue
  test(`[C2] what @platformatic/kafka writes as ${titleOf(form)} is read with its records whole`, () => {
    const messages = ['first', 'second'].map((value) => ({
      topic: 'orders',
      partition: 2,
      value: Buffer.from(value),
      timestamp: 1_700_000_000_000n,
    }))
    const { buffer } = writer.createRequest(-1, 5_000, messages, { transactionalId: 'tx' })
    const head = {
      api: 'Produce',
      version: form.version,
      correlationId: 1,
      clientId: null,
    } as const
    const none = { transactionalId: null, acks: 0, timeoutMs: 0, topicData: [] }
    const headBytes = includes(form.message.flexible, form.version) ? 15 : 14
    const ours = Buffer.concat(encodeRequest({ ...head, body: none })).subarray(4, headBytes)
    const read = decodeRequest(Buffer.concat([ours, buffer]), {
      Produce: apis.Produce.request.versions,
    })
    assert.ok(read.ok && read.value.api === 'Produce', JSON.stringify(read))
    const { topicData, ...rest } = read.value.body
    assert.deepEqual(rest, { transactionalId: 'tx', acks: -1, timeoutMs: 5_000 })
    const [topic] = topicData
    assert.equal(topic?.name, 'orders')
    const [partition] = topic.partitionData
    assert.equal(partition?.index, 2)
    const batch = checkBatch(partition.records ?? Buffer.alloc(0))
    assert.ok(batch.ok && batch.value.transactional, JSON.stringify(batch))
    assert.equal(batch.value.recordCount, 2)
    const again = encodeRequest({ ...head, body: read.value.body })
    assert.deepEqual(Buffer.concat(again).subarray(headBytes), Buffer.from(buffer))
  })
}
