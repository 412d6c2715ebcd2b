import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { idText, uuidText } from '@fermata/base/ids'
import type { Fact } from './seen.ts'

interface MessageRow {
  readonly id: Uint8Array
  readonly conversation: Uint8Array
  readonly number: number
  readonly reply_number: number
  readonly author: string
  readonly client: Uint8Array
  readonly text: string
}

interface EventRow {
  readonly workspace: Uint8Array
  readonly position: number
  readonly type: string
  readonly conversation: Uint8Array | null
  readonly body: string
}

/** What a data folder holds, read past the product's own code. */
export interface World {
  readonly messages: ReadonlyMap<string, MessageRow>
  readonly events: ReadonlyMap<number, EventRow>
  readonly head: number
  readonly things: ReadonlySet<string>
}

const thingTables = {
  conversations: 'cnv',
  contacts: 'ctc',
  apps: 'app',
  inboxes: 'ibx',
  members: 'mbr',
} as const

/** The workspace in which everything happens; others may be made beside it, and nothing is said there. */
const ofFirst = 'where workspace = (select min(id) from workspaces)'

/** Reads a data folder that no server uses, and holds it against what must always be true. */
export function auditFolder(folder: string): World {
  const db = new DatabaseSync(join(folder, 'people.db'), { readOnly: true })
  try {
    const rows = <Row>(sql: string): Row[] => db.prepare(sql).all() as unknown as Row[]
    const [check] = rows<{ integrity_check: string }>('pragma integrity_check')
    assert.equal(check?.integrity_check, 'ok')
    const messages = rows<MessageRow>(
      'select id, conversation, number, reply_number, author, client, text from messages order by conversation, number',
    )
    const events = rows<EventRow>(
      `select workspace, position, type, conversation, body from feed_events ${ofFirst} order by position`,
    )
    const [first] = rows<{ head: number; tail: number }>(
      `select head, tail from feed_heads ${ofFirst}`,
    )
    const { head, tail } = first ?? { head: 0, tail: 0 }
    auditNumbers(
      messages,
      rows('select id, last_number as last, reply_count as replies from conversations'),
    )
    auditOnce(messages)
    auditEvents(events, messages, { head, tail })
    const things = Object.entries(thingTables).flatMap(([table, prefix]) =>
      rows<{ id: Uint8Array }>(`select id from ${table}`).map(({ id }) => idText(prefix, id)),
    )
    return {
      messages: new Map(messages.map((message) => [idText('msg', message.id), message])),
      events: new Map(events.map((event) => [event.position, event])),
      head,
      things: new Set(things),
    }
  } finally {
    db.close()
  }
}

/** Numbers count every message of a conversation, and reply numbers every reply, without a gap. */
function auditNumbers(
  messages: readonly MessageRow[],
  conversations: readonly { id: Uint8Array; last: number; replies: number }[],
): void {
  const counted = new Map(
    conversations.map(({ id }) => [idText('cnv', id), { last: 0, replies: 0 }]),
  )
  for (const { conversation, number, reply_number: reply } of messages) {
    const id = idText('cnv', conversation)
    const count = counted.get(id)
    assert.ok(count, `the messages of ${id} have a conversation`)
    count.last += 1
    assert.equal(number, count.last, `the numbers of ${id} are dense`)
    if (reply === 0) continue
    count.replies += 1
    assert.equal(reply, count.replies, `the reply numbers of ${id} are dense`)
  }
  for (const { id, last, replies } of conversations) {
    assert.deepEqual(counted.get(idText('cnv', id)), { last, replies }, idText('cnv', id))
  }
}

/** No sender's client id is there twice. */
function auditOnce(messages: readonly MessageRow[]): void {
  const clients = new Set(messages.map(({ author, client }) => `${author} ${uuidText(client)}`))
  assert.equal(clients.size, messages.length, 'each client id is there once')
}

/** No text is there twice, where the load has made each one unique. */
export function auditTexts({ messages }: World): void {
  const texts = new Set([...messages.values()].map(({ text }) => text))
  assert.equal(texts.size, messages.size, 'each text is there once')
}

/** Positions have no gap up to the head, and the feed tells of each message once and of no other. */
function auditEvents(
  events: readonly EventRow[],
  messages: readonly MessageRow[],
  { head, tail }: { head: number; tail: number },
): void {
  assert.equal(events.length, head - tail, 'the feed has as many events as positions')
  for (const [index, { position }] of events.entries()) {
    assert.equal(position, tail + index + 1, 'the positions of the feed are dense')
  }
  const told = events
    .filter(({ type }) => type === 'message.posted')
    .map(({ body }) => (JSON.parse(body) as { message: string }).message)
  assert.deepEqual(
    told.toSorted(),
    messages.map(({ id }) => idText('msg', id)).toSorted(),
    'each message is told of once in the feed',
  )
}

/** Holds what is there against what somebody was shown. */
export function auditFacts(world: World, facts: Iterable<Fact>): void {
  for (const fact of facts) {
    switch (fact.kind) {
      case 'message': {
        const row = world.messages.get(fact.id)
        assert.ok(row, `the message ${fact.id} was seen and is gone`)
        assert.equal(row.text, fact.text)
        assert.equal(uuidText(row.client), fact.client)
        assert.equal(idText('cnv', row.conversation), fact.conversation)
        // A contact is told of replies only, by the numbers that replies have.
        assert.ok(
          row.number === fact.number || row.reply_number === fact.number,
          `the number of ${fact.id} has changed`,
        )
        break
      }
      case 'event':
        assert.equal(
          world.events.get(fact.position)?.type,
          fact.type,
          `the event at ${fact.position} was seen and is gone`,
        )
        break
      case 'head':
        assert.ok(world.head >= fact.position, `position ${fact.position} was seen and is gone`)
        break
      case 'thing':
        assert.ok(world.things.has(fact.id), `${fact.id} was seen and is gone`)
        break
      case 'secret':
        // Only the server can open the seal.
        break
    }
  }
}
