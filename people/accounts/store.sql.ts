import { queriesOver } from '@fermata/storage/query'
import { idList, inIdList } from '@fermata/storage/lists'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import type { AccountsTables, AppTable, MemberTable } from './tables.ts'

const query = queriesOver<AccountsTables>()

/** The workspace that was made first; ids grow with time. */
export const anyWorkspace = query()((db) =>
  db.selectFrom('workspaces').select('id').orderBy('id').limit(1),
)

export const countWorkspaces = query()((db) =>
  db.selectFrom('workspaces').select((eb) => eb.fn.countAll<number>().as('count')),
)

export const insertWorkspace = query<{ id: Uint8Array; name: string; at: number }>()((db, p) =>
  db.insertInto('workspaces').values({ id: p.id, name: p.name, created_at: p.at, locks: 0 }),
)

export const workspaceById = query<{ workspace: Uint8Array }>()((db, p) =>
  db.selectFrom('workspaces').select(['id', 'name']).where('id', '=', p.workspace),
)

const takeLock = query<{ workspace: Uint8Array }>()((db, p) =>
  db
    .updateTable('workspaces')
    .set((eb) => ({ locks: eb('locks', '+', 1) }))
    .where('id', '=', p.workspace),
)

/**
 * Lets no other action that asks for the same run beside this one until it has committed. For rare
 * changes that look before they write: the last owner, a count against its limit.
 */
export async function lockWorkspace(tx: WriteTx, workspace: Uint8Array): Promise<void> {
  await tx.run(takeLock, { workspace })
}

export const insertMember = query<Omit<MemberTable, 'deactivated_at' | 'deactivated_by'>>()(
  (db, p) =>
    db.insertInto('members').values({
      workspace: p.workspace,
      id: p.id,
      name: p.name,
      email: p.email,
      email_key: p.email_key,
      role: p.role,
      created_at: p.created_at,
      deactivated_at: null,
      deactivated_by: null,
    }),
)

export const memberById = query<{ workspace: Uint8Array; id: Uint8Array }>()((db, p) =>
  db.selectFrom('members').selectAll().where('workspace', '=', p.workspace).where('id', '=', p.id),
)

export const membersOfWorkspace = query<{ workspace: Uint8Array; limit: number }>()((db, p) =>
  db
    .selectFrom('members')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .orderBy('id')
    .limit(p.limit),
)

const membersByIds = query<{ workspace: Uint8Array; ids: string }>()((db, p, dialect) =>
  db
    .selectFrom('members')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where(inIdList('id', p.ids, dialect)),
)

/** The rows of the members with these ids, in no order. */
export function memberRows(
  tx: ReadTx,
  workspace: Uint8Array,
  ids: readonly Uint8Array[],
): Promise<MemberTable[]> {
  return tx.all(membersByIds, { workspace, ids: idList(ids) })
}

/** Those who can sign in with an address, oldest first. */
export const membersByEmail = query<{ email_key: string; limit: number }>()((db, p) =>
  db
    .selectFrom('members')
    .select(['workspace', 'id'])
    .where('email_key', '=', p.email_key)
    .where('deactivated_at', 'is', null)
    .orderBy('id')
    .limit(p.limit),
)

export const memberWithEmail = query<{ workspace: Uint8Array; email_key: string }>()((db, p) =>
  db
    .selectFrom('members')
    .select('id')
    .where('email_key', '=', p.email_key)
    .where('workspace', '=', p.workspace),
)

export const countMembers = query<{ workspace: Uint8Array }>()((db, p) =>
  db
    .selectFrom('members')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace', '=', p.workspace),
)

/** How many owners can act. */
export const countOwners = query<{ workspace: Uint8Array }>()((db, p) =>
  db
    .selectFrom('members')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace', '=', p.workspace)
    .where('role', '=', 'owner')
    .where('deactivated_at', 'is', null),
)

export const updateMember = query<
  Pick<MemberTable, 'workspace' | 'id' | 'name' | 'role' | 'deactivated_at' | 'deactivated_by'>
>()((db, p) =>
  db
    .updateTable('members')
    .set({
      name: p.name,
      role: p.role,
      deactivated_at: p.deactivated_at,
      deactivated_by: p.deactivated_by,
    })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const insertApp = query<Omit<AppTable, 'removed_at' | 'removed_by'>>()((db, p) =>
  db.insertInto('apps').values({
    workspace: p.workspace,
    id: p.id,
    name: p.name,
    scopes: p.scopes,
    created_at: p.created_at,
    created_by: p.created_by,
    removed_at: null,
    removed_by: null,
  }),
)

export const appsOfWorkspace = query<{ workspace: Uint8Array; limit: number }>()((db, p) =>
  db
    .selectFrom('apps')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .limit(p.limit),
)

const appsByIds = query<{ workspace: Uint8Array; ids: string }>()((db, p, dialect) =>
  db
    .selectFrom('apps')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('removed_at', 'is', null)
    .where(inIdList('id', p.ids, dialect)),
)

/** The rows of the apps with these ids that were not removed, in no order. */
export function appRows(
  tx: ReadTx,
  workspace: Uint8Array,
  ids: readonly Uint8Array[],
): Promise<AppTable[]> {
  return tx.all(appsByIds, { workspace, ids: idList(ids) })
}

export const countApps = query<{ workspace: Uint8Array }>()((db, p) =>
  db
    .selectFrom('apps')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace', '=', p.workspace)
    .where('removed_at', 'is', null),
)

export const removeApp = query<{
  workspace: Uint8Array
  id: Uint8Array
  at: number
  by: string
}>()((db, p) =>
  db
    .updateTable('apps')
    .set({ removed_at: p.at, removed_by: p.by })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id)
    .where('removed_at', 'is', null),
)

export const appById = query<{ workspace: Uint8Array; id: Uint8Array }>()((db, p) =>
  db.selectFrom('apps').selectAll().where('workspace', '=', p.workspace).where('id', '=', p.id),
)

export const updateApp = query<Pick<AppTable, 'workspace' | 'id' | 'name' | 'scopes'>>()((db, p) =>
  db
    .updateTable('apps')
    .set({ name: p.name, scopes: p.scopes })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)
