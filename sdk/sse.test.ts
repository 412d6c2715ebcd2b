import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '@fermata/base/bytes'
import { seededRandom } from '@fermata/testkit/random'
import { streamParser } from './sse.ts'

const stream =
  '\uFEFF: a comment\n' +
  'id: 7\ndata: {"a":"è 🚲 漢"}\n\n' +
  'event: other\r\ndata:two\r\ndata:  lines\r\n\r\n' +
  'data\rdata:after an empty one\r\r' +
  'retry: 10\n\n' +
  'data: last\n\n' +
  'data: never finished\n'
const found = ['{"a":"è 🚲 漢"}', 'two\n lines', '\nafter an empty one', 'last']

/** Everything that a parser finds in some bytes that arrive in pieces. */
function parsed(pieces: readonly Uint8Array[]): string[] {
  const parser = streamParser()
  return pieces.flatMap((piece) => parser.push(piece))
}

test('a stream in one piece gives the data of its whole events', () => {
  assert.deepEqual(parsed([utf8(stream)]), found)
})

test('a stream fed one byte at a time gives the same', () => {
  assert.deepEqual(parsed([...utf8(stream)].map((byte) => Uint8Array.of(byte))), found)
})

test('a stream cut anywhere gives the same', () => {
  const random = seededRandom('stream cut anywhere')
  const bytes = utf8(stream)
  for (let round = 0; round < 500; round++) {
    const pieces: Uint8Array[] = []
    for (let at = 0; at < bytes.length;) {
      const next = at + random.below(12)
      pieces.push(bytes.subarray(at, next))
      at = next
    }
    assert.deepEqual(parsed(pieces), found)
  }
})

test('an event is given as soon as its last byte is there', () => {
  const parser = streamParser()
  assert.deepEqual(parser.push(utf8('data: x\r\n\r')), ['x'])
  assert.deepEqual(parser.push(utf8('\n')), [])
  assert.deepEqual(parser.push(utf8('data: y\n\n')), ['y'])
})

test('a line that never ends is refused', () => {
  const parser = streamParser()
  const piece = new Uint8Array(32 * 1024 * 1024).fill(97)
  parser.push(piece)
  parser.push(piece)
  assert.throws(() => parser.push(piece), RangeError)
})
