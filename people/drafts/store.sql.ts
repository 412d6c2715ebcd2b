import { lockForUpdate } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import type { DraftsTables, DraftTable, ScheduledTable } from './tables.ts'

const query = queriesOver<DraftsTables>()

interface DraftKey {
  conversation: Uint8Array
  owner: string
}

export const draftOf = query<DraftKey>()<DraftTable>((db, p) =>
  db
    .selectFrom('drafts')
    .selectAll()
    .where('conversation', '=', p.conversation)
    .where('owner', '=', p.owner),
)

/** One draft, for changing: on PostgreSQL its row is locked until the transaction ends. */
export const draftForChange = query<DraftKey>()<DraftTable>((db, p, dialect) =>
  lockForUpdate(
    db
      .selectFrom('drafts')
      .selectAll()
      .where('conversation', '=', p.conversation)
      .where('owner', '=', p.owner),
    dialect,
  ),
)

/** Everybody's drafts in a conversation, for changing. */
export const draftsIn = query<{ conversation: Uint8Array }>()<DraftTable>((db, p, dialect) =>
  lockForUpdate(
    db.selectFrom('drafts').selectAll().where('conversation', '=', p.conversation).orderBy('owner'),
    dialect,
  ),
)

/** The drafts of somebody, the newest first. */
export const draftsOf = query<{ owner: string; limit: number }>()<DraftTable>((db, p) =>
  db
    .selectFrom('drafts')
    .selectAll()
    .where('owner', '=', p.owner)
    .where('owner', '<>', '')
    .orderBy('at', 'desc')
    .limit(p.limit),
)

export const insertDraft = query<DraftTable>()((db, p) =>
  db.insertInto('drafts').values({
    conversation: p.conversation,
    owner: p.owner,
    workspace: p.workspace,
    kind: p.kind,
    text: p.text,
    files: p.files,
    version: p.version,
    at: p.at,
    editor: p.editor,
    editor_name: p.editor_name,
    home: p.home,
  }),
)

export const updateDraft = query<Omit<DraftTable, 'workspace'>>()((db, p) =>
  db
    .updateTable('drafts')
    .set({
      kind: p.kind,
      text: p.text,
      files: p.files,
      version: p.version,
      at: p.at,
      editor: p.editor,
      editor_name: p.editor_name,
      home: p.home,
    })
    .where('conversation', '=', p.conversation)
    .where('owner', '=', p.owner),
)

export const deleteDraft = query<DraftKey>()((db, p) =>
  db.deleteFrom('drafts').where('conversation', '=', p.conversation).where('owner', '=', p.owner),
)

export const scheduledById = query<{ id: Uint8Array }>()<ScheduledTable>((db, p) =>
  db.selectFrom('scheduled').selectAll().where('id', '=', p.id),
)

/** One scheduled message, for changing: on PostgreSQL its row is locked until the transaction ends. */
export const scheduledForChange = query<{ id: Uint8Array }>()<ScheduledTable>((db, p, dialect) =>
  lockForUpdate(db.selectFrom('scheduled').selectAll().where('id', '=', p.id), dialect),
)

export const scheduledByClient = query<{
  sender: string
  client: Uint8Array
}>()<ScheduledTable>((db, p) =>
  db
    .selectFrom('scheduled')
    .selectAll()
    .where('sender', '=', p.sender)
    .where('client', '=', p.client),
)

/** What somebody has said later or was stopped from saying, the soonest first. */
export const scheduledOf = query<{ sender: string; limit: number }>()<ScheduledTable>((db, p) =>
  db
    .selectFrom('scheduled')
    .selectAll()
    .where('sender', '=', p.sender)
    .where('state', 'in', ['waiting', 'stopped'])
    .orderBy('at')
    .orderBy('id')
    .limit(p.limit),
)

/** What waits for what a wall shows somewhere, in the order of ids after one. */
export const scheduledByWall = query<{ after: Uint8Array; limit: number }>()<ScheduledTable>(
  (db, p) =>
    db
      .selectFrom('scheduled')
      .selectAll()
      .where('state', '=', 'waiting')
      .where('wall', 'is not', null)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
)

/** What is over since a time, and so long ago that no repeat of it comes any more. */
export const scheduledOver = query<{ before: number; limit: number }>()<{ id: Uint8Array }>(
  (db, p) =>
    db
      .selectFrom('scheduled')
      .select('id')
      .where('state', 'in', ['sent', 'removed'])
      .where('at', '<', p.before)
      .limit(p.limit),
)

export const deleteScheduled = query<{ id: Uint8Array }>()((db, p) =>
  db.deleteFrom('scheduled').where('id', '=', p.id),
)

/** Adds one unless its sender has used the client id before: then it changes no row. */
export const insertScheduled = query<ScheduledTable>()((db, p) =>
  db
    .insertInto('scheduled')
    .values({
      id: p.id,
      workspace: p.workspace,
      conversation: p.conversation,
      sender: p.sender,
      client: p.client,
      asked_hash: p.asked_hash,
      ...contentOf(p),
    })
    .onConflict((conflict) => conflict.columns(['sender', 'client']).doNothing()),
)

/** The columns that change. */
export type ScheduledContent = Omit<
  ScheduledTable,
  'id' | 'workspace' | 'conversation' | 'sender' | 'client' | 'asked_hash'
>

export const updateScheduled = query<ScheduledContent & { id: Uint8Array }>()((db, p) =>
  db.updateTable('scheduled').set(contentOf(p)).where('id', '=', p.id),
)

function contentOf(p: ScheduledContent): ScheduledContent {
  return {
    kind: p.kind,
    text: p.text,
    files: p.files,
    prepared: p.prepared,
    at: p.at,
    wall: p.wall,
    unless_answered: p.unless_answered,
    since: p.since,
    mark: p.mark,
    was_resolved: p.was_resolved,
    state: p.state,
    stopped_why: p.stopped_why,
    stopped_at: p.stopped_at,
    stopped_by: p.stopped_by,
    stopped_holder: p.stopped_holder,
    message: p.message,
    version: p.version,
  }
}
