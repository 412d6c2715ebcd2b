import { queriesOver } from '@fermata/storage/query'
import type { AccountsTables, RoleTable } from './tables.ts'

const query = queriesOver<AccountsTables>()

interface RoleKey {
  workspace: Uint8Array
  id: Uint8Array
}

export const insertRole = query<Omit<RoleTable, 'removed_at' | 'removed_by'>>()((db, p) =>
  db.insertInto('roles').values({
    workspace: p.workspace,
    id: p.id,
    name: p.name,
    permissions: p.permissions,
    created_at: p.created_at,
    created_by: p.created_by,
    removed_at: null,
    removed_by: null,
  }),
)

/** A role, also one that was removed. */
export const roleById = query<RoleKey>()((db, p) =>
  db.selectFrom('roles').selectAll().where('workspace', '=', p.workspace).where('id', '=', p.id),
)

export const rolesOfWorkspace = query<{ workspace: Uint8Array; limit: number }>()((db, p) =>
  db
    .selectFrom('roles')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .limit(p.limit),
)

export const updateRole = query<RoleKey & { name: string; permissions: string }>()((db, p) =>
  db
    .updateTable('roles')
    .set({ name: p.name, permissions: p.permissions })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const removeRole = query<RoleKey & { at: number; by: string }>()((db, p) =>
  db
    .updateTable('roles')
    .set({ removed_at: p.at, removed_by: p.by })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

/** Somebody who has a role, deactivated or not. */
export const memberWithRole = query<{ workspace: Uint8Array; role: string }>()((db, p) =>
  db
    .selectFrom('members')
    .select('id')
    .where('workspace', '=', p.workspace)
    .where('role', '=', p.role)
    .limit(1),
)

/** An invitation to a role that may still be accepted. */
export const invitationWithRole = query<{ workspace: Uint8Array; role: string; now: number }>()(
  (db, p) =>
    db
      .selectFrom('invitations')
      .select('id')
      .where('workspace', '=', p.workspace)
      .where('role', '=', p.role)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', p.now)
      .limit(1),
)
