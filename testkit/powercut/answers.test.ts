import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnswerReader } from './answers.ts'

/** Feeds all bytes at once, and one by one, which must give the same. */
const read = (bytes: Buffer): string[] => {
  const atOnce = new AnswerReader().take(bytes, 0).map(({ text }) => text)
  const slowly = new AnswerReader()
  const byByte = [...bytes].flatMap((byte, at) => slowly.take(Buffer.from([byte]), at))
  assert.deepEqual(
    byByte.map(({ text }) => text),
    atOnce,
  )
  return atOnce
}

const answer = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

test('answers follow each other on a connection, with a body or without one', () => {
  const bytes = `${answer('{"a":"è"}')}HTTP/1.1 204 No Content\r\n\r\n${answer('[1]')}`
  assert.deepEqual(read(Buffer.from(bytes)), ['{"a":"è"}', '[1]'])
})

test('a text counts from the line on which its last byte began to leave', () => {
  const bytes = Buffer.from(answer('{"a":1}'))
  const reader = new AnswerReader()
  assert.deepEqual(reader.take(bytes.subarray(0, -1), 5), [])
  assert.deepEqual(reader.take(bytes.subarray(-1), 9), [{ begun: 9, text: '{"a":1}' }])
})

test('a chunked answer is one text, and pages that are no JSON give none', () => {
  const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
  const bytes = `${head}4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n${answer('<p>')}`
  assert.deepEqual(read(Buffer.from(bytes)), ['{"a":1}'])
})

test('events of a stream are told one by one, wherever the chunks are cut', () => {
  const head =
    'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
  const chunks = ['id: 4\ndata: {"a":1}\n\nda', 'ta: {"b":2}\n', '\n: a comment\n\n']
  const body = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')
  assert.deepEqual(read(Buffer.from(head + body)), ['{"a":1}', '{"b":2}'])
})

test('frames of a socket are told once it has switched, short ones and long ones, pings left out', () => {
  const long = JSON.stringify({ text: 'x'.repeat(300) })
  const longHead = Buffer.from([0x81, 126, long.length >> 8, long.length & 0xff])
  const huge = JSON.stringify({ text: 'y'.repeat(70_000) })
  const hugeHead = Buffer.alloc(10)
  hugeHead.set([0x81, 127])
  hugeHead.writeBigUInt64BE(BigInt(huge.length), 2)
  const bytes = Buffer.concat([
    Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'),
    Buffer.from([0x81, 2, 0x7b, 0x7d, 0x89, 1, 0x61]),
    longHead,
    Buffer.from(long),
  ])
  assert.deepEqual(read(bytes), ['{}', long])
  assert.deepEqual(
    new AnswerReader()
      .take(Buffer.concat([bytes, hugeHead, Buffer.from(huge)]), 0)
      .map(({ text }) => text.length),
    [2, long.length, huge.length],
  )
})
