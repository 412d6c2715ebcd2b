import {
  bytesOf,
  type AppId,
  type MemberId,
  type RoleId,
  type WorkspaceId,
} from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { mayGrant } from '@fermata/contract/may'
import type { ReadTx } from '@fermata/storage/port'
import { moreThanYours, permissionsOf } from './role.ts'
import { roleById } from './store.roles.sql.ts'
import { appById, memberById } from './store.sql.ts'
import type { AppTable, MemberTable, RoleTable } from './tables.ts'

/** The only way to get a member: by somebody of the same workspace. */
export async function accessMember(
  tx: ReadTx,
  caller: { readonly workspace: WorkspaceId },
  id: MemberId,
): Promise<Result<MemberTable, Refusal>> {
  const row = await tx.get(memberById, { workspace: bytesOf(caller.workspace), id: bytesOf(id) })
  return row === undefined ? refused(refusal('not_found')) : ok(row)
}

/**
 * The way to a member whom somebody wants to change, lock out or let in again: their role may allow no more
 * than the caller's, or whoever manages members could become an owner by way of one.
 */
export async function accessMemberToManage(
  tx: ReadTx,
  caller: MemberActor,
  id: MemberId,
): Promise<Result<MemberTable, Refusal>> {
  const found = await accessMember(tx, caller, id)
  if (!found.ok) return found
  const { workspace, role } = found.value
  const held = await permissionsOf(tx, workspace, role)
  return mayGrant(caller, held) ? found : refused(moreThanYours())
}

/** The only way to get a role of the workspace's own. */
export async function accessRole(
  tx: ReadTx,
  caller: { readonly workspace: WorkspaceId },
  id: RoleId,
): Promise<Result<RoleTable, Refusal>> {
  const row = await tx.get(roleById, { workspace: bytesOf(caller.workspace), id: bytesOf(id) })
  return row === undefined || row.removed_at !== null ? refused(refusal('not_found')) : ok(row)
}

/** The only way to get an app that was not removed. */
export async function accessApp(
  tx: ReadTx,
  caller: { readonly workspace: WorkspaceId },
  id: AppId,
): Promise<Result<AppTable, Refusal>> {
  const row = await tx.get(appById, { workspace: bytesOf(caller.workspace), id: bytesOf(id) })
  return row === undefined || row.removed_at !== null ? refused(refusal('not_found')) : ok(row)
}
