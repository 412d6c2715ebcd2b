import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageView } from '@fermata/contract/conversations.schema'
import type { AnyEvent } from '@fermata/contract/events.schema'
import type { Pending } from '@fermata/sdk/store'
import { standingMoves } from './history.ts'
import { timelineOf, type TimelineItem, type TimelineSource } from './timeline.ts'

/** Noon of a day in Rome, and minutes after it. */
const noon = Date.UTC(2026, 10, 23, 11)
const minutes = (count: number): number => noon + count * 60_000

function message(number: number, at: number, part: Partial<MessageView> = {}): MessageView {
  return {
    id: `msg_${number}`,
    conversation: 'cnv_1',
    number,
    kind: 'reply',
    author: { kind: 'contact', id: 'ctc_vera', name: 'Vera' },
    text: `text ${number}`,
    at,
    revision: 0,
    editedAt: null,
    deletedAt: null,
    files: [],
    smallTalk: false,
    client: `client ${number}`,
    ...part,
  }
}

const ours = { kind: 'member', id: 'mbr_me', name: 'Olivia' } as const

function event(position: number, at: number, part: Pick<AnyEvent, 'type' | 'body'>): AnyEvent {
  return { position, at, actor: 'mbr_me', conversation: 'cnv_1', now: {}, ...part } as AnyEvent
}

const resolved = { type: 'conversation.resolved', body: {} } as const
const labelled = { type: 'conversation.changed', body: { fields: ['labels'] } } as const

function waiting(id: string, at: number): Pending {
  const send = { kind: 'post', to: 'cnv_1', body: { client: id, text: 'waits' } } as const
  const entry = { id, order: at, at, send, state: 'waiting' } as const
  return {
    entry: { ...entry, refusal: null, trouble: null, failures: 0, retryAt: 0 },
    state: 'waiting',
  }
}

function shown(part: Partial<TimelineSource>): string[] {
  const source: TimelineSource = {
    messages: [],
    moreBefore: false,
    events: [],
    pending: [],
    readTo: null,
    me: 'mbr_me',
    zone: 'Europe/Rome',
    ...part,
  }
  return timelineOf(source).map(word)
}

function word(item: TimelineItem): string {
  switch (item.kind) {
    case 'message':
      return `${item.continues ? '+' : ''}${item.message.number}`
    case 'pending':
      return `${item.continues ? '+' : ''}waits`
    case 'changes':
      return `changes ${item.events.map(({ position }) => position).join(' ')}`
    default:
      return item.kind
  }
}

test('every day is named once, by the clock of the reader', () => {
  const late = Date.UTC(2026, 10, 23, 22, 59)
  const messages = [message(1, late), message(2, late + 60_000), message(3, late + 120_000)]
  assert.deepEqual(shown({ messages }), ['day', '1', 'day', '2', '+3'])
  assert.deepEqual(shown({ messages, zone: 'UTC' }), ['day', '1', '+2', '+3'])
})

test('a name is said again after a pause, after somebody else, and where the kind changes', () => {
  const messages = [
    message(1, minutes(0)),
    message(2, minutes(4)),
    message(3, minutes(9)),
    message(4, minutes(10), { author: ours }),
    message(5, minutes(10), { author: ours, kind: 'note' }),
    message(6, minutes(11), { author: ours, kind: 'note', deletedAt: minutes(12) }),
    message(7, minutes(12), { author: ours, kind: 'note' }),
  ]
  assert.deepEqual(shown({ messages }), ['day', '1', '+2', '3', '4', '5', '+6', '7'])
})

test('what happened stands between the messages, one run together', () => {
  const messages = [message(1, minutes(0)), message(2, minutes(10))]
  const events = [
    event(5, minutes(3), resolved),
    event(6, minutes(4), labelled),
    event(9, minutes(20), resolved),
  ]
  assert.deepEqual(shown({ messages, events }), ['day', '1', 'changes 5 6', '2', 'changes 9'])
})

test('what happened before the first message at hand waits for its page', () => {
  const messages = [message(8, minutes(10))]
  const events = [event(5, minutes(3), resolved), event(9, minutes(20), resolved)]
  assert.deepEqual(shown({ messages, events, moreBefore: true }), ['day', '8', 'changes 9'])
})

test('an event that tells nothing takes no room', () => {
  const events = [event(5, minutes(3), { type: 'conversation.opened', body: {} })]
  assert.deepEqual(shown({ messages: [message(1, minutes(0))], events }), ['day', '1'])
})

test('the line stands before the first unread message of somebody else', () => {
  const messages = [
    message(1, minutes(0)),
    message(2, minutes(1), { author: ours }),
    message(3, minutes(2)),
    message(4, minutes(3)),
  ]
  assert.deepEqual(shown({ messages, readTo: 1 }), ['day', '1', '2', 'unread', '3', '+4'])
  assert.deepEqual(shown({ messages, readTo: 4 }), ['day', '1', '2', '3', '+4'])
  assert.deepEqual(shown({ messages, readTo: 0 }), ['day', 'unread', '1', '2', '3', '+4'])
})

test('what waits to be sent stands last, and never twice', () => {
  const messages = [message(1, minutes(0), { author: ours })]
  const pending = [waiting('client 1', minutes(0)), waiting('client 2', minutes(1))]
  assert.deepEqual(shown({ messages, pending }), ['day', '1', '+waits'])
})

test('a message keeps its key from being written to being sent', () => {
  const key = (part: Partial<TimelineSource>): string | undefined =>
    timelineOf({
      messages: [],
      moreBefore: false,
      events: [],
      pending: [],
      readTo: null,
      me: 'mbr_me',
      zone: 'UTC',
      ...part,
    }).at(-1)?.key
  const sent = message(1, minutes(0), { author: ours, client: 'client 7' })
  assert.equal(key({ pending: [waiting('client 7', minutes(0))] }), key({ messages: [sent] }))
})

test('what was merged from days before stands under a day and a name of its own', () => {
  const day = 24 * 60
  const messages = [message(1, minutes(day)), message(2, minutes(0)), message(3, minutes(1))]
  assert.deepEqual(shown({ messages }), ['day', '1', 'day', '2', '+3'])
})

test('a merge can be taken back while it stands, and no longer', () => {
  const move = { move: 'mov_1', other: 'cnv_2', role: 'target' } as const
  const merged = event(1, minutes(1), {
    type: 'conversation.merged',
    body: { ...move, messages: 2 },
  })
  const undone = event(2, minutes(2), { type: 'conversation.unmerged', body: move })
  assert.deepEqual([...standingMoves([merged])], ['mov_1'])
  assert.deepEqual([...standingMoves([merged, undone])], [])
})
