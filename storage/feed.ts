import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { queriesOver } from './query.ts'
import type { Dialect, FeedBounds, Migration, StoredEvent } from './port.ts'

/** The feed's tables. */
export interface FeedTables {
  feed_heads: { workspace: Uint8Array; head: number; tail: number }
  feed_events: {
    workspace: Uint8Array
    position: number
    at: number
    actor: string | null
    type: string
    place: Uint8Array | null
    conversation: Uint8Array | null
    contact: Uint8Array | null
    only_actor: string | null
    body: string
  }
}

/**
 * The type of the events that are most of a feed. They are found through their messages, so the
 * index of conversations leaves them out: it would cost a fifth of what storing a post costs.
 */
const postType = 'message.posted'

/** The feed's own step of the schema; it comes before those of the rooms. */
export const feedMigration: Migration = {
  id: '0000-feed',
  statements: ({ dialect, id, int, text }) => [
    `create table feed_heads (
      workspace ${id} not null primary key,
      head ${int} not null,
      tail ${int} not null
    )${dialect === 'sqlite' ? ' without rowid' : ''}`,
    `create table feed_events (
      workspace ${id} not null,
      position ${int} not null,
      at ${int} not null,
      actor ${text},
      type ${text} not null,
      place ${id},
      conversation ${id},
      contact ${id},
      only_actor ${text},
      body ${text} not null,
      primary key (workspace, position)
    )${dialect === 'sqlite' ? ' without rowid' : ''}`,
    `create index feed_events_of_contact on feed_events (contact, position)
      where contact is not null`,
    `create index feed_events_of_conversation on feed_events (conversation, position)
      where conversation is not null and type <> '${postType}'`,
  ],
}

const query = queriesOver<FeedTables>()

const eventColumns = [
  'workspace',
  'position',
  'at',
  'actor',
  'type',
  'place',
  'conversation',
  'contact',
  'only_actor as only',
  'body',
] as const

/**
 * Keeps a look that goes along another index within its workspace. The sign keeps SQLite from
 * going through the whole feed by its primary key instead, which it would think as good.
 */
function ofWorkspace(workspace: Uint8Array, dialect: Dialect): RawBuilder<SqlBool> {
  return dialect === 'sqlite' ? sql`+workspace = ${workspace}` : sql`workspace = ${workspace}`
}

/** Takes the next `n` positions of a workspace that has a head. */
export const takePositions = query<{ workspace: Uint8Array; n: number }>()((db, p) =>
  db
    .updateTable('feed_heads')
    .set((eb) => ({ head: eb('head', '+', p.n) }))
    .where('workspace', '=', p.workspace)
    .returning('head'),
)

/** Takes the first `n` positions of a workspace, or the next when somebody else was quicker. */
export const takeFirstPositions = query<{ workspace: Uint8Array; n: number }>()((db, p) =>
  db
    .insertInto('feed_heads')
    .values({ workspace: p.workspace, head: p.n, tail: 0 })
    .onConflict((conflict) =>
      conflict.column('workspace').doUpdateSet((eb) => ({
        head: eb('feed_heads.head', '+', eb.ref('excluded.head')),
      })),
    )
    .returning('head'),
)

/** Writes one event at its position. */
export const insertEvent = query<FeedTables['feed_events']>()((db, p) =>
  db.insertInto('feed_events').values({
    workspace: p.workspace,
    position: p.position,
    at: p.at,
    actor: p.actor,
    type: p.type,
    place: p.place,
    conversation: p.conversation,
    contact: p.contact,
    only_actor: p.only_actor,
    body: p.body,
  }),
)

/** The bounds of a workspace's feed. */
export const feedBounds = query<{ workspace: Uint8Array }>()<FeedBounds>((db, p) =>
  db.selectFrom('feed_heads').select(['head', 'tail']).where('workspace', '=', p.workspace),
)

/** The heads of all workspaces. */
export const feedHeads = query()<{ workspace: Uint8Array; head: number }>((db) =>
  db.selectFrom('feed_heads').select(['workspace', 'head']),
)

/** Events of a workspace after a position, in order. */
export const eventsAfter = query<{
  workspace: Uint8Array
  position: number
  limit: number
}>()<StoredEvent>((db, p) =>
  db
    .selectFrom('feed_events')
    .select(eventColumns)
    .where('workspace', '=', p.workspace)
    .where('position', '>', p.position)
    .orderBy('position')
    .limit(p.limit),
)

/** Events that name a contact, after a position, in order. */
export const eventsOfContact = query<{
  workspace: Uint8Array
  contact: Uint8Array
  position: number
  limit: number
}>()<StoredEvent>((db, p, dialect) =>
  db
    .selectFrom('feed_events')
    .select(eventColumns)
    .where('contact', '=', p.contact)
    .where('position', '>', p.position)
    .where(ofWorkspace(p.workspace, dialect))
    .orderBy('position')
    .limit(p.limit),
)

/** The newest events of a conversation except its posts, the newest first. */
export const newestEventsOfConversation = query<{
  workspace: Uint8Array
  conversation: Uint8Array
  limit: number
}>()<StoredEvent>((db, p, dialect) =>
  db
    .selectFrom('feed_events')
    .select(eventColumns)
    .where('conversation', '=', p.conversation)
    // In the text and not a parameter, or the databases would not see that the index has the rows.
    .where('type', '<>', sql.lit(postType))
    .where(ofWorkspace(p.workspace, dialect))
    .orderBy('position', 'desc')
    .limit(p.limit),
)

/** Moves a workspace's tail. */
export const moveTail = query<{ workspace: Uint8Array; tail: number }>()((db, p) =>
  db.updateTable('feed_heads').set({ tail: p.tail }).where('workspace', '=', p.workspace),
)

/** Removes a workspace's events up to a position. */
export const deleteEventsTo = query<{ workspace: Uint8Array; position: number }>()((db, p) =>
  db
    .deleteFrom('feed_events')
    .where('workspace', '=', p.workspace)
    .where('position', '<=', p.position),
)
