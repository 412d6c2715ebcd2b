import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@fermata/testkit/until'
import { memoryBroker, workspace } from '../../broker/broker.world.ts'
import type { Right, Rights } from '../../broker/rights.ts'
import { batchOf } from '../../log/contract.world.ts'
import { answered } from './answers/all.ts'
import type { ApiName, RequestDraft } from './apis.ts'
import { decodeResponse, encodeRequest } from './codec.ts'
import { newFrameSplitter } from './frames.ts'
import type { Identity } from './identity.ts'
import { outcomeOf } from './outcome.ts'
import { openPassage } from './passage.ts'
import { openSession } from './session.ts'

// Every API that is answered, asked by everybody: who may not is told so in Kafka's words, or sees nothing; who
// may gets through with the same request. An API that is answered and does not stand here fails.

/** What it takes to be answered. */
type Needed = Right | 'any' | 'nothing' | 'identity'

interface Case<Name extends ApiName> {
  readonly needs: Needed
  readonly version: number
  readonly body: RequestDraft<Name>
  /** Instead of an error: whether nothing is shown of what there is. */
  readonly isHidden?: (answer: object) => boolean
}

type Cases = { readonly [Name in ApiName]?: Case<Name> }

const producer = { producerId: 0, producerEpoch: 0 }
const transaction = { transactionalId: 'tx', ...producer }
const place = [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: 0 }] }]
const indexes = [{ name: 'orders', partitionIndexes: [0] }]
const anyAcl = { resourceNameFilter: null, principalFilter: null, hostFilter: null, operation: 1, permissionType: 1 } // prettier-ignore
const lacks = (text: string) => (answer: object) => !JSON.stringify(answer).includes(text)

const cases: Cases = {
  Produce: {
    needs: 'write',
    version: 9,
    body: { acks: -1, timeoutMs: 1, topicData: [{ name: 'orders', partitionData: [{ index: 0, records: batchOf(['a']) }] }] }, // prettier-ignore
  },
  Fetch: {
    needs: 'read',
    version: 12,
    body: { maxWaitMs: 0, minBytes: 0, topics: [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 9 }] }] }, // prettier-ignore
  },
  ListOffsets: {
    needs: 'any',
    version: 5,
    body: {
      replicaId: -1,
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
    },
  },
  Metadata: {
    needs: 'any',
    version: 9,
    body: { topics: [{ name: 'orders' }], allowAutoTopicCreation: false },
  },
  OffsetCommit: {
    needs: 'read',
    version: 7,
    body: { groupId: 'group', generationIdOrMemberEpoch: -1, memberId: '', topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }] }] }, // prettier-ignore
  },
  OffsetFetch: { needs: 'any', version: 5, body: { groupId: 'group', topics: indexes } },
  FindCoordinator: { needs: 'any', version: 2, body: { key: 'group', keyType: 0 } },
  JoinGroup: {
    needs: 'read',
    version: 5,
    body: { groupId: 'group', sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000, memberId: '', protocolType: 'consumer', protocols: [{ name: 'range', metadata: Buffer.from('m') }] }, // prettier-ignore
  },
  SyncGroup: {
    needs: 'read',
    version: 3,
    body: { groupId: 'group', generationId: 1, memberId: 'm', assignments: [] },
  },
  Heartbeat: { needs: 'read', version: 3, body: { groupId: 'group', generationId: 1, memberId: 'm' } }, // prettier-ignore
  LeaveGroup: { needs: 'read', version: 2, body: { groupId: 'group', memberId: 'm' } },
  DescribeGroups: { needs: 'any', version: 4, body: { groups: ['group'] } },
  ListGroups: { needs: 'any', version: 4, body: { statesFilter: [] }, isHidden: lacks('"group"') },
  SaslHandshake: { needs: 'nothing', version: 1, body: { mechanism: 'PLAIN' } },
  SaslAuthenticate: { needs: 'nothing', version: 1, body: { authBytes: Buffer.from('\0u\0p') } },
  ApiVersions: { needs: 'nothing', version: 3, body: {} },
  CreateTopics: {
    needs: 'manage',
    version: 4,
    body: { topics: [{ name: 'other', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }], timeoutMs: 1 }, // prettier-ignore
  },
  DeleteTopics: { needs: 'manage', version: 5, body: { topicNames: ['orders'], timeoutMs: 1 } },
  DeleteRecords: { needs: 'manage', version: 1, body: { topics: place, timeoutMs: 1 } },
  InitProducerId: { needs: 'write', version: 2, body: { transactionalId: 'tx', transactionTimeoutMs: 9_000 } }, // prettier-ignore
  OffsetForLeaderEpoch: {
    needs: 'any',
    version: 3,
    body: { topics: [{ topic: 'orders', partitions: [{ partition: 0, leaderEpoch: 0 }] }] },
  },
  AddPartitionsToTxn: { needs: 'write', version: 2, body: { ...transaction, topics: [{ name: 'orders', partitions: [0] }] } }, // prettier-ignore
  AddOffsetsToTxn: { needs: 'write', version: 2, body: { ...transaction, groupId: 'group' } },
  EndTxn: { needs: 'write', version: 2, body: { ...transaction, committed: true } },
  TxnOffsetCommit: {
    needs: 'write',
    version: 2,
    body: { ...transaction, groupId: 'group', topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }] }] }, // prettier-ignore
  },
  DescribeAcls: { needs: 'any', version: 1, body: { ...anyAcl, resourceTypeFilter: 1, patternTypeFilter: 1 }, isHidden: lacks('principal') }, // prettier-ignore
  CreateAcls: { needs: 'identity', version: 1, body: { creations: [] } },
  DeleteAcls: { needs: 'identity', version: 1, body: { filters: [] } },
  DescribeConfigs: { needs: 'any', version: 2, body: { resources: [{ resourceType: 2, resourceName: 'orders', configurationKeys: null }] } }, // prettier-ignore
  AlterConfigs: { needs: 'manage', version: 1, body: { resources: [{ resourceType: 2, resourceName: 'orders', configs: [] }], validateOnly: false } }, // prettier-ignore
  IncrementalAlterConfigs: { needs: 'manage', version: 1, body: { resources: [{ resourceType: 2, resourceName: 'orders', configs: [] }], validateOnly: false } }, // prettier-ignore
  DescribeLogDirs: { needs: 'any', version: 1, body: { topics: null }, isHidden: lacks('orders') },
  CreatePartitions: { needs: 'manage', version: 1, body: { topics: [{ name: 'orders', count: 2, assignments: null }], timeoutMs: 1, validateOnly: false } }, // prettier-ignore
  DeleteGroups: { needs: 'manage', version: 1, body: { groupsNames: ['group'] } },
  ElectLeaders: { needs: 'any', version: 1, body: { electionType: 0, topicPartitions: [{ topic: 'orders', partitions: [0] }], timeoutMs: 1 }, isHidden: (answer) => outcomeOf(answer) === 'UNKNOWN_TOPIC_OR_PARTITION' }, // prettier-ignore
  OffsetDelete: { needs: 'manage', version: 0, body: { groupId: 'group', topics: [{ name: 'orders', partitions: [{ partitionIndex: 0 }] }] } }, // prettier-ignore
  DescribeCluster: {
    needs: 'identity',
    version: 0,
    body: { includeClusterAuthorizedOperations: false },
  },
  AlterPartitionReassignments: { needs: 'any', version: 0, body: { timeoutMs: 1, topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, replicas: [1] }] }] }, isHidden: (answer) => outcomeOf(answer) === 'UNKNOWN_TOPIC_OR_PARTITION' }, // prettier-ignore
  ListPartitionReassignments: { needs: 'identity', version: 0, body: { timeoutMs: 1, topics: null } }, // prettier-ignore
  DescribeProducers: { needs: 'read', version: 0, body: { topics: [{ name: 'orders', partitionIndexes: [0] }] } }, // prettier-ignore
  DescribeTransactions: {
    needs: 'any',
    version: 0,
    body: { transactionalIds: ['tx'] },
    isHidden: (answer) => outcomeOf(answer) === 'TRANSACTIONAL_ID_NOT_FOUND',
  },
  ListTransactions: { needs: 'any', version: 0, body: { stateFilters: [], producerIdFilters: [] }, isHidden: lacks('"tx"') }, // prettier-ignore
}

const everything: Rights = { held: ['read', 'write', 'manage'], prefix: '' }

/** What became of a request: the answer, or the end of the connection. */
async function ask(api: ApiName, rights: Rights | undefined): Promise<object | 'ended'> {
  const { broker, clock } = await memoryBroker()
  const topics = [{ name: 'orders', partitions: 1, settings: [] }]
  await broker.createTopics({ workspace, topics, validateOnly: false })
  await broker.initProducer({ workspace, transactionalId: 'tx', timeoutMs: 9_000 })
  const offset = { topic: 'orders', index: 0, offset: 0, epoch: -1, metadata: '' }
  const nobody = { group: 'group', member: '', instance: null, generation: -1 }
  await broker.commitOffsets({ workspace, ...nobody, offsets: [offset] })
  const identity: Identity | undefined = rights && {
    name: 'app_1',
    credential: 'tok_1',
    rights,
    expiresAt: null,
  }
  const passage = openPassage({
    broker,
    isPrivate: true,
    newNonce: () => 'n',
    ...(identity && { initial: identity }),
  })
  const context = {
    ...{ passage, workspace, host: 'here', port: 1, peer: 'there', offer: answered },
    now: () => clock.now(),
    get broker() {
      return passage.broker
    },
  }
  const splitter = newFrameSplitter()
  const said: Buffer[] = []
  let hasEnded = false
  const session = openSession(context, {
    send(pieces) {
      const cut = splitter.push(Buffer.concat(pieces))
      if (cut.ok) said.push(...cut.value)
    },
    end: () => void (hasEnded = true),
    resume() {},
    onFault(error) {
      throw error
    },
  })
  const { version, body } = cases[api]!
  const request = { api, version, correlationId: 1, clientId: 't', body } as RequestOfAny
  session.take(Buffer.concat(encodeRequest(request)))
  await until('it is answered', () => said.length > 0 || hasEnded)
  if (said[0] === undefined) return 'ended'
  const answer = decodeResponse(said[0], api, version)
  assert.ok(answer.ok, api)
  return answer.value.body
}

type RequestOfAny = Parameters<typeof encodeRequest>[0]

const isDenied = (answer: object): boolean => outcomeOf(answer).endsWith('AUTHORIZATION_FAILED')

/** Whether whoever holds these gets what the case needs. */
function isEntitled(needs: Needed, held: readonly Right[]): boolean {
  if (needs === 'nothing' || needs === 'identity') return true
  return needs === 'any' ? held.length > 0 : held.includes(needs)
}

/** What is done with the offsets of a group takes reading besides. */
const alsoRead: readonly ApiName[] = ['AddOffsetsToTxn', 'TxnOffsetCommit', 'OffsetDelete']

void test('each API that is answered is asked here, and none besides', () => {
  assert.deepEqual(Object.keys(cases).toSorted(), Object.keys(answered).toSorted())
})

for (const api of Object.keys(cases) as ApiName[]) {
  void test(`${api}: who may not is refused, and who may is not`, async () => {
    const { needs, isHidden } = cases[api]!
    const stranger = await ask(api, undefined)
    if (needs === 'nothing') assert.notEqual(stranger, 'ended')
    else assert.equal(stranger, 'ended', 'whoever has not said who they are')
    const holdings: readonly (readonly Right[])[] = [
      ...[[], ['read'], ['write'], ['manage'], ['read', 'write'], everything.held],
    ] as const
    for (const held of holdings) {
      const reads = !alsoRead.includes(api) || held.includes('read')
      const isFine = isEntitled(needs, held) && reads
      for (const prefix of ['', 'o', 'x']) {
        // Of the names that are asked for, no single prefix fits those of several kinds.
        if (prefix === 'o' && !JSON.stringify(cases[api]!.body).includes('orders')) continue
        if (prefix === 'o' && /group|tx/.test(JSON.stringify(cases[api]!.body))) continue
        if (prefix !== '' && (needs === 'nothing' || needs === 'identity')) continue
        if (prefix !== '' && api === 'DescribeAcls') continue
        const answer = await ask(api, { held, prefix })
        assert.notEqual(answer, 'ended', `${held.join()} ${prefix}`)
        const isKept = isHidden ? isHidden(answer as object) : isDenied(answer as object)
        const isMeant = isFine && prefix !== 'x'
        assert.equal(isKept, !isMeant, `${held.join() || 'nothing'} "${prefix}": ${outcomeOf(answer as object)}`) // prettier-ignore
      }
    }
  })
}
