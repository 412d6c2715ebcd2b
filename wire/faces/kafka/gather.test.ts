import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import { until } from '@fermata/testkit/until'
import { memoryBroker, workspace } from '../../broker/broker.world.ts'
import { batchOf } from '../../log/contract.world.ts'
import { encodeRequest } from './codec.ts'
import { openHall } from './server.ts'

/** A connection whose writes to the line are counted. */
class Line extends Duplex {
  writes = 0
  bytes = 0
  override _read(): void {}
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.writes += 1
    this.bytes += chunk.length
    done()
  }
  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.writes += 1
    for (const { chunk } of chunks) this.bytes += chunk.length
    done()
  }
}

void test('what one flush has answered goes out in one write', async (t) => {
  const world = await memoryBroker()
  const { broker, clock } = world
  const topics = [{ name: 'orders', partitions: 1, settings: [] }]
  await broker.createTopics({ workspace, topics, validateOnly: false })
  const hall = openHall({
    ...{ broker, clock, workspace },
    random: (bytes) => crypto.getRandomValues(bytes),
    onFault: (error, what) => assert.fail(`${what}: ${String(error)}`),
  })
  t.after(() => hall.close())
  const line = new Line()
  hall.serve(line as unknown as Socket)
  const records = Buffer.from(batchOf(['one']))
  const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }]
  const body = { transactionalId: null, acks: -1, timeoutMs: 1_000, topicData }
  const frame = (correlationId: number): readonly Uint8Array[] =>
    encodeRequest({ api: 'Produce', version: 7, correlationId, clientId: null, body })
  const release = world.hold()
  line.push(Buffer.concat([1, 2, 3, 4, 5, 6, 7, 8].flatMap(frame)))
  await until('all are in the log', () => line.readableLength === 0)
  release()
  const answerBytes = 4 + 4 + 4 + 2 + 'orders'.length + 4 + 4 + 2 + 3 * 8 + 4
  await until('all are answered', () => line.bytes === 8 * answerBytes)
  assert.equal(line.writes, 1)
})
