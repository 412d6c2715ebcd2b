import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testSeed } from '@fermata/testkit/knobs'
import { randomFrom } from '@fermata/testkit/random'
import { Reader } from '@platformatic/kafka'
import { apis, type ApiName } from './apis.ts'
import { theirs, type Bag } from './clients.platformatic.fixture.ts'
import { encodeResponse } from './codec.ts'
import type { Field, Fields } from './declare.ts'
import { drawBody, forms, titleOf, type Form } from './samples.fixture.ts'
import { includes } from './versions.ts'

const seed = testSeed()
const rounds = 20

/** The same response without an error in it: with one, the parser throws. */
function withoutErrors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutErrors)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  const pairs = Object.entries(value).map(([name, inside]) => {
    if (/errorCode$/i.test(name)) return [name, 0]
    // It reads records as batches, of which there are none here.
    const isNull = name === 'batchIndexErrorMessage' || name === 'records'
    return [name, isNull ? null : withoutErrors(inside)]
  })
  return Object.fromEntries(pairs)
}

/** What it calls otherwise than the guide, or has moved. */
function renamed(api: ApiName, version: number, given: Bag): Bag {
  const rows = (value: unknown): Bag[] => value as Bag[]
  switch (api) {
    case 'Fetch':
      if (version > 12) return given
      return {
        ...given,
        responses: rows(given['responses']).map((row) => ({ ...row, topic: row['topicId'] })),
      }
    case 'FindCoordinator':
      return version > 3 ? given : { ...given, ...rows(given['coordinators'])[0] }
    case 'AddPartitionsToTxn': {
      const [first] = rows(given['resultsByTransaction'])
      return { ...given, resultsByTopic: first!['topicResults'] }
    }
    case 'DescribeAcls': {
      const resources = rows(given['resources'])
      return { ...given, resources: resources.map(withPattern) }
    }
    case 'DeleteAcls': {
      const results = rows(given['filterResults']).map((result) => ({
        ...result,
        matchingAcls: rows(result['matchingAcls']).map(withPattern),
      }))
      return { ...given, filterResults: results }
    }
    default:
      return given
  }
}

const withPattern = (row: Bag): Bag => ({ ...row, patternType: row['resourcePatternType'] })

/** Fields that its parsers pass over. */
const passedOver = new Set(['DescribeConfigs.isDefault'])

function compare(form: Form, fields: Fields, ours: Bag, given: Bag, path: string): void {
  const isFlexible = includes(form.message.flexible, form.version)
  for (const [name, field] of Object.entries(fields)) {
    if (!includes(field.versions, form.version) || passedOver.has(`${form.api}.${name}`)) continue
    const isTag = field.tag !== undefined && isFlexible
    if (isTag && !(name in given)) continue
    assert.ok(name in given, `${path}.${name} is missing in ${Object.keys(given).join(', ')}`)
    compareValue(form, field, ours[name], given[name], `${path}.${name}`)
  }
}

function compareValue(form: Form, field: Field, ours: unknown, given: unknown, path: string): void {
  if (ours === null) assert.equal(given ?? null, null, path)
  else if (field.kind === 'array') {
    const values = given instanceof Map ? [...given] : (given as unknown[])
    const own = ours as unknown[]
    assert.equal(values.length, own.length, path)
    own.forEach((value, index) =>
      compareValue(form, field.element!, value, values[index], `${path}[${index}]`),
    )
  } else if (field.kind === 'struct') compare(form, field.fields!, ours as Bag, given as Bag, path)
  else if (ours instanceof Uint8Array) assert.deepEqual(Buffer.from(given as Buffer), ours, path)
  else assert.equal(typeof given === 'bigint' ? Number(given) : given, ours, path)
}

const known = forms.filter((form) => theirs(form) !== undefined)

for (const form of known.filter(({ half }) => half === 'response')) {
  test(`[C2] @platformatic/kafka reads ${titleOf(form)} as we meant it`, (t) => {
    t.diagnostic(`FERMATA_SEED=${seed}`)
    const random = randomFrom(seed)
    const { api, version, message } = form
    for (let round = 0; round < rounds; round++) {
      const body = withoutErrors(drawBody(random, form)) as Bag
      const pieces = encodeResponse({ api, version, correlationId: 1, body })
      const isTagged = includes(message.flexible, version) && api !== 'ApiVersions'
      const reader = Reader.from(Buffer.concat(pieces).subarray(isTagged ? 9 : 8))
      const given = theirs(form)!.parseResponse(1, apis[api].key, version, reader)
      assert.equal(reader.remaining, 0)
      compare(form, message.fields, body, renamed(api, version, given), form.message.name)
    }
  })
}
