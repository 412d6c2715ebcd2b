import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { testSeed } from '@fermata/testkit/knobs'
import { randomFrom } from '@fermata/testkit/random'
import { checkBatch } from '../../log/batch.ts'
import { decodeRequest, encodeRequest, encodeResponse } from './codec.ts'
import type { Field, Fields } from './declare.ts'
import { drawBody, forms, titleOf, type Form } from './samples.fixture.ts'
import { includes } from './versions.ts'

// kafkajs has names of its own for what the protocol guide names, and decodes in the order of the wire. So its requests are
// made from our values under its names, and its responses are compared value by value, in order.

type Bag = Record<string, unknown>

interface Definition {
  readonly versions: readonly string[]
  protocol(at: {
    version: number
  }): ((order: unknown) => { request: unknown; response: Decoder }) | undefined
}

interface Decoder {
  decode(bytes: Buffer): Promise<unknown>
}

const load = createRequire(import.meta.url)
const { requests } = load('kafkajs/src/protocol/requests') as {
  requests: Record<string, Definition>
}
const frameOf = load('kafkajs/src/protocol/request') as (order: {
  correlationId: number
  clientId: string
  request: unknown
}) => Promise<{ readonly buffer: Buffer }>

function theirs({ api, version }: Form) {
  const definition = requests[api === 'FindCoordinator' ? 'GroupCoordinator' : api]
  // What it has no versions of, it throws at.
  return definition?.versions.length ? definition.protocol({ version }) : undefined
}

/** Flexible versions came later; for two that it has all the same, it puts the header's tags into the body. */
const known = forms.filter((form) => theirs(form) && !includes(form.message.flexible, form.version))

const seed = testSeed()
const rounds = 20

/** Its names for our fields. */
const names: Readonly<Record<string, string>> = {
  assignment: 'memberAssignment',
  assignments: 'groupAssignment',
  brokerIds: 'replicas',
  committed: 'transactionResult',
  committedMetadata: 'metadata',
  committedOffset: 'offset',
  configs: 'configEntries',
  configurationKeys: 'configNames',
  forgottenTopicsData: 'forgottenTopics',
  generationIdOrMemberEpoch: 'groupGenerationId',
  groups: 'groupIds',
  hostFilter: 'host',
  maxWaitMs: 'maxWaitTime',
  name: 'topic',
  partitionIndex: 'partition',
  partitionMaxBytes: 'maxBytes',
  patternTypeFilter: 'resourcePatternType',
  principalFilter: 'principal',
  protocols: 'groupProtocols',
  rebalanceTimeoutMs: 'rebalanceTimeout',
  resourceNameFilter: 'resourceName',
  resourceTypeFilter: 'resourceType',
  retentionTimeMs: 'retentionTime',
  sessionTimeoutMs: 'sessionTimeout',
  timeoutMs: 'timeout',
  transactionTimeoutMs: 'transactionTimeout',
}

/** A value under our name and under its own; 64 bits are texts. */
function inTheirWords(field: Field, value: unknown): unknown {
  if (field.kind === 'int64') return String(value)
  if (field.kind === 'array') {
    return ((value ?? []) as unknown[]).map((element) => inTheirWords(field.element!, element))
  }
  return field.kind === 'struct' ? bagInTheirWords(field.fields!, value as Bag) : value
}

function bagInTheirWords(fields: Fields, values: Bag): Bag {
  const bag: Bag = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = inTheirWords(field, values[name])
    bag[name] = value
    const theirName = names[name]
    if (theirName !== undefined && !(theirName in fields)) bag[theirName] = value
  }
  return bag
}

const rows = (value: unknown): Bag[] => (value ?? []) as Bag[]

/** What it is asked with, where that is more than other names. */
function orderOf({ api, version, message }: Form, body: Bag): unknown {
  const bag = bagInTheirWords(message.fields, body)
  switch (api) {
    case 'Metadata':
      return { ...bag, topics: rows(bag['topics']).map(({ name }) => name) }
    case 'FindCoordinator':
      return { coordinatorType: bag['keyType'], groupId: bag['key'] }
    case 'DeleteTopics':
      return { ...bag, topics: bag['topicNames'] }
    case 'LeaveGroup':
      return version < 3 ? bag : { ...bag, ...rows(bag['members'])[0] }
    case 'Heartbeat':
      return { ...bag, groupGenerationId: bag['generationId'] }
    case 'OffsetFetch': {
      const partitions = (row: Bag) =>
        (row['partitionIndexes'] as unknown[]).map((partition) => ({ partition }))
      return {
        ...bag,
        topics: rows(bag['topics']).map((row) => ({ ...row, partitions: partitions(row) })),
      }
    }
    case 'CreateTopics': {
      const topic = (row: Bag) => ({
        ...row,
        replicaAssignment: row['assignments'],
        configEntries: configsOf(row['configs']),
      })
      return { ...bag, topics: rows(bag['topics']).map(topic) }
    }
    case 'DescribeConfigs':
    case 'AlterConfigs': {
      const resource = (row: Bag) => ({
        ...row,
        type: row['resourceType'],
        name: row['resourceName'],
        configEntries: configsOf(row['configs']),
      })
      return { ...bag, resources: rows(bag['resources']).map(resource) }
    }
    case 'CreatePartitions': {
      const topic = (row: Bag) => ({
        ...row,
        assignments: rows(row['assignments']).map((assignment) => assignment['brokerIds']),
      })
      return { ...bag, topicPartitions: rows(bag['topics']).map(topic) }
    }
    case 'DeleteGroups':
      return bag['groupsNames']
    case 'SaslAuthenticate': {
      const length = Buffer.alloc(4)
      length.writeInt32BE((bag['authBytes'] as Buffer).length)
      return { authBytes: Buffer.concat([length, bag['authBytes'] as Buffer]) }
    }
    default:
      return bag
  }
}

const configsOf = (configs: unknown) => rows(configs).map(({ name, value }) => ({ name, value }))

/** The body, but for what it would never say. */
function asItWould(form: Form, body: Bag): Bag {
  switch (form.api) {
    case 'OffsetFetch':
      // Before version 3 it asks for no topics by an empty list, which asks for none.
      return form.version === 2
        ? { ...body, topics: body['topics'] ?? [] }
        : nullWhereEmpty(form, body)
    case 'LeaveGroup':
      return { ...body, members: [{ memberId: 'm', groupInstanceId: 'i', reason: null }] }
    case 'CreatePartitions': {
      const assignments = [{ brokerIds: [1, 2] }]
      return { ...body, topics: rows(body['topics']).map((row) => ({ ...row, assignments })) }
    }
    default:
      return nullWhereEmpty(form, body)
  }
}

/** To it, an array that may be null is null where it is empty. */
function nullWhereEmpty({ message, version }: Form, body: Bag): Bag {
  const inside = (fields: Fields, values: Bag): Bag => {
    const pairs = Object.entries(values).map(([name, value]) => {
      const field = fields[name]!
      if (!Array.isArray(value)) return [name, value]
      if (value.length === 0 && includes(field.nullable, version)) return [name, null]
      const { fields: inner } = field.element!
      return [name, inner ? value.map((row: Bag) => inside(inner, row)) : value]
    })
    return Object.fromEntries(pairs) as Bag
  }
  return inside(message.fields, body)
}

for (const form of known.filter(({ api, half }) => half === 'request' && api !== 'Produce')) {
  test(`[C2] kafkajs writes ${titleOf(form)} as we do, header and all`, async (t) => {
    t.diagnostic(`FERMATA_SEED=${seed}`)
    const random = randomFrom(seed)
    for (let round = 0; round < rounds; round++) {
      const body = asItWould(form, drawBody(random, form) as Bag)
      const { request } = theirs(form)!(orderOf(form, body))
      const { buffer } = await frameOf({ correlationId: 77, clientId: 'kafkajs', request })
      const head = { api: form.api, version: form.version, correlationId: 77, clientId: 'kafkajs' }
      const ours = Buffer.concat(encodeRequest({ ...head, body }))
      assert.equal(ours.toString('hex'), buffer.toString('hex'))
    }
  })
}

for (const form of known.filter(({ api, half }) => half === 'request' && api === 'Produce')) {
  if (form.version < 3) continue
  test(`[C2] what kafkajs writes as ${titleOf(form)} is read with its records whole`, async () => {
    const messages = [{ key: 'k', value: 'first', timestamp: 5, headers: {} }]
    const { request } = theirs(form)!({
      acks: -1,
      timeout: 5_000,
      transactionalId: 'tx',
      producerId: 12,
      producerEpoch: 3,
      compression: 0,
      topicData: [{ topic: 'orders', partitions: [{ partition: 2, firstSequence: 4, messages }] }],
    })
    const { buffer } = await frameOf({ correlationId: 77, clientId: 'kafkajs', request })
    const read = decodeRequest(buffer.subarray(4))
    assert.ok(read.ok && read.value.api === 'Produce', JSON.stringify(read))
    const { topicData, ...rest } = read.value.body
    assert.deepEqual(rest, { transactionalId: 'tx', acks: -1, timeoutMs: 5_000 })
    const partition = topicData[0]?.partitionData[0]
    assert.equal(topicData[0]?.name, 'orders')
    assert.equal(partition?.index, 2)
    const batch = checkBatch(partition.records ?? Buffer.alloc(0))
    assert.ok(batch.ok && batch.value.producerId === 12, JSON.stringify(batch))
    assert.deepEqual(Buffer.concat(encodeRequest(read.value)), Buffer.from(buffer))
  })
}

/** Values that its decoders read and do not hand out, or make up. */
const unsaid = new Set([
  'throttleTimeMs',
  'throttleTime',
  'clientSideThrottleTime',
  'records',
  'messages',
  'error',
])

/** APIs of which it sorts the answers by topic. */
const sorted: ReadonlySet<string> = new Set([
  'CreateTopics',
  'DeleteTopics',
  'DeleteRecords',
  'CreatePartitions',
])

/** The values of a body in the order of the wire, as texts. */
function spoken(fields: Fields, values: Bag, version: number): string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    includes(field.versions, version) && !unsaid.has(name)
      ? spokenOf(field, values[name], version)
      : [],
  )
}

function spokenOf(field: Field, value: unknown, version: number): string[] {
  if (value === null) return field.kind === 'array' ? [] : ['null']
  if (field.kind === 'array') {
    return (value as unknown[]).flatMap((element) => spokenOf(field.element!, element, version))
  }
  if (field.kind === 'struct') return spoken(field.fields!, value as Bag, version)
  return [textOf(value)]
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)
}

function heard(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array)
    return [textOf(value)]
  return Object.entries(value).flatMap(([name, inside]) => (unsaid.has(name) ? [] : heard(inside)))
}

for (const form of known.filter(({ half }) => half === 'response')) {
  test(`[C2] kafkajs reads ${titleOf(form)} as we meant it`, async (t) => {
    t.diagnostic(`FERMATA_SEED=${seed}`)
    const random = randomFrom(seed)
    const { api, version, message } = form
    const { response } = theirs(form)!({ topics: [], topicData: [], groupIds: [] })
    for (let round = 0; round < rounds; round++) {
      const body = withoutRecords(drawBody(random, form)) as Bag
      const pieces = encodeResponse({ api, version, correlationId: 1, body })
      const given = await response.decode(Buffer.concat(pieces).subarray(8))
      forgetMadeUp(form, given as Bag)
      const [theirs, ours] = [heard(given), spoken(message.fields, body, version)]
      if (sorted.has(api)) for (const values of [theirs, ours]) values.sort()
      assert.deepEqual(theirs, ours)
    }
  })
}

/** It reads records as batches, of which there are none here. */
function withoutRecords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRecords)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  const pairs = Object.entries(value).map(([name, inside]) => [
    name,
    name === 'records' ? Buffer.alloc(0) : withoutRecords(inside),
  ])
  return Object.fromEntries(pairs)
}

function forgetMadeUp({ api, version }: Form, given: Bag): void {
  // It puts the length back before what goes to the mechanism.
  if (api === 'SaslAuthenticate') given['authBytes'] = (given['authBytes'] as Buffer).subarray(4)
  if (api !== 'DescribeConfigs') return
  // Whether a setting is a default, or where it comes from: it makes up whichever the version lacks.
  for (const resource of rows(given['resources'])) {
    for (const entry of rows(resource['configEntries'])) {
      delete entry[version === 0 ? 'configSource' : 'isDefault']
    }
  }
}
