import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testSeed } from '@fermata/testkit/knobs'
import { randomFrom } from '@fermata/testkit/random'
import { apis, type ApiName } from './apis.ts'
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  encodeUnknownVersion,
  offered,
  versionsOffered,
  type Offer,
} from './codec.ts'
import type { DraftOf } from './declare.ts'
import { drawBody, forms, titleOf, type Form } from './samples.fixture.ts'

/** Takes whatever is declared. */
const everything: Offer = Object.fromEntries(
  Object.entries(apis).map(([name, { request }]) => [name, request.versions]),
)

function encode({ api, half, version }: Form, body: unknown): Buffer {
  const head = { api, version, correlationId: 2_000_000_001 }
  const pieces =
    half === 'request'
      ? encodeRequest({ ...head, clientId: 'söme client', body: body as never })
      : encodeResponse({ ...head, body: body as never })
  return Buffer.concat(pieces)
}

function decode({ api, half, version }: Form, frame: Uint8Array) {
  return half === 'request' ? decodeRequest(frame, everything) : decodeResponse(frame, api, version)
}

/** Hex without the spaces that make it legible. */
function packed(hex: string): string {
  return hex.replaceAll(' ', '')
}

const seed = testSeed()
const rounds = 20

for (const form of forms) {
  test(`[C1] ${titleOf(form)} is read as it was written`, (t) => {
    t.diagnostic(`FERMATA_SEED=${seed}`)
    const random = randomFrom(seed)
    for (let round = 0; round < rounds; round++) {
      const body = drawBody(random, form)
      const bytes = encode(form, body)
      assert.equal(bytes.readInt32BE(0), bytes.length - 4)
      const read = decode(form, bytes.subarray(4))
      assert.ok(read.ok, JSON.stringify(read))
      assert.equal(read.value.correlationId, 2_000_000_001)
      assert.deepEqual(read.value.body, body)
      const again = encode(form, read.value.body)
      assert.deepEqual(again, bytes)
    }
  })

  test(`[R1] ${titleOf(form)} cut off anywhere is refused with the field's name`, (t) => {
    t.diagnostic(`FERMATA_SEED=${seed}`)
    const random = randomFrom(seed)
    const frame = encode(form, drawBody(random, form)).subarray(4)
    for (let end = 0; end < frame.length; end++) {
      const read = decode(form, frame.subarray(0, end))
      assert.ok(!read.ok, `${end} of ${frame.length} bytes were enough`)
      assert.ok('field' in read.refusal && read.refusal.field !== '', JSON.stringify(read))
    }
    const long = decode(form, Buffer.concat([frame, Buffer.of(0)]))
    assert.equal(long.ok, form.half === 'request')
  })
}

test('[R1] what librdkafka leaves behind the last field is passed over', () => {
  // Its question for all topics: a null of four bytes where one would do.
  const hex = '0003 000c 00000002 0003 6b6174 00 00000000 010000'
  const read = decodeRequest(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  assert.ok(read.ok && read.value.api === 'Metadata')
  assert.equal(read.value.body.topics, null)
})

test('[H1] a request names its API, its version, its number and its client', () => {
  const frame = Buffer.from('0012 0000 00000007 0003 6b6174'.replaceAll(' ', ''), 'hex')
  assert.deepEqual(decodeRequest(frame), {
    ok: true,
    value: {
      api: 'ApiVersions',
      version: 0,
      correlationId: 7,
      clientId: 'kat',
      body: { clientSoftwareName: '', clientSoftwareVersion: '' },
    },
  })
})

test('[H2] flexible requests have a tag section in the header, and a client id that is not compact', () => {
  const head = '0012 0003 00000007 0001 6b'
  const tags = '02 00 01 ff 05 00'
  const frame = Buffer.from(`${head} ${tags} 02 61 02 62 00`.replaceAll(' ', ''), 'hex')
  const read = decodeRequest(frame)
  assert.ok(read.ok)
  assert.equal(read.value.clientId, 'k')
  assert.deepEqual(read.value.body, { clientSoftwareName: 'a', clientSoftwareVersion: 'b' })
})

test('[H3] a client without a name, or with one that is no text, is served', () => {
  for (const [name, read] of [
    ['ffff', null],
    ['0000', ''],
    ['0001 ff', '\ufffd'],
  ] as const) {
    const frame = Buffer.from(`0012 0000 00000007 ${name}`.replaceAll(' ', ''), 'hex')
    const request = decodeRequest(frame)
    assert.ok(request.ok)
    assert.equal(request.value.clientId, read)
  }
})

test('[H4] the response to ApiVersions has no tags in its header, in any version', () => {
  const body: DraftOf<typeof apis.ApiVersions.response> = { errorCode: 0, apiKeys: [] }
  const hex = (api: ApiName, version: number, body: unknown): string =>
    Buffer.concat(encodeResponse({ api, version, correlationId: 5, body: body as never })).toString(
      'hex',
    )
  assert.equal(hex('ApiVersions', 0, body), packed('0000000a 00000005 0000 00000000'))
  assert.equal(hex('ApiVersions', 3, body), packed('0000000c 00000005 0000 01 00000000 00'))
  assert.equal(hex('Heartbeat', 3, { errorCode: 0 }), packed('0000000a 00000005 00000000 0000'))
  assert.equal(
    hex('Heartbeat', 4, { errorCode: 0 }),
    packed('0000000c 00000005 00 00000000 0000 00'),
  )
})

test('[V1] an ApiVersions of a version that nobody knows is answered by version 0, error 35 and our versions', () => {
  const frame = Buffer.from('0012 0063 00000009 deadbeef'.replaceAll(' ', ''), 'hex')
  const read = decodeRequest(frame)
  assert.deepEqual(read, {
    ok: false,
    refusal: { code: 'unsupported_version', api: 'ApiVersions', version: 99, correlationId: 9 },
  })
  const answer = Buffer.concat(encodeUnknownVersion(9)).subarray(4)
  assert.deepEqual(decodeResponse(answer, 'ApiVersions', 0), {
    ok: true,
    value: {
      correlationId: 9,
      body: {
        errorCode: 35,
        apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
        throttleTimeMs: 0,
        supportedFeatures: [],
        finalizedFeaturesEpoch: -1,
        finalizedFeatures: [],
      },
    },
  })
})

test('[V2] what is not offered is refused by name, before its body is looked at', () => {
  const frame = (key: string, version: string): Buffer =>
    Buffer.from(`${key}${version}00000001ffff`, 'hex')
  assert.deepEqual(decodeRequest(frame('0007', '0000')), {
    ok: false,
    refusal: { code: 'unknown_api', key: 7, version: 0 },
  })
  const fetch = { code: 'unsupported_version', api: 'Fetch', correlationId: 1 }
  for (const version of [3, 18, -1]) {
    const hex = version < 0 ? 'ffff' : version.toString(16).padStart(4, '0')
    assert.deepEqual(decodeRequest(frame('0001', hex)), {
      ok: false,
      refusal: { ...fetch, version },
    })
  }
  const some = decodeRequest(frame('0012', '0000'), { Metadata: { min: 0, max: 1 } })
  assert.deepEqual(some, { ok: false, refusal: { code: 'unknown_api', key: 18, version: 0 } })
})

test('[V3] what is offered is declared, each API once, and Produce from version 0', () => {
  const keys = new Set<number>()
  for (const [name, { key, request, response, offered }] of Object.entries(apis)) {
    assert.ok(!keys.has(key), name)
    keys.add(key)
    assert.deepEqual(request.versions, response.versions, name)
    assert.equal(request.name, `${name}Request`)
    assert.equal(response.name, `${name}Response`)
    if (offered.min > offered.max) continue
    assert.ok(offered.min >= request.versions.min && offered.max <= request.versions.max, name)
  }
  const versions = versionsOffered()
  assert.ok(versions.some(({ apiKey, minVersion }) => apiKey === 0 && minVersion === 0))
  assert.ok(versions.every(({ minVersion, maxVersion }) => minVersion <= maxVersion))
  assert.equal(versions.length, Object.values(offered).filter(({ min, max }) => min <= max).length)
})

/** The body of a response in hex, without length and number. */
function answer(api: ApiName, version: number, body: unknown): string {
  const pieces = encodeResponse({ api, version, correlationId: 0, body: body as never })
  return Buffer.concat(pieces).subarray(8).toString('hex')
}

test('[C3] versions that neither client speaks yet are as the guide has them', () => {
  const metadata = { brokers: [], topics: [], errorCode: 41 }
  const tags = '00'
  const common = `${tags} 00000000 01 00 ffffffff 01`
  assert.equal(answer('Metadata', 12, metadata), packed(`${common} ${tags}`))
  assert.equal(answer('Metadata', 13, metadata), packed(`${common} 0029 ${tags}`))

  const ended = { errorCode: 0, producerId: 5, producerEpoch: 2 }
  assert.equal(answer('EndTxn', 4, ended), packed(`${tags} 00000000 0000 ${tags}`))
  const epoch = '0000000000000005 0002'
  assert.equal(answer('EndTxn', 5, ended), packed(`${tags} 00000000 0000 ${epoch} ${tags}`))

  for (const [api, version] of [
    ['Produce', 12],
    ['TxnOffsetCommit', 5],
  ] as const) {
    const last = forms.filter((form) => form.api === api && form.version === version)
    for (const form of last) {
      const body = drawBody(randomFrom(seed), form)
      const before = encode({ ...form, version: version - 1 }, body)
      const now = encode(form, body)
      // A request names its version.
      const from = form.half === 'request' ? 8 : 0
      assert.deepEqual(now.subarray(from), before.subarray(from))
    }
    assert.equal(last.length, 2)
  }
})

test('[P1] records are neither copied when they are read nor when they are written', () => {
  const batches = [Buffer.from('first'), Buffer.alloc(0), Buffer.from('second')]
  const pieces = encodeResponse({
    api: 'Fetch',
    version: 12,
    correlationId: 1,
    body: {
      responses: [
        {
          topic: 'a',
          partitions: [
            {
              partitionIndex: 0,
              errorCode: 0,
              highWatermark: 2,
              abortedTransactions: null,
              records: batches,
            },
          ],
        },
      ],
    },
  })
  assert.equal(pieces.length, 4)
  assert.equal(pieces[1], batches[0])
  assert.equal(pieces[2], batches[2])
  const frame = Buffer.concat(pieces).subarray(4)
  const read = decodeResponse(frame, 'Fetch', 12)
  assert.ok(read.ok)
  const records = read.value.body.responses[0]?.partitions[0]?.records
  assert.equal(String(records), 'firstsecond')
  assert.equal(records?.buffer, frame.buffer)
})

test('[P2] a value that does not fit its field is a mistake that names it', () => {
  const heartbeat = (fields: object) => () =>
    encodeRequest({
      api: 'Heartbeat',
      version: 4,
      correlationId: 1,
      clientId: null,
      body: { groupId: 'g', generationId: 1, memberId: 'm', ...fields },
    })
  assert.ok(heartbeat({})().length > 0)
  const message = (name: string) => ({ name: 'AssertionFailure', message: new RegExp(name) })
  assert.throws(heartbeat({ generationId: 2 ** 31 }), message('generationId cannot be 2147483648'))
  assert.throws(heartbeat({ generationId: 0.5 }), message('generationId'))
  assert.throws(heartbeat({ groupId: null }), message('groupId'))
  assert.throws(heartbeat({ memberId: undefined }), message('memberId'))
})
