import { sql } from 'kysely'
import { queriesOver } from '@fermata/storage/query'
import type { MovesTables, MoveTable, RedirectTable } from './moves.tables.ts'
import type { MessageTable, ParticipantTable } from './tables.ts'

const query = queriesOver<MovesTables>()

/** Where an id leads that is no conversation's any more. */
export const redirectOf = query<{ id: Uint8Array }>()<RedirectTable>((db, p) =>
  db.selectFrom('conversation_redirects').selectAll().where('id', '=', p.id),
)

export const insertRedirect = query<RedirectTable>()((db, p) =>
  db
    .insertInto('conversation_redirects')
    .values({ id: p.id, workspace: p.workspace, target: p.target, move: p.move }),
)

export const deleteRedirect = query<{ id: Uint8Array }>()((db, p) =>
  db.deleteFrom('conversation_redirects').where('id', '=', p.id),
)

export const insertMove = query<Omit<MoveTable, 'undone_by' | 'undone_at'>>()((db, p) =>
  db.insertInto('conversation_moves').values({
    id: p.id,
    workspace: p.workspace,
    kind: p.kind,
    nth: p.nth,
    source: p.source,
    target: p.target,
    messages: p.messages,
    by_id: p.by_id,
    at: p.at,
    client: p.client,
    sent_hash: p.sent_hash,
    was: p.was,
    undone_by: null,
    undone_at: null,
  }),
)

export const moveById = query<{ workspace: Uint8Array; id: Uint8Array }>()<MoveTable>((db, p) =>
  db
    .selectFrom('conversation_moves')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const moveByClient = query<{ by_id: string; client: Uint8Array }>()<MoveTable>((db, p) =>
  db
    .selectFrom('conversation_moves')
    .selectAll()
    .where('by_id', '=', p.by_id)
    .where('client', '=', p.client),
)

/** Which move was the last that a conversation had part in, as its source and as its target. */
export const lastMoves = query<{ conversation: Uint8Array }>()<{ nth: number | null }>((db, p) =>
  db
    .selectFrom('conversation_moves')
    .select((eb) => eb.fn.max<number | null>('nth').as('nth'))
    .where('source', '=', p.conversation)
    .unionAll(
      db
        .selectFrom('conversation_moves')
        .select((eb) => eb.fn.max<number | null>('nth').as('nth'))
        .where('target', '=', p.conversation),
    ),
)

/** A later move, not undone, that a conversation has part in. Those of before they were counted go by their ids. */
export const moveAfter = query<{ conversation: Uint8Array; nth: number; id: Uint8Array }>()<{
  id: Uint8Array
}>((db, p) =>
  db
    .selectFrom('conversation_moves')
    .select('id')
    .where('source', '=', p.conversation)
    .where((eb) =>
      eb.or([eb('nth', '>', p.nth), eb.and([eb('nth', '=', p.nth), eb('id', '>', p.id)])]),
    )
    .where('undone_at', 'is', null)
    .unionAll(
      db
        .selectFrom('conversation_moves')
        .select('id')
        .where('target', '=', p.conversation)
        .where((eb) =>
          eb.or([eb('nth', '>', p.nth), eb.and([eb('nth', '=', p.nth), eb('id', '>', p.id)])]),
        )
        .where('undone_at', 'is', null),
    )
    .limit(1),
)

/** A move that a conversation has or had part in, whenever and whatever became of it. */
export const anyMove = query<{ conversation: Uint8Array }>()<{ id: Uint8Array }>((db, p) =>
  db
    .selectFrom('conversation_moves')
    .select('id')
    .where('source', '=', p.conversation)
    .unionAll(db.selectFrom('conversation_moves').select('id').where('target', '=', p.conversation))
    .limit(1),
)

export const undoneMove = query<{ id: Uint8Array; by: string; at: number }>()((db, p) =>
  db
    .updateTable('conversation_moves')
    .set({ undone_by: p.by, undone_at: p.at })
    .where('id', '=', p.id),
)

export const deleteConversation = query<{ id: Uint8Array }>()((db, p) =>
  db.deleteFrom('conversations').where('id', '=', p.id),
)

/** All messages of a conversation, as far as their place matters, in order. */
export const placesIn = query<{ conversation: Uint8Array; limit: number }>()<
  Pick<MessageTable, 'number' | 'reply_number' | 'author' | 'at' | 'small_talk'>
>((db, p) =>
  db
    .selectFrom('messages')
    .select(['number', 'reply_number', 'author', 'at', 'small_talk'])
    .where('conversation', '=', p.conversation)
    .orderBy('number')
    .limit(p.limit),
)

/** Everything that anybody has of their own in a conversation. */
export const ownRowsIn = query<{ conversation: Uint8Array }>()<ParticipantTable>((db, p) =>
  db
    .selectFrom('participants')
    .selectAll()
    .where('conversation', '=', p.conversation)
    .orderBy('actor'),
)

export const deleteOwn = query<{ conversation: Uint8Array; actor: string }>()((db, p) =>
  db
    .deleteFrom('participants')
    .where('conversation', '=', p.conversation)
    .where('actor', '=', p.actor),
)

/** A stretch of messages, where it goes, and by how much its numbers change. */
export interface Shift {
  from: Uint8Array
  first: number
  last: number
  to: Uint8Array
  by: number
  replies_by: number
}

/**
 * Moves a stretch to its new numbers, negated: so nothing that is not moved yet is in its way. `settled`
 * makes them positive when all have moved.
 */
export const shiftMessages = query<Shift>()((db, p) =>
  db
    .updateTable('messages')
    .set({
      conversation: p.to,
      number: sql<number>`-(number + ${p.by})`,
      reply_number: sql<number>`case when reply_number = 0 then 0 else reply_number + ${p.replies_by} end`,
    })
    .where('conversation', '=', p.from)
    .where('number', '>=', p.first)
    .where('number', '<=', p.last),
)

export const shiftEdits = query<Omit<Shift, 'replies_by'>>()((db, p) =>
  db
    .updateTable('message_edits')
    .set({ conversation: p.to, number: sql<number>`-(number + ${p.by})` })
    .where('conversation', '=', p.from)
    .where('number', '>=', p.first)
    .where('number', '<=', p.last),
)

export const settledMessages = query<{ conversation: Uint8Array }>()((db, p) =>
  db
    .updateTable('messages')
    .set({ number: sql<number>`-number` })
    .where('conversation', '=', p.conversation)
    .where('number', '<', 0),
)

export const settledEdits = query<{ conversation: Uint8Array }>()((db, p) =>
  db
    .updateTable('message_edits')
    .set({ number: sql<number>`-number` })
    .where('conversation', '=', p.conversation)
    .where('number', '<', 0),
)
