import { bytesOf, idBytes, type RoleId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller, RoleName } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { mayGrant } from '@fermata/contract/may'
import { isRole, rolePermissions, type Permission } from '@fermata/contract/permissions'
import type { ReadTx } from '@fermata/storage/port'
import { roleById } from './store.roles.sql.ts'
import type { RoleTable } from './tables.ts'

/** What a role of the workspace's own allows, as it is stored. */
export function storedPermissions(row: Pick<RoleTable, 'permissions'>): readonly Permission[] {
  return JSON.parse(row.permissions) as Permission[]
}

async function rowOf(
  tx: ReadTx,
  workspace: Uint8Array,
  role: string,
): Promise<RoleTable | undefined> {
  const id = idBytes(role)
  return id === undefined ? undefined : tx.get(roleById, { workspace, id })
}

/** What a member's role allows now: nothing when it is one that is not there. */
export async function permissionsOf(
  tx: ReadTx,
  workspace: Uint8Array,
  role: string,
): Promise<readonly Permission[]> {
  if (isRole(role)) return rolePermissions[role]
  const row = await rowOf(tx, workspace, role)
  return row === undefined || row.removed_at !== null ? [] : storedPermissions(row)
}

/** What people call a role: one that every workspace has by its word, another by its name. */
export async function roleTitle(tx: ReadTx, workspace: Uint8Array, role: string): Promise<string> {
  if (isRole(role)) return role
  return (await rowOf(tx, workspace, role))?.name ?? ''
}

/** The refusal of what would let somebody get further than they do by themselves. */
export function moreThanYours(): Refusal {
  return refusal('not_allowed', { message: 'This role allows more than yours does.' })
}

/**
 * Whether somebody may give a role: it is there, and allows nothing that theirs does not. `field` is where
 * it was named. Refuses with `invalid_field` or `not_allowed`.
 */
export async function mayGiveRole(
  tx: ReadTx,
  caller: Caller,
  role: RoleName,
  field: string,
): Promise<Result<undefined, Refusal>> {
  const workspace = bytesOf(caller.workspace)
  if (!isRole(role)) {
    const row = await tx.get(roleById, { workspace, id: bytesOf(role satisfies RoleId) })
    if (row === undefined || row.removed_at !== null) {
      return refused(refusal('invalid_field', { field, message: 'There is no such role.' }))
    }
  }
  const held = await permissionsOf(tx, workspace, role)
  return mayGrant(caller, held) ? ok(undefined) : refused(moreThanYours())
}
