import { sql } from 'kysely'
import { queriesOver } from '@fermata/storage/query'
import type { RepliesTables, ReplyTable } from './tables.ts'

const query = queriesOver<RepliesTables>()

interface ReplyKey {
  workspace: Uint8Array
  id: Uint8Array
}

export const replyById = query<ReplyKey>()<ReplyTable>((db, p) =>
  db.selectFrom('replies').selectAll().where('workspace', '=', p.workspace).where('id', '=', p.id),
)

/** The replies that everybody has. */
export const sharedReplies = query<{ workspace: Uint8Array }>()<ReplyTable>((db, p) =>
  db
    .selectFrom('replies')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('owner', 'is', null)
    .where('removed_at', 'is', null)
    .orderBy('id'),
)

/** The replies that one member has alone. */
export const repliesOfOwner = query<{ workspace: Uint8Array; owner: Uint8Array }>()<ReplyTable>(
  (db, p) =>
    db
      .selectFrom('replies')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('owner', '=', p.owner)
      .where('removed_at', 'is', null)
      .orderBy('id'),
)

export const insertReply = query<ReplyTable>()((db, p) =>
  db.insertInto('replies').values({
    workspace: p.workspace,
    id: p.id,
    title: p.title,
    shortcut: p.shortcut,
    body: p.body,
    owner: p.owner,
    created_at: p.created_at,
    created_by: p.created_by,
    removed_at: p.removed_at,
    uses: p.uses,
    used_at: p.used_at,
    used_by: p.used_by,
  }),
)

export const updateReply = query<
  ReplyKey & Pick<ReplyTable, 'title' | 'shortcut' | 'body' | 'removed_at'>
>()((db, p) =>
  db
    .updateTable('replies')
    .set({ title: p.title, shortcut: p.shortcut, body: p.body, removed_at: p.removed_at })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

/** What was removed before a time does not come back. */
export const forgetRemoved = query<{ workspace: Uint8Array; before: number }>()((db, p) =>
  db.deleteFrom('replies').where('workspace', '=', p.workspace).where('removed_at', '<', p.before),
)

/** Counts one sending, of a shared reply or of one's own. */
export const countUse = query<ReplyKey & { owner: Uint8Array; at: number; by: string }>()((db, p) =>
  db
    .updateTable('replies')
    .set({ uses: sql<number>`uses + 1`, used_at: p.at, used_by: p.by })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id)
    .where((eb) => eb.or([eb('owner', 'is', null), eb('owner', '=', p.owner)])),
)
