import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Writable } from 'node:stream'
import * as library from 'ws'
import { positionOf, shaped, socketFrame, streamFrame } from './frames.ts'

// The library's own reader, which its types do not tell of.
const { Receiver } = library as unknown as {
  Receiver: new (options: { isServer: boolean }) => Writable
}

/** What a WebSocket client reads from these bytes. */
async function received(bytes: Buffer): Promise<string> {
  const receiver = new Receiver({ isServer: false })
  const message = new Promise<string>((resolve, reject) => {
    receiver.on('message', (data: Buffer, isBinary: boolean) => {
      assert.equal(isBinary, false)
      resolve(data.toString())
    })
    receiver.on('error', reject)
  })
  receiver.write(bytes)
  return message
}

test('a WebSocket client reads frames of every length back', async () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]) {
    const text = 'è'.repeat(Math.floor(length / 2)) + (length % 2 === 1 ? 'a' : '')
    assert.equal(await received(socketFrame(Buffer.from(text))), text)
  }
})

test('a frame with a position becomes an event with an id, wherever the position stands', () => {
  const heartbeat = Buffer.from('{"type":"heartbeat","position":42}')
  assert.equal(streamFrame(heartbeat).toString(), `id: 42\ndata: ${heartbeat.toString()}\n\n`)
  assert.equal(positionOf(Buffer.from('{"type":"events","position":7,"events":[]}')), 7)
  assert.equal(
    positionOf(Buffer.from('{"events":[{"position":3}],"position":9,"type":"events"}')),
    9,
  )
})

test('a frame without a position has no id, even if something in it has one', () => {
  const ended = Buffer.from('{"type":"ended"}')
  assert.equal(streamFrame(ended).toString(), 'data: {"type":"ended"}\n\n')
  assert.equal(positionOf(Buffer.from('{"type":"presence","presence":{"position":5}}')), undefined)
})

test('the shape of a frame is made once for all readers that get it in a run', () => {
  let made = 0
  const shape = shaped((payload) => {
    made += 1
    return socketFrame(payload)
  })
  const frame = Buffer.from('{"type":"ended"}')
  assert.equal(shape(frame), shape(frame))
  assert.equal(made, 1)
  shape(Buffer.from('{"type":"ended"}'))
  assert.equal(made, 2)
})
