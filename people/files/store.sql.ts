import { sql } from 'kysely'
import { lockForUpdate } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import type { BlobTable, FilesTables, FileTable } from './tables.ts'

const query = queriesOver<FilesTables>()

interface BlobKey {
  workspace: Uint8Array
  hash: Uint8Array
}

export const fileById = query<{ id: Uint8Array }>()<FileTable>((db, p) =>
  db.selectFrom('files').selectAll().where('id', '=', p.id),
)

/** One file, for changing: on PostgreSQL its row is locked until the transaction ends. */
export const fileForChange = query<{ id: Uint8Array }>()<FileTable>((db, p, dialect) =>
  lockForUpdate(db.selectFrom('files').selectAll().where('id', '=', p.id), dialect),
)

export const insertFile = query<Omit<FileTable, 'hash' | 'message' | 'keeper'>>()((db, p) =>
  db.insertInto('files').values({
    workspace: p.workspace,
    id: p.id,
    owner: p.owner,
    name: p.name,
    bytes: p.bytes,
    hash: null,
    message: null,
    keeper: null,
    made_at: p.made_at,
    touched_at: p.touched_at,
  }),
)

export const touchFile = query<{ id: Uint8Array; at: number }>()((db, p) =>
  db.updateTable('files').set({ touched_at: p.at }).where('id', '=', p.id),
)

export const sealFile = query<{ id: Uint8Array; hash: Uint8Array; at: number }>()((db, p) =>
  db.updateTable('files').set({ hash: p.hash, touched_at: p.at }).where('id', '=', p.id),
)

/** Gives a file to a message; changes no row when another message has it. */
export const bindFile = query<{ id: Uint8Array; message: Uint8Array }>()((db, p) =>
  db
    .updateTable('files')
    .set({ message: p.message, keeper: null })
    .where('id', '=', p.id)
    .where('message', 'is', null),
)

export const deleteFile = query<{ id: Uint8Array }>()((db, p) =>
  db.deleteFrom('files').where('id', '=', p.id),
)

export const filesOfMessage = query<{ message: Uint8Array }>()<FileTable>((db, p) =>
  db.selectFrom('files').selectAll().where('message', '=', p.message),
)

export const countUnsent = query<{ owner: string }>()((db, p) =>
  db
    .selectFrom('files')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', '=', p.owner)
    .where('message', 'is', null)
    .where('keeper', 'is', null),
)

/** Has somebody keep a file that no message carries. */
export const keepFile = query<{ id: Uint8Array; keeper: string }>()((db, p) =>
  db
    .updateTable('files')
    .set({ keeper: p.keeper })
    .where('id', '=', p.id)
    .where('message', 'is', null),
)

/** Nobody keeps any more what somebody has kept; from now on it may be forgotten. */
export const releaseFiles = query<{ keeper: string; at: number }>()((db, p) =>
  db.updateTable('files').set({ keeper: null, touched_at: p.at }).where('keeper', '=', p.keeper),
)

/** Has another keeper keep what one has kept. */
export const passKept = query<{ from: string; to: string }>()((db, p) =>
  db.updateTable('files').set({ keeper: p.to }).where('keeper', '=', p.from),
)

/** Files that no message carries, nobody keeps and nothing has come of since a time. */
export const forgottenFiles = query<{ before: number; limit: number }>()<{ id: Uint8Array }>(
  (db, p) =>
    db
      .selectFrom('files')
      .select('id')
      .where('message', 'is', null)
      .where('keeper', 'is', null)
      .where('touched_at', '<', p.before)
      .limit(p.limit),
)

/** Hands the unsent files of a visitor to the contact they turned out to be. */
export const rehomeFiles = query<{ from: string; to: string }>()((db, p) =>
  db
    .updateTable('files')
    .set({ owner: p.to })
    .where('owner', '=', p.from)
    .where('message', 'is', null),
)

export const blobByHash = query<BlobKey>()<BlobTable>((db, p) =>
  db
    .selectFrom('file_blobs')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('hash', '=', p.hash),
)

/** One blob, for changing who refers to it. */
export const blobForChange = query<BlobKey>()<BlobTable>((db, p, dialect) =>
  lockForUpdate(
    db
      .selectFrom('file_blobs')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('hash', '=', p.hash),
    dialect,
  ),
)

export const insertBlob = query<BlobTable>()((db, p) =>
  db.insertInto('file_blobs').values({
    workspace: p.workspace,
    hash: p.hash,
    file: p.file,
    bytes: p.bytes,
    type: p.type,
    width: p.width,
    height: p.height,
    small: p.small,
  }),
)

export const deleteBlob = query<BlobKey>()((db, p) =>
  db.deleteFrom('file_blobs').where('workspace', '=', p.workspace).where('hash', '=', p.hash),
)

/** One file that still refers to a blob, if any does. */
export const anyFileOfBlob = query<BlobKey>()<{ id: Uint8Array }>((db, p) =>
  db
    .selectFrom('files')
    .select('id')
    .where('workspace', '=', p.workspace)
    .where('hash', '=', p.hash)
    .limit(1),
)

export const usageOf = query<{ workspace: Uint8Array }>()<{ bytes: number }>((db, p, dialect) =>
  lockForUpdate(
    db.selectFrom('file_usage').select('bytes').where('workspace', '=', p.workspace),
    dialect,
  ),
)

/** Adds to what a workspace holds; a negative number takes away. */
export const addUsage = query<{ workspace: Uint8Array; bytes: number }>()((db, p) =>
  db
    .insertInto('file_usage')
    .values({ workspace: p.workspace, bytes: p.bytes })
    .onConflict((conflict) =>
      conflict
        .column('workspace')
        .doUpdateSet({ bytes: sql<number>`file_usage.bytes + excluded.bytes` }),
    ),
)

export const addTrash = query<{ file: Uint8Array }>()((db, p) =>
  db
    .insertInto('file_trash')
    .values({ file: p.file })
    .onConflict((conflict) => conflict.column('file').doNothing()),
)

export const someTrash = query<{ limit: number }>()<{ file: Uint8Array }>((db, p) =>
  db.selectFrom('file_trash').select('file').limit(p.limit),
)

export const deleteTrash = query<{ file: Uint8Array }>()((db, p) =>
  db.deleteFrom('file_trash').where('file', '=', p.file),
)
