import { limits } from '@fermata/base/limits'
import type { BrokerRefusal } from '../../../broker/refusals.ts'
import type { SettingView, TopicAnswer } from '../../../broker/topics.port.ts'
import type { ResponseDraft } from '../apis.ts'
import { nodeId, type Answers, type Context } from '../context.ts'
import { noUuid } from '../declare.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'
import { configSource } from './configs.ts'
import { repeated } from './distinct.ts'

/** What a client may say of where partitions are to lie: all of them here, each once. */
function assignmentFault(
  assignments: readonly {
    readonly partitionIndex: number
    readonly brokerIds: readonly number[]
  }[],
): BrokerRefusal | undefined {
  const indices = new Set(assignments.map(({ partitionIndex }) => partitionIndex))
  const isWhole =
    indices.size === assignments.length && assignments.every((_, index) => indices.has(index))
  const isHere = assignments.every(({ brokerIds }) => brokerIds.join() === String(nodeId))
  if (isWhole && isHere) return undefined
  return { code: 'invalid_assignment', reason: `all partitions lie on broker ${nodeId}` }
}

type NewTopic = ResponseDraft<'CreateTopics'>['topics'][number]

/** Topics are made, widened and removed. */
export const topicAnswers: Answers<'CreateTopics' | 'DeleteTopics' | 'CreatePartitions'> = {
  async CreateTopics({ body }, context) {
    const { broker, workspace } = context
    const twice = repeated(body.topics.map(({ name }) => name))
    const total = body.topics.reduce((sum, one) => sum + Math.max(1, one.numPartitions), 0)
    const faultOf = (topic: (typeof body.topics)[number]): BrokerRefusal | undefined => {
      const { name, assignments, numPartitions, replicationFactor } = topic
      if (twice.has(name)) return { code: 'invalid_request', reason: `${name} is named twice` }
      if (total > limits.partitionsPerCallMax) {
        const reason = `one call makes at most ${limits.partitionsPerCallMax} partitions`
        return { code: 'policy', reason }
      }
      if (assignments.length === 0) return undefined
      if (numPartitions !== -1 || replicationFactor !== -1) {
        return { code: 'invalid_request', reason: 'either numbers or assignments, not both' }
      }
      return assignmentFault(assignments)
    }
    const topics = await Promise.all(
      body.topics.map(async (topic): Promise<NewTopic> => {
        const fault = faultOf(topic)
        if (fault !== undefined) return refusedTopic(topic.name, fault)
        const { name, assignments, numPartitions, replicationFactor, configs } = topic
        const partitions = assignments.length > 0 ? assignments.length : numPartitions
        const [answer] = await broker.createTopics({
          workspace,
          validateOnly: body.validateOnly,
          topics: [
            {
              name,
              settings: configs,
              ...(partitions !== -1 && { partitions }),
              ...(replicationFactor !== -1 && { replicas: replicationFactor }),
            },
          ],
        })
        return answer?.ok
          ? madeTopic(answer, body.validateOnly ? [] : await settingsOf(context, name))
          : refusedTopic(name, answer?.refusal ?? { code: 'unknown_topic' })
      }),
    )
    return { topics }
  },
  async DeleteTopics({ body }, { broker, workspace }) {
    const asked = [
      ...body.topics.map(({ name, topicId }) => (name === null ? { id: topicId } : { name })),
      ...body.topicNames.map((name) => ({ name })),
    ]
    const answers = await broker.deleteTopics({ workspace, topics: asked })
    return { responses: answers.map(deletedTopic) }
  },
  async CreatePartitions({ body }, { broker, workspace }) {
    const twice = repeated(body.topics.map(({ name }) => name))
    const results = await Promise.all(
      body.topics.map(async ({ name, count, assignments }) => {
        const isElsewhere = assignments?.some(({ brokerIds }) => brokerIds.join() !== `${nodeId}`)
        const fault: BrokerRefusal | undefined = twice.has(name)
          ? { code: 'invalid_request', reason: `${name} is named twice` }
          : isElsewhere
            ? { code: 'invalid_assignment', reason: `all partitions lie on broker ${nodeId}` }
            : undefined
        if (fault !== undefined) return resultOf(name, fault)
        const { validateOnly } = body
        const topics = [{ name, count }]
        const [answer] = await broker.addPartitions({ workspace, topics, validateOnly })
        return resultOf(name, answer?.ok === false ? answer.refusal : undefined)
      }),
    )
    return { results }
  },
}

function resultOf(name: string, refusal: BrokerRefusal | undefined) {
  const errorMessage = refusal?.reason ?? null
  return { name, errorCode: refusal ? errorCodeOf(refusal) : errorCodes.NONE, errorMessage }
}

function refusedTopic(name: string, refusal: BrokerRefusal): NewTopic {
  return { ...resultOf(name, refusal), configs: null }
}

function madeTopic(
  { name, id: topicId, partitions: numPartitions }: Extract<TopicAnswer, { ok: true }>,
  settings: readonly SettingView[],
): NewTopic {
  const configs = settings.map((setting) => ({
    name: setting.name,
    value: setting.value,
    readOnly: false,
    configSource: setting.isSet ? configSource.topic : configSource.default,
    isSensitive: false,
  }))
  return { ...resultOf(name, undefined), topicId, numPartitions, replicationFactor: 1, configs }
}

async function settingsOf(
  { broker, workspace }: Context,
  name: string,
): Promise<readonly SettingView[]> {
  const [answer] = await broker.describeSettings({ workspace, topics: [name] })
  return answer?.ok ? answer.settings : []
}

function deletedTopic(answer: TopicAnswer): ResponseDraft<'DeleteTopics'>['responses'][number] {
  if (answer.ok) return { name: answer.name, topicId: answer.id, errorCode: errorCodes.NONE }
  const { name = null, id: topicId = noUuid } = answer.asked
  const isUnknownId = name === null && answer.refusal.code === 'unknown_topic'
  const errorCode = isUnknownId ? errorCodes.UNKNOWN_TOPIC_ID : errorCodeOf(answer.refusal)
  return { name, topicId, errorCode, errorMessage: answer.refusal.reason ?? null }
}
