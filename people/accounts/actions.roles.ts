import { bytesOf, idText, type RoleId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { RoleView } from '@fermata/contract/accounts.schema'
import type { AuditAction } from '@fermata/contract/audit'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { mayGrant } from '@fermata/contract/may'
import { permissions, type Permission } from '@fermata/contract/permissions'
import type { EventType } from '@fermata/contract/events.schema'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { changesBetween, record, type By } from '../audit/index.ts'
import { emit } from '../event.ts'
import { accessRole } from './access.ts'
import type { AccountsDeps } from './deps.ts'
import { moreThanYours, storedPermissions } from './role.ts'
import {
  insertRole,
  invitationWithRole,
  memberWithRole,
  removeRole,
  rolesOfWorkspace,
  updateRole,
} from './store.roles.sql.ts'
import { lockWorkspace } from './store.sql.ts'
import type { RoleTable } from './tables.ts'
import { roleView } from './views.ts'

/** What a role of the workspace's own is made of. */
export interface RoleInput {
  readonly name: string
  readonly permissions: readonly Permission[]
}

/** In the order of the contract, so that equal roles are stored alike. */
function ordered(held: readonly Permission[]): string {
  return JSON.stringify(permissions.filter((one) => held.includes(one)))
}

/** Why the workspace's roles cannot have this one among them, or null. The workspace must be locked. */
async function refuseRole(
  tx: ReadTx,
  by: By,
  input: RoleInput,
  changing: Uint8Array | null,
): Promise<Refusal | null> {
  if (!mayGrant(by.caller, input.permissions)) return moreThanYours()
  const limit = limits.rolesPerWorkspaceMax
  const asked = { workspace: bytesOf(by.caller.workspace), limit: limit + 1 }
  const others = (await tx.all(rolesOfWorkspace, asked)).filter(
    ({ id }) => changing === null || Buffer.compare(id, changing) !== 0,
  )
  const key = input.name.toLowerCase()
  if (others.some(({ name }) => name.toLowerCase() === key)) {
    return refusal('already_exists', { field: 'body.name' })
  }
  if (changing !== null || others.length < limit) return null
  return refusal('limit_reached', { field: 'rolesPerWorkspaceMax', limit })
}

function told(
  tx: WriteTx,
  by: By,
  at: number,
  { type, role }: { type: EventType & `role.${string}`; role: RoleId },
): void {
  const workspace = bytesOf(by.caller.workspace)
  emit(tx, { workspace, at, actor: by.caller.id, type, body: { role } })
}

async function recorded(
  tx: WriteTx,
  deps: AccountsDeps,
  by: By,
  done: {
    at: number
    action: AuditAction & `role.${string}`
    before: RoleTable | null
    after: RoleTable | null
  },
): Promise<void> {
  const { at, action, before, after } = done
  const words = (row: RoleTable | null): object =>
    row === null ? {} : { name: row.name, permissions: storedPermissions(row).join(', ') }
  const row = (before ?? after)!
  await record(tx, deps.ids, by, {
    workspace: by.caller.workspace,
    at,
    action,
    target: idText('rol', row.id),
    targetName: row.name,
    changes: changesBetween({ ...words(before) }, { ...words(after) }),
  })
}

/** Makes a role, which may allow no more than one's own does. */
export async function addRole(
  deps: AccountsDeps,
  by: By,
  input: RoleInput,
): Promise<Result<RoleView, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  const id = deps.ids.next('rol')
  return deps.storage.write(async (tx): Promise<Result<RoleView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const refusing = await refuseRole(tx, by, input, null)
    if (refusing !== null) return refused(refusing)
    const at = deps.clock.now()
    const row = {
      ...{ workspace, id: bytesOf(id), name: input.name, permissions: ordered(input.permissions) },
      ...{ created_at: at, created_by: by.caller.id, removed_at: null, removed_by: null },
    }
    await tx.run(insertRole, row)
    told(tx, by, at, { type: 'role.added', role: id })
    await recorded(tx, deps, by, { at, action: 'role.added', before: null, after: row })
    return ok(roleView(row))
  })
}

/** Changes a role: it holds for everybody who has it from the commit on. */
export async function changeRole(
  deps: AccountsDeps,
  by: By,
  id: RoleId,
  change: Partial<RoleInput>,
): Promise<Result<RoleView, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<RoleView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const found = await accessRole(tx, by.caller, id)
    if (!found.ok) return found
    const before = found.value
    const held = storedPermissions(before)
    // Who may not make such a role may not weaken it either: others rely on it.
    if (!mayGrant(by.caller, held)) return refused(moreThanYours())
    const input = { name: change.name ?? before.name, permissions: change.permissions ?? held }
    const refusing = await refuseRole(tx, by, input, before.id)
    if (refusing !== null) return refused(refusing)
    const after = { ...before, name: input.name, permissions: ordered(input.permissions) }
    if (after.name === before.name && after.permissions === before.permissions) {
      return ok(roleView(before))
    }
    await tx.run(updateRole, after)
    const at = deps.clock.now()
    told(tx, by, at, { type: 'role.changed', role: id })
    // What a role allows decides which inboxes somebody sees.
    const event = { workspace, at, actor: by.caller.id, type: 'access.changed' as const }
    emit(tx, { ...event, body: { directory: true } })
    await recorded(tx, deps, by, { at, action: 'role.changed', before, after })
    return ok(roleView(after))
  })
}

/** Removes a role that nobody has and nobody is invited to. */
export async function endRole(
  deps: AccountsDeps,
  by: By,
  id: RoleId,
): Promise<Result<undefined, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<undefined, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const found = await accessRole(tx, by.caller, id)
    if (!found.ok) return found
    if (!mayGrant(by.caller, storedPermissions(found.value))) return refused(moreThanYours())
    const at = deps.clock.now()
    const holder = await tx.get(memberWithRole, { workspace, role: id })
    const invited = await tx.get(invitationWithRole, { workspace, role: id, now: at })
    if (holder !== undefined || invited !== undefined) {
      const message = 'Somebody has this role, or is invited to it. Give them another one first.'
      return refused(refusal('conflict', { message }))
    }
    await tx.run(removeRole, { workspace, id: bytesOf(id), at, by: by.caller.id })
    told(tx, by, at, { type: 'role.removed', role: id })
    await recorded(tx, deps, by, { at, action: 'role.removed', before: found.value, after: null })
    return ok(undefined)
  })
}
