import { limits } from '@fermata/base/limits'
import type { BrokerRefusal } from '../../../broker/refusals.ts'
import type { SettingChange, SettingView } from '../../../broker/topics.port.ts'
import { settingViews } from '../../../broker/topics.settings.ts'
import type { ResponseDraft } from '../apis.ts'
import { nodeId, type Answers, type Context } from '../context.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'
import { distinct } from './distinct.ts'

/** Where a value comes from (KIP-226). */
export const configSource = { topic: 1, broker: 4, default: 5 } as const

/** What a value is (KIP-569). */
const configType = { boolean: 1, text: 2, int: 3, long: 5, double: 6, list: 7 } as const

const resource = { topic: 2, broker: 4 } as const

type Described = ResponseDraft<'DescribeConfigs'>['results'][number]
type Config = Described['configs'][number]

interface Resource {
  readonly resourceType: number
  readonly resourceName: string
}

/** What of a broker's own settings is asked for besides those that topics take over. */
const brokerConfigs: readonly (readonly [
  name: string,
  value: string,
  kind: 'text' | 'int' | 'long' | 'boolean',
])[] = [
  ['broker.id', String(nodeId), 'int'],
  ['node.id', String(nodeId), 'int'],
  ['auto.create.topics.enable', 'true', 'boolean'],
  ['delete.topic.enable', 'true', 'boolean'],
  ['default.replication.factor', '1', 'int'],
  ['connections.max.idle.ms', String(limits.kafkaIdleMsMax), 'long'],
  ['fetch.max.bytes', String(limits.fetchBytesMax), 'int'],
  ['group.initial.rebalance.delay.ms', '0', 'int'],
  ['group.max.session.timeout.ms', String(limits.groupSessionMsMax), 'int'],
  ['group.max.size', String(limits.groupMembersMax), 'int'],
  ['group.min.session.timeout.ms', String(limits.groupSessionMsMin), 'int'],
  ['max.connections', String(limits.kafkaConnectionsMax), 'int'],
  ['offset.metadata.max.bytes', String(limits.offsetMetadataBytesMax), 'int'],
  ['offsets.retention.minutes', String(limits.groupOffsetsMs / 60_000), 'int'],
  ['producer.id.expiration.ms', String(limits.producerStateMs), 'int'],
  ['socket.request.max.bytes', String(limits.kafkaFrameBytesMax), 'int'],
  ['transaction.max.timeout.ms', String(limits.transactionMsMax), 'int'],
  ['transactional.id.expiration.ms', String(limits.transactionIdMs), 'int'],
  ['offsets.topic.replication.factor', '1', 'int'],
  ['transaction.state.log.replication.factor', '1', 'int'],
]

/** Settings are shown and changed. */
export const configAnswers: Answers<
  'DescribeConfigs' | 'AlterConfigs' | 'IncrementalAlterConfigs'
> = {
  async DescribeConfigs({ body }, context) {
    const wants = { synonyms: body.includeSynonyms, texts: body.includeDocumentation }
    const resources = distinct(body.resources, (one) => `${one.resourceType} ${one.resourceName}`)
    const results = await Promise.all(
      resources.map(async (one): Promise<Described> => {
        const { resourceType, resourceName, configurationKeys } = one
        const found = await describe(context, one, wants)
        if ('code' in found) return { ...resultOf(one, found), configs: [] }
        const configs = found.filter(({ name }) => configurationKeys?.includes(name) ?? true)
        return { ...resultOf({ resourceType, resourceName }, undefined), configs }
      }),
    )
    return { results }
  },
  async AlterConfigs({ body }, context) {
    const responses = await Promise.all(
      body.resources.map(({ configs, ...one }) => {
        const changes = configs.map(({ name, value }) => ({ name, value, kind: 'set' as const }))
        return alter(context, one, changes, { isWhole: true, validateOnly: body.validateOnly })
      }),
    )
    return { responses }
  },
  async IncrementalAlterConfigs({ body }, context) {
    const kinds = ['set', 'delete', 'append', 'subtract'] as const
    const responses = await Promise.all(
      body.resources.map(async ({ configs, ...one }) => {
        const changes = configs.flatMap(({ name, value, configOperation }) => {
          const kind = kinds[configOperation]
          return kind === undefined ? [] : [{ name, value, kind }]
        })
        if (changes.length < configs.length) {
          return resultOf(one, { code: 'invalid_request', reason: 'an operation is unknown' })
        }
        return alter(context, one, changes, { isWhole: false, validateOnly: body.validateOnly })
      }),
    )
    return { responses }
  },
}

function resultOf({ resourceType, resourceName }: Resource, refusal: BrokerRefusal | undefined) {
  const errorCode = refusal ? errorCodeOf(refusal) : errorCodes.NONE
  return { errorCode, errorMessage: refusal?.reason ?? null, resourceType, resourceName }
}

interface Wants {
  readonly synonyms: boolean
  readonly texts: boolean
}

async function describe(
  { broker, workspace }: Context,
  { resourceType, resourceName }: Resource,
  wants: Wants,
): Promise<readonly Config[] | BrokerRefusal> {
  if (resourceType === resource.topic) {
    const [answer] = await broker.describeSettings({ workspace, topics: [resourceName] })
    if (answer?.ok) return answer.settings.map((setting) => topicConfig(setting, wants))
    return answer?.refusal ?? { code: 'unknown_topic' }
  }
  const isUs = resourceName === '' || resourceName === String(nodeId)
  if (resourceType !== resource.broker || !isUs) {
    return { code: 'invalid_request', reason: `only topics and broker ${nodeId} have settings` }
  }
  const given = settingViews({}).map((setting) =>
    brokerConfig(setting.brokerName, setting.value, configType[setting.kind]),
  )
  const own = brokerConfigs.map(([name, value, kind]) =>
    brokerConfig(name, value, configType[kind]),
  )
  return [...new Map([...own, ...given].map((config) => [config.name, config])).values()]
}

function topicConfig(setting: SettingView, { synonyms, texts }: Wants): Config {
  const { name, value, isSet, kind, brokerName, about } = setting
  const initial = { name: brokerName, value: setting.default, source: configSource.default }
  const own = { name, value, source: configSource.topic }
  return {
    name,
    value,
    readOnly: false,
    isDefault: !isSet,
    configSource: isSet ? configSource.topic : configSource.default,
    isSensitive: false,
    synonyms: synonyms ? (isSet ? [own, initial] : [initial]) : [],
    configType: configType[kind],
    documentation: texts ? about : null,
  }
}

function brokerConfig(name: string, value: string, type: number): Config {
  return {
    name,
    value,
    readOnly: true,
    isDefault: true,
    configSource: configSource.default,
    isSensitive: false,
    configType: type,
  }
}

async function alter(
  { broker, workspace }: Context,
  one: Resource,
  changes: readonly SettingChange[],
  how: { readonly isWhole: boolean; readonly validateOnly: boolean },
) {
  if (one.resourceType !== resource.topic) {
    return resultOf(one, { code: 'invalid_request', reason: 'only topics can be changed' })
  }
  const topics = [{ name: one.resourceName, changes }]
  const [answer] = await broker.alterSettings({ workspace, topics, ...how })
  return resultOf(one, answer?.ok === false ? answer.refusal : undefined)
}
