import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageView } from '@fermata/contract/conversations.schema'
import type { Pending } from '@fermata/sdk/store'
import { linesOf } from './log.ts'

const at = (text: string): number => Date.parse(text)

function message(number: number, kind: 'member' | 'contact', when: number): MessageView {
  return {
    id: `msg_${number}`,
    conversation: 'cnv_1',
    number,
    kind: 'reply',
    author: { kind, id: kind === 'member' ? 'mbr_1' : 'ctc_1', name: kind },
    text: `text ${number}`,
    at: when,
    revision: 0,
    editedAt: null,
    deletedAt: null,
    files: [],
    smallTalk: false,
    client: `client ${number}`,
  }
}

function waiting(id: string, when: number): Pending {
  const body = { client: id, text: id }
  const send = { kind: 'post', to: 'cnv_1', body } as const
  const entry = { id, order: when, at: when, send, state: 'waiting' } as const
  return {
    entry: { ...entry, refusal: null, trouble: null, failures: 0, retryAt: 0 },
    state: 'waiting',
  }
}

const shape = (lines: ReturnType<typeof linesOf>): string[] =>
  lines.map((line) =>
    line.kind === 'day' ? 'day' : `${line.key}${line.said.first ? ' first' : ''}`,
  )

test('a day of the visitor’s zone begins with a line of its own', () => {
  const messages = [
    message(1, 'contact', at('2026-06-01T21:50:00Z')),
    message(2, 'contact', at('2026-06-01T21:54:00Z')),
    message(3, 'contact', at('2026-06-01T22:01:00Z')),
  ]
  assert.deepEqual(shape(linesOf(messages, [], 'Europe/Rome')), [
    'day',
    'client 1 first',
    'client 2',
    'day',
    'client 3 first',
  ])
  assert.equal(linesOf(messages, [], 'UTC').filter((line) => line.kind === 'day').length, 1)
})

test('messages of one author stand together while they come soon after each other', () => {
  const start = at('2026-06-01T08:00:00Z')
  const messages = [
    message(1, 'contact', start),
    message(2, 'contact', start + 60_000),
    message(3, 'member', start + 120_000),
    message(4, 'member', start + 10 * 60_000),
  ]
  const lines = linesOf(messages, [], 'UTC').filter((line) => line.kind === 'message')
  assert.deepEqual(
    lines.map(({ said }) => [said.first, said.last]),
    [
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ],
  )
})

test('what waits stands at the end, under the key that it will have as a message', () => {
  const start = at('2026-06-01T08:00:00Z')
  const waits = waiting('client 2', start - 3 * 24 * 3_600_000)
  const before = linesOf([message(1, 'contact', start)], [waits], 'UTC')
  assert.deepEqual(shape(before), ['day', 'client 1 first', 'client 2'])
  const messages = [message(1, 'contact', start), message(2, 'contact', start + 1)]
  assert.deepEqual(shape(linesOf(messages, [], 'UTC')), shape(before))
})
