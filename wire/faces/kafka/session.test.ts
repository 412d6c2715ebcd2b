import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@fermata/testkit/until'
import { limits } from '@fermata/base/limits'
import { memoryBroker, workspace, type BrokerWorld } from '../../broker/broker.world.ts'
import { batchOf } from '../../log/contract.world.ts'
import { answered } from './answers/all.ts'
import type { ApiName, RequestDraft } from './apis.ts'
import { decodeResponse, encodeRequest } from './codec.ts'
import { errorCodes } from './errors.ts'
import { newFrameSplitter } from './frames.ts'
import { anonymous } from './identity.ts'
import { openPassage } from './passage.ts'
import { openSession, type Session } from './session.ts'

/** A session over a broker in memory, and what it said. */
interface Line {
  readonly world: BrokerWorld
  readonly session: Session
  /** The answers in the order in which they went out, without their lengths. */
  readonly frames: Buffer[]
  readonly ends: string[]
  readonly resumed: () => number
  send<Name extends ApiName>(api: Name, version: number, body: RequestDraft<Name>): boolean
}

let nextCorrelation = 0

function requestOf<Name extends ApiName>(
  api: Name,
  version: number,
  body: RequestDraft<Name>,
): Buffer {
  const correlationId = nextCorrelation++
  return Buffer.concat(encodeRequest({ api, version, correlationId, clientId: 'test', body }))
}

async function openLine(): Promise<Line> {
  const world = await memoryBroker()
  const topics = [{ name: 'orders', partitions: 1, settings: [] }]
  await world.broker.createTopics({ workspace, topics, validateOnly: false })
  const splitter = newFrameSplitter()
  const frames: Buffer[] = []
  const ends: string[] = []
  let resumed = 0
  nextCorrelation = 0
  const { broker } = world
  const passage = openPassage({ broker, initial: anonymous, isPrivate: true, newNonce: () => '' })
  const where = { workspace, host: 'here', port: 1, peer: 'there' }
  const context = { broker, passage, now: () => world.clock.now(), ...where }
  const session = openSession(
    { ...context, offer: answered },
    {
      send(pieces) {
        const cut = splitter.push(Buffer.concat(pieces))
        assert.ok(cut.ok)
        frames.push(...cut.value)
      },
      end: (reason) => void ends.push(reason),
      resume: () => void resumed++,
      onFault(error) {
        throw error
      },
    },
  )
  const send: Line['send'] = (api, version, body) => session.take(requestOf(api, version, body))
  return { world, session, frames, ends, resumed: () => resumed, send }
}

const correlations = ({ frames }: Line): number[] => frames.map((frame) => frame.readInt32BE(0))

const produceOf = (text: string, acks = -1): RequestDraft<'Produce'> => ({
  acks,
  timeoutMs: 1000,
  topicData: [{ name: 'orders', partitionData: [{ index: 0, records: batchOf([text]) }] }],
})

const fetchOf = (offset: number, maxWaitMs = 0): RequestDraft<'Fetch'> => ({
  maxWaitMs,
  minBytes: 1,
  topics: [
    {
      topic: 'orders',
      partitions: [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 1e6 }],
    },
  ],
})

void test('answers go out in the order of the requests', async () => {
  const line = await openLine()
  line.send('Produce', 9, produceOf('a'))
  line.send('Produce', 9, produceOf('b'))
  line.send('Fetch', 12, fetchOf(0))
  line.send('ApiVersions', 3, {})
  line.send('Produce', 3, produceOf('c'))
  await until('all is answered', () => line.frames.length === 5)
  assert.deepEqual(correlations(line), [0, 1, 2, 3, 4])
  const bases = [0, 1, 4].map((at) => {
    const answer = decodeResponse(line.frames[at]!, 'Produce', at === 4 ? 3 : 9)
    assert.ok(answer.ok)
    return answer.value.body.responses[0]?.partitionResponses[0]?.baseOffset
  })
  assert.deepEqual(bases, [0, 1, 2])
  // What follows a request sees what the request did: both batches, and not the third.
  const read = decodeResponse(line.frames[2]!, 'Fetch', 12)
  assert.ok(read.ok)
  assert.equal(read.value.body.responses[0]?.partitions[0]?.highWatermark, 2)
})

void test('requests are taken byte by byte', async () => {
  const line = await openLine()
  const bytes = Buffer.concat([
    requestOf('ApiVersions', 4, {}),
    requestOf('Produce', 9, produceOf('a')),
    requestOf('Metadata', 12, { topics: null }),
  ])
  for (let at = 0; at < bytes.length; at++) line.session.take(bytes.subarray(at, at + 1))
  await until('all is answered', () => line.frames.length === 3)
  assert.deepEqual(correlations(line), [0, 1, 2])
  assert.deepEqual(line.ends, [])
})

void test('whoever waits for records keeps those behind it waiting', async () => {
  const line = await openLine()
  line.send('Fetch', 12, fetchOf(0, 10_000))
  line.send('ApiVersions', 3, {})
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(correlations(line), [])
  line.world.clock.advance(10_000)
  await until('both are answered', () => line.frames.length === 2)
  assert.deepEqual(correlations(line), [0, 1])
})

void test('a version of ApiVersions that is not known is answered by version 0', async () => {
  const line = await openLine()
  const request = requestOf('ApiVersions', 3, {})
  request.writeInt16BE(42, 6)
  line.session.take(request)
  await until('it is answered', () => line.frames.length === 1)
  const answer = decodeResponse(line.frames[0]!, 'ApiVersions', 0)
  assert.ok(answer.ok)
  assert.equal(answer.value.body.errorCode, errorCodes.UNSUPPORTED_VERSION)
  assert.deepEqual(line.ends, [])
  line.send('ApiVersions', 0, {})
  await until('the next is answered', () => line.frames.length === 2)
})

void test('what is no request ends the connection, and nothing else', async () => {
  const bytes = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from([0, 0, 0, 2, 0, 3]),
    Buffer.from([255, 255, 255, 255]),
    Buffer.from([0, 0, 0, 10, 0, 99, 0, 0, 0, 0, 0, 1, 255, 255]),
  ]
  for (const given of bytes) {
    const line = await openLine()
    assert.equal(line.session.take(given), false)
    assert.equal(line.ends.length, 1)
    assert.deepEqual(line.frames, [])
    // Whatever comes after it is passed over.
    assert.equal(line.session.take(requestOf('ApiVersions', 0, {})), false)
    assert.equal(line.ends.length, 1)
  }
})

void test('a producer that wants no answer gets none, and loses its line for what is refused', async () => {
  const line = await openLine()
  line.send('Produce', 9, produceOf('a', 0))
  line.send('Fetch', 12, fetchOf(0))
  await until('the other is answered', () => line.frames.length === 1)
  assert.deepEqual(correlations(line), [1])
  const body = produceOf('b', 0)
  line.send('Produce', 9, { ...body, topicData: [{ ...body.topicData[0]!, name: 'nowhere' }] })
  await until('it is ended', () => line.ends.length === 1)
})

void test('batches of the old formats are refused by their name', async () => {
  const line = await openLine()
  line.send('Produce', 2, produceOf('a'))
  await until('it is answered', () => line.frames.length === 1)
  const answer = decodeResponse(line.frames[0]!, 'Produce', 2)
  assert.ok(answer.ok)
  const code = answer.value.body.responses[0]?.partitionResponses[0]?.errorCode
  assert.equal(code, errorCodes.UNSUPPORTED_FOR_MESSAGE_FORMAT)
})

void test('who sends more than is answered is not read on for the time', async () => {
  const line = await openLine()
  line.send('Fetch', 12, fetchOf(0, 10_000))
  let taken = 1
  while (line.send('ApiVersions', 3, {})) taken++
  assert.equal(taken + 1, limits.kafkaRequestsWaitingMax)
  assert.equal(line.resumed(), 0)
  line.world.clock.advance(10_000)
  await until('all is answered', () => line.frames.length === limits.kafkaRequestsWaitingMax)
  assert.equal(line.resumed(), 1)
  assert.ok(line.session.isIdle())
})

void test('nothing new is begun for a client that does not take its answers', async () => {
  const line = await openLine()
  line.session.block()
  line.send('Produce', 9, produceOf('a'))
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(line.frames, [])
  line.session.unblock()
  await until('it is answered', () => line.frames.length === 1)
})

void test('every API that is answered is named once', async () => {
  const line = await openLine()
  line.send('ApiVersions', 0, {})
  await until('it is answered', () => line.frames.length === 1)
  const answer = decodeResponse(line.frames[0]!, 'ApiVersions', 0)
  assert.ok(answer.ok)
  const keys = answer.value.body.apiKeys.map(({ apiKey }) => apiKey)
  assert.deepEqual(keys, [...new Set(keys)])
  assert.equal(keys.length, Object.keys(answered).length)
})
