import { bytesOf, idText, type AppId, type MemberId, type WorkspaceId } from '@fermata/base/ids'
import type { RoleName, Scope } from '@fermata/contract/actors'
import type {
  AppView,
  InvitationView,
  MemberView,
  RoleView,
  WorkspaceView,
} from '@fermata/contract/accounts.schema'
import type { ReadTx } from '@fermata/storage/port'
import { present } from '@fermata/base/assert'
import { appRows, memberRows, workspaceById } from './store.sql.ts'
import { storedPermissions } from './role.ts'
import { tokensOfApps } from './store.tokens.sql.ts'
import type { AppTable, AppTokenTable, InvitationTable, MemberTable, RoleTable } from './tables.ts'

/** A member as others see them. */
export function memberView(row: MemberTable): MemberView {
  return {
    id: idText('mbr', row.id),
    name: row.name,
    email: row.email,
    role: row.role as RoleName,
    deactivatedAt: row.deactivated_at,
  }
}

/** What an app's token may do, as it is stored. */
export function scopesOf(row: Pick<AppTable, 'scopes'>): Scope[] {
  return JSON.parse(row.scopes) as Scope[]
}

/** An app as members see it, with those of these tokens that are its own. */
export function appView(row: AppTable, tokens: readonly AppTokenTable[]): AppView {
  return {
    id: idText('app', row.id),
    name: row.name,
    scopes: scopesOf(row),
    createdAt: row.created_at,
    tokens: tokens
      .filter(({ app }) => Buffer.compare(app, row.id) === 0)
      .map((token) => ({
        id: idText('tok', token.id),
        createdAt: token.created_at,
        expiresAt: token.expires_at,
      })),
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
  const rows = await appRows(tx, bytesOf(workspace), ids.map(bytesOf))
  return withTokens(tx, bytesOf(workspace), rows)
}

/** Apps of a workspace with their tokens. */
export async function withTokens(
  tx: ReadTx,
  workspace: Uint8Array,
  rows: readonly AppTable[],
): Promise<AppView[]> {
  const tokens = await tokensOfApps(
    tx,
    workspace,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => appView(row, tokens))
}

/** A role of the workspace's own. */
export function roleView(row: Pick<RoleTable, 'id' | 'name' | 'permissions'>): RoleView {
  const permissions = [...storedPermissions(row)]
  return { id: idText('rol', row.id), name: row.name, permissions }
}

/** An invitation as those see it who manage members. */
export function invitationView(row: InvitationTable): InvitationView {
  return {
    id: idText('inv', row.id),
    email: row.email,
    role: row.role as InvitationView['role'],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}

/** A workspace, which is there because somebody of it asks. */
export async function workspaceView(tx: ReadTx, id: WorkspaceId): Promise<WorkspaceView> {
  const row = await tx.get(workspaceById, { workspace: bytesOf(id) })
  return { id, name: present(row, 'the workspace of a caller').name }
}
