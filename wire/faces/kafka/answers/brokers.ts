import type { ResponseDraft } from '../apis.ts'
import { byTopic, nodeId, type Answers } from '../context.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'

type Elected =
  ResponseDraft<'ElectLeaders'>['replicaElectionResults'][number]['partitionResult'][number]

/** What our only folder is called; where it really lies is nobody's business. */
const logDir = '/'

/** What is asked of a cluster's disks, leaders and replicas; here is one server, which leads everything and moves nothing. */
export const brokerAnswers: Answers<
  'DescribeLogDirs' | 'ElectLeaders' | 'AlterPartitionReassignments' | 'ListPartitionReassignments'
> = {
  async DescribeLogDirs({ body }, { broker, workspace }) {
    const asked = body.topics?.flatMap(({ topic, partitions }) =>
      partitions.map((index) => ({ topic, index })),
    )
    const sizes = await broker.measurePartitions({ workspace, ...(asked && { partitions: asked }) })
    const topics = byTopic(sizes).map(({ topic: name, rows }) => ({
      name,
      partitions: rows.map(({ index: partitionIndex, bytes: partitionSize }) => ({
        partitionIndex,
        partitionSize,
        offsetLag: 0,
        isFutureKey: false,
      })),
    }))
    return { results: [{ errorCode: errorCodes.NONE, logDir, topics }] }
  },
  async ElectLeaders({ body }, { broker, workspace }) {
    const { topicPartitions } = body
    // Whoever asks for all of them hears of those that were elected anew.
    if (topicPartitions === null) return { replicaElectionResults: [] }
    const names = topicPartitions.map(({ topic }) => ({ name: topic }))
    const found = await broker.describeTopics({ workspace, topics: names, create: false })
    return {
      replicaElectionResults: topicPartitions.map(({ topic, partitions }, at) => {
        const answer = found[at]
        const count = answer?.ok ? answer.partitions : 0
        return { topic, partitionResult: partitions.map((id) => elected(id, count)) }
      }),
    }
  },
  async AlterPartitionReassignments({ body }, { broker, workspace }) {
    const names = body.topics.map(({ name }) => ({ name }))
    const found = await broker.describeTopics({ workspace, topics: names, create: false })
    const responses = body.topics.map(({ name, partitions }, at) => {
      const answer = found[at]
      const count = answer?.ok ? answer.partitions : 0
      return {
        name,
        partitions: partitions.map(({ partitionIndex, replicas }) => ({
          partitionIndex,
          ...moved(partitionIndex < count, replicas),
        })),
      }
    })
    return { errorCode: errorCodes.NONE, errorMessage: null, responses }
  },
  async ListPartitionReassignments() {
    return { errorCode: errorCodes.NONE, errorMessage: null, topics: [] }
  },
}

function elected(partitionId: number, count: number): Elected {
  if (partitionId >= count || partitionId < 0) {
    const errorCode = errorCodeOf({ code: 'unknown_partition' })
    return { partitionId, errorCode, errorMessage: null }
  }
  const errorMessage = `broker ${nodeId} leads already`
  return { partitionId, errorCode: errorCodes.ELECTION_NOT_NEEDED, errorMessage }
}

/** Whoever wants a partition where it is has it; nothing is ever on its way elsewhere. */
function moved(isThere: boolean, replicas: readonly number[] | null) {
  if (!isThere) {
    return { errorCode: errorCodeOf({ code: 'unknown_partition' }), errorMessage: null }
  }
  if (replicas === null) {
    return { errorCode: errorCodes.NO_REASSIGNMENT_IN_PROGRESS, errorMessage: null }
  }
  if (replicas.join() === String(nodeId)) return { errorCode: errorCodes.NONE, errorMessage: null }
  const errorMessage = `all partitions lie on broker ${nodeId}`
  return { errorCode: errorCodes.INVALID_REPLICA_ASSIGNMENT, errorMessage }
}
