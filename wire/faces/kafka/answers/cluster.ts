import type { TopicAnswer } from '../../../broker/topics.port.ts'
import { leaderEpoch } from '../../../broker/records.port.ts'
import type { ResponseDraft } from '../apis.ts'
import { versionsOffered } from '../codec.ts'
import { nodeId, type Answers } from '../context.ts'
import { noUuid } from '../declare.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'
import { distinct } from './distinct.ts'
import { authorizedBits } from './security.ts'

/** What kind of servers is asked for (KIP-919). */
const endpoint = { brokers: 1 } as const

/** What is said of who may not see it, by the type of what is coordinated: groups, transactions. */
const coordinatorDenials: readonly number[] = [
  errorCodes.GROUP_AUTHORIZATION_FAILED,
  errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
]

type MetadataTopic = ResponseDraft<'Metadata'>['topics'][number]

/** What this server speaks, what there is, and that it looks after all of it. */
export const clusterAnswers: Answers<
  'ApiVersions' | 'Metadata' | 'FindCoordinator' | 'DescribeCluster'
> = {
  async ApiVersions(_request, { offer }) {
    return { errorCode: errorCodes.NONE, apiKeys: versionsOffered(offer) }
  },
  async Metadata({ body, version }, context) {
    const { broker, workspace, host, port } = context
    const { topics } = body
    const isAll = topics === null || (version === 0 && topics.length === 0)
    const asked = isAll
      ? undefined
      : distinct(topics, ({ name, topicId }) => name ?? `id ${topicId}`).map(({ name, topicId }) =>
          name === null ? { id: topicId } : { name },
        )
    const create = body.allowAutoTopicCreation
    const found = await broker.describeTopics({
      workspace,
      create,
      ...(asked && { topics: asked }),
    })
    return {
      brokers: [{ nodeId, host, port }],
      clusterId: broker.clusterId,
      controllerId: nodeId,
      topics: found.map((answer) => ({
        ...metadataOf(answer),
        ...(body.includeTopicAuthorizedOperations &&
          answer.ok && {
            topicAuthorizedOperations: authorizedBits(context, 'topic', answer.name),
          }),
      })),
      ...(body.includeClusterAuthorizedOperations && {
        clusterAuthorizedOperations: authorizedBits(context, 'cluster'),
      }),
    }
  },
  async FindCoordinator({ body, version }, { passage, host, port }) {
    const coordinatorOf = (key: string) => {
      const denial = coordinatorDenials[body.keyType] ?? errorCodes.INVALID_REQUEST
      const isFine = body.keyType in coordinatorDenials && passage.may('any', key)
      const errorCode = isFine ? errorCodes.NONE : denial
      return { nodeId, host, port, errorCode, errorMessage: null }
    }
    if (version < 4) return coordinatorOf(body.key)
    return { coordinators: body.coordinatorKeys.map((key) => ({ key, ...coordinatorOf(key) })) }
  },
  async DescribeCluster({ body }, context) {
    const { broker, host, port } = context
    // Controllers have no address of their own.
    if (body.endpointType !== endpoint.brokers) {
      const errorCode = errorCodes.MISMATCHED_ENDPOINT_TYPE
      return { errorCode, endpointType: endpoint.brokers, clusterId: '', brokers: [] }
    }
    return {
      errorCode: errorCodes.NONE,
      clusterId: broker.clusterId,
      controllerId: nodeId,
      brokers: [{ brokerId: nodeId, host, port }],
      ...(body.includeClusterAuthorizedOperations && {
        clusterAuthorizedOperations: authorizedBits(context, 'cluster'),
      }),
    }
  },
}

function metadataOf(answer: TopicAnswer): MetadataTopic {
  if (!answer.ok) {
    const { name = null, id: topicId = noUuid } = answer.asked
    const isId = name === null
    const isUnknown = answer.refusal.code === 'unknown_topic'
    const errorCode = isId && isUnknown ? errorCodes.UNKNOWN_TOPIC_ID : errorCodeOf(answer.refusal)
    return { errorCode, name, topicId, partitions: [] }
  }
  const { name, id: topicId, partitions } = answer
  return {
    errorCode: errorCodes.NONE,
    name,
    topicId,
    partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
      errorCode: errorCodes.NONE,
      partitionIndex,
      leaderId: nodeId,
      leaderEpoch,
      replicaNodes: [nodeId],
      isrNodes: [nodeId],
    })),
  }
}
