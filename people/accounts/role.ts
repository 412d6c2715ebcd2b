import { bytesOf, type RoleId } from '@fermata/base/ids'
import { isRole, rolePermissions, type Permission } from '@fermata/contract/permissions'
import type { ReadTx } from '@fermata/storage/port'
import { roleById } from './store.roles.sql.ts'
import type { RoleTable } from './tables.ts'

/** What a role of the workspace's own allows, as it is stored. */
export function storedPermissions(row: Pick<RoleTable, 'permissions'>): readonly Permission[] {
  return JSON.parse(row.permissions) as Permission[]
}

/** What a member's role allows now: nothing when it is one that is not there. */
export async function permissionsOf(
  tx: ReadTx,
  workspace: Uint8Array,
  role: string,
): Promise<readonly Permission[]> {
  if (isRole(role)) return rolePermissions[role]
  const row = await tx.get(roleById, { workspace, id: bytesOf(role as RoleId) })
  return row === undefined || row.removed_at !== null ? [] : storedPermissions(row)
}
