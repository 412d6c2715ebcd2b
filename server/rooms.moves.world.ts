import type { ConversationId, MessageId, MoveId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import { readOf, runsOf, unreadOf } from '@fermata/contract/reading'
import { queriesOver } from '@fermata/storage/query'
import type { Desk } from './rooms.desk.world.ts'

const query = queriesOver<Record<string, Record<string, number>>>()

/** The tables that a move changes, and what orders their rows. */
const tables = {
  conversations: ['id'],
  messages: ['conversation', 'number'],
  message_edits: ['conversation', 'number', 'revision'],
  participants: ['conversation', 'actor'],
  timers: ['kind', 'subject', 'slot'],
  leases: ['subject'],
  lease_holdings: ['subject', 'token'],
} as const

const dumps = Object.entries(tables).map(([table, order]) => ({
  table,
  rows: query()<object>((db) => {
    const all = db.selectFrom(table).selectAll()
    return order.reduce((ordered, column) => ordered.orderBy(column), all)
  }),
}))

/** Every row of what a move changes, as it is stored. */
export async function stored({ world }: Desk): Promise<Record<string, object[]>> {
  const found: Record<string, object[]> = {}
  for (const { table, rows } of dumps) {
    found[table] = await world.storage.read((tx) => tx.all(rows, {}))
  }
  return found
}

/** Merges, as the owner does unless told otherwise. */
export function merge(
  { world, owner }: Desk,
  conversation: ConversationId,
  into: ConversationId,
  by: Desk['owner'] | Desk['bot'] = owner,
) {
  return world.call('conversations.merge', by, { params: { conversation }, body: { into } })
}

/** Splits off, as the owner does: from a message on, or these messages. */
export function split(
  { world, owner }: Desk,
  conversation: ConversationId,
  what: { from: MessageId } | { messages: MessageId[] },
  client: string = world.newClient(),
) {
  const body = { client, subject: 'Split off', ...what }
  return world.call('conversations.split', owner, { params: { conversation }, body })
}

/** Takes a move back, as the owner does. */
export function undo({ world, owner }: Desk, move: MoveId) {
  return world.call('moves.undo', owner, { params: { move } })
}

/** What somebody sees of a conversation: its messages in order, and which of them they have read. */
export async function seen({ world }: Desk, caller: Caller, conversation: ConversationId) {
  const params = { conversation }
  const { messages } = await world.call('messages.list', caller, { params, query: { limit: 100 } })
  const got = await world.call('conversations.get', caller, { params })
  const read = readOf(got.mine ?? undefined)
  const runs = runsOf(read)
  return {
    id: got.conversation.id,
    row: got.conversation,
    numbers: messages.map(({ number }) => number),
    ids: messages.map(({ id }) => id),
    texts: messages.map(({ text }) => text),
    read: messages
      .filter(({ number }) => runs.some(({ from, to }) => from <= number && number <= to))
      .map(({ id }) => id),
    unread: unreadOf(read, got.conversation.lastNumber),
  }
}
