import { bytesOf, idText, type AppId, type MemberId, type WorkspaceId } from '@fermata/base/ids'
import type { Role, Scope } from '@fermata/contract/actors'
import type { AppView, MemberView, WorkspaceView } from '@fermata/contract/accounts.schema'
import type { ReadTx } from '@fermata/storage/port'
import { present } from '@fermata/base/assert'
import { appRows, memberRows, workspaceById } from './store.sql.ts'
import type { AppTable, MemberTable } from './tables.ts'

/** A member as others see them. */
export function memberView(row: MemberTable): MemberView {
  return {
    id: idText('mbr', row.id),
    name: row.name,
    email: row.email,
    role: row.role as Role,
    deactivatedAt: row.deactivated_at,
  }
}

/** What an app's token may do, as it is stored. */
export function scopesOf(row: Pick<AppTable, 'scopes'>): Scope[] {
  return JSON.parse(row.scopes) as Scope[]
}

/** An app as members see it. */
export function appView(row: AppTable): AppView {
  return {
    id: idText('app', row.id),
    name: row.name,
    scopes: scopesOf(row),
    createdAt: row.created_at,
  }
}

/** What members are now, in no order; those of other workspaces are left out. */
export async function memberViews(
  tx: ReadTx,
  workspace: WorkspaceId,
  ids: readonly MemberId[],
): Promise<MemberView[]> {
  if (ids.length === 0) return []
  return (await memberRows(tx, bytesOf(workspace), ids.map(bytesOf))).map(memberView)
}

/** What apps are now, in no order; removed ones and those of other workspaces are left out. */
export async function appViews(
  tx: ReadTx,
  workspace: WorkspaceId,
  ids: readonly AppId[],
): Promise<AppView[]> {
  if (ids.length === 0) return []
  return (await appRows(tx, bytesOf(workspace), ids.map(bytesOf))).map(appView)
}

/** A workspace, which is there because somebody of it asks. */
export async function workspaceView(tx: ReadTx, id: WorkspaceId): Promise<WorkspaceView> {
  const row = await tx.get(workspaceById, { workspace: bytesOf(id) })
  return { id, name: present(row, 'the workspace of a caller').name }
}
