import { bytesOf, type AppId, type MemberId, type WorkspaceId } from '@fermata/base/ids'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import type { ReadTx } from '@fermata/storage/port'
import { permissionsOf } from './role.ts'
import { appViews, memberViews } from './views.ts'

/** Somebody who could act now: what decides what they may see and do. */
export type Standing = Omit<MemberActor, 'session'> | AppActor

/** A member who is not deactivated, or an app that is not removed; undefined for everybody else. */
export async function standingOf(
  tx: ReadTx,
  workspace: WorkspaceId,
  id: MemberId | AppId,
): Promise<Standing | undefined> {
  if (id.startsWith('app_')) {
    const [app] = await appViews(tx, workspace, [id as AppId])
    if (app === undefined) return undefined
    return { kind: 'app', workspace, id: app.id, name: app.name, scopes: app.scopes }
  }
  const [member] = await memberViews(tx, workspace, [id as MemberId])
  if (member === undefined || member.deactivatedAt !== null) return undefined
  const { name, role } = member
  const permissions = await permissionsOf(tx, bytesOf(workspace), role)
  return { kind: 'member', workspace, id: member.id, name, role, permissions }
}
