import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { limits } from '@fermata/base/limits'
import { until } from '@fermata/testkit/until'
import { batchOf } from '../../log/contract.world.ts'
import type { ApiName, RequestDraft } from './apis.ts'
import { decodeResponse, encodeRequest, type Response } from './codec.ts'
import { newFrameSplitter } from './frames.ts'
import { openKafka, type KafkaWorld } from './kafka.world.ts'

setFlagsFromString('--expose-gc')
/** What nobody holds any more is not counted. */
const collectGarbage = runInNewContext('gc') as () => void

/** A client that speaks by hand. */
interface Client {
  readonly socket: Socket
  send<Name extends ApiName>(api: Name, version: number, body: RequestDraft<Name>): void
  ask<Name extends ApiName>(
    api: Name,
    version: number,
    body: RequestDraft<Name>,
  ): Promise<Response<Name>['body']>
}

async function open({ listener, atEnd }: KafkaWorld): Promise<Client> {
  const socket = connect(listener.port, '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.on('error', () => socket.destroy())
  atEnd(async () => socket.destroy())
  const send: Client['send'] = (api, version, body) => {
    const request = { api, version, correlationId: 1, clientId: 'crowd', body }
    socket.write(Buffer.concat(encodeRequest(request)))
  }
  return {
    socket,
    send,
    ask(api, version, body) {
      const splitter = newFrameSplitter()
      send(api, version, body)
      return new Promise((resolve, reject) => {
        const listen = (chunk: Buffer): void => {
          const cut = splitter.push(chunk)
          const frame = cut.ok ? cut.value[0] : undefined
          if (frame === undefined) return
          socket.off('data', listen)
          const answer = decodeResponse(frame, api, version)
          if (answer.ok) resolve(answer.value.body)
          else reject(new Error(answer.refusal.reason))
        }
        socket.on('data', listen)
      })
    },
  }
}

const produce = (text: string): RequestDraft<'Produce'> => ({
  acks: -1,
  timeoutMs: 1000,
  topicData: [{ name: 'orders', partitionData: [{ index: 0, records: batchOf([text]) }] }],
})

const fetchAll: RequestDraft<'Fetch'> = {
  maxWaitMs: 0,
  minBytes: 1,
  topics: [
    { topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 2 ** 30 }] },
  ],
}

void test('a thousand connections, half of which never read, cost the others nothing', async (t) => {
  const world = await openKafka(t)
  const first = await open(world)
  await first.ask('Metadata', 9, { topics: [{ name: 'orders' }] })
  for (let at = 0; at < 4; at++) await first.ask('Produce', 9, produce('x'.repeat(900_000)))
  const clients = await Promise.all(Array.from({ length: 1000 }, () => open(world)))
  const [deaf, good] = [clients.slice(0, 500), clients.slice(500)]
  for (const { socket, send } of deaf) {
    socket.pause()
    for (let at = 0; at < 10; at++) send('Fetch', 12, fetchAll)
  }
  const heard = await Promise.all(
    good.map(async ({ ask }, at) => {
      const answer = await ask('Produce', 9, produce(String(at)))
      return answer.responses[0]?.partitionResponses[0]?.errorCode
    }),
  )
  assert.deepEqual([...new Set(heard)], [0])
  // What they have not taken is bounded, however many they are.
  await until('no more is held than is allowed', () => {
    collectGarbage()
    return process.memoryUsage().arrayBuffers < 3 * limits.kafkaUnsentBytesTotalMax
  })
  assert.deepEqual(world.ends, [])
  for (const { socket } of clients) socket.destroy()
  await until('they are gone', () => world.listener.connections() === 1)
  const offsets = await first.ask('ListOffsets', 7, {
    replicaId: -1,
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
  })
  assert.equal(offsets.topics[0]?.partitions[0]?.offset, 504)
})

void test('those who never come to the end of what they say do not fill the memory', async (t) => {
  const world = await openKafka(t)
  const good = await open(world)
  const share = Buffer.alloc(limits.kafkaReceivedBytesTotalMax / 4 + 4)
  share.writeInt32BE(limits.kafkaFrameBytesMax)
  const talkers = await Promise.all(Array.from({ length: 4 }, () => open(world)))
  let gone = 0
  for (const { socket } of talkers) {
    socket.once('close', () => gone++)
    socket.resume()
    socket.write(share)
  }
  await until('one of them is gone', () => gone > 0)
  const answer = await good.ask('ApiVersions', 3, {})
  assert.equal(answer.errorCode, 0)
  assert.equal(gone, 1)
})

void test('nor do those who ask on and on and take no answer', async (t) => {
  const world = await openKafka(t)
  const good = await open(world)
  await good.ask('Metadata', 9, { topics: [{ name: 'orders' }] })
  for (let at = 0; at < 4; at++) await good.ask('Produce', 9, produce('x'.repeat(900_000)))
  const large = Buffer.alloc(limits.kafkaReceivedBytesTotalMax / 4)
  large.writeInt32BE(large.length - 4)
  const deaf = await Promise.all(Array.from({ length: 5 }, () => open(world)))
  for (const { socket, send } of deaf) {
    socket.pause()
    for (let at = 0; at < 10; at++) send('Fetch', 12, fetchAll)
    // One after the other: so all of it but the last is whole, and waits behind answers that nobody takes.
    await new Promise((resolve) => socket.write(large, resolve))
  }
  await until('one of them is gone', () => world.listener.connections() < 6)
  assert.equal((await good.ask('ApiVersions', 3, {})).errorCode, 0)
  assert.ok(world.listener.connections() >= 4)
  for (const { socket } of deaf) socket.destroy()
})

void test('rubbish on one connection harms no other', async (t) => {
  const world = await openKafka(t)
  const good = await open(world)
  const bad = await open(world)
  const closed = new Promise((resolve) => bad.socket.once('close', resolve))
  bad.socket.resume()
  bad.socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n')
  await closed
  const answer = await good.ask('ApiVersions', 3, {})
  assert.equal(answer.errorCode, 0)
  assert.equal(world.ends.length, 1)
})
