import { bytesOf, type MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberView } from '@fermata/contract/accounts.schema'
import type { MemberActor, RoleName } from '@fermata/contract/actors'
import type { AuditAction } from '@fermata/contract/audit'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { changesBetween, record, type By } from '../audit/index.ts'
import { emit } from '../event.ts'
import { accessMember, accessMemberToManage } from './access.ts'
import { endSessions, unlessBusy } from './actions.sessions.ts'
import type { AccountsDeps } from './deps.ts'
import { makeMember } from './make-member.ts'
import { decideMember, emailKey } from './member.ts'
import type { Passwords } from './password.ts'
import { mayGiveRole, roleTitle } from './role.ts'
import {
  countMembers,
  countOwners,
  lockWorkspace,
  memberWithEmail,
  updateMember,
} from './store.sql.ts'
import type { MemberTable } from './tables.ts'
import { memberView } from './views.ts'

/** A member whom somebody adds, with a first password. */
export interface MemberInput {
  readonly name: string
  readonly email: string
  readonly role: RoleName
  readonly password: string
}

/** Why a workspace takes no further member with this address, or null. The workspace must be locked. */
export async function refuseMember(
  tx: ReadTx,
  workspace: Uint8Array,
  email: string,
): Promise<Refusal | null> {
  const key = { workspace, email_key: emailKey(email) }
  if ((await tx.get(memberWithEmail, key)) !== undefined) {
    return refusal('already_exists', { field: 'body.email' })
  }
  const limit = limits.membersPerWorkspaceMax
  const { count } = (await tx.get(countMembers, { workspace }))!
  return count < limit ? null : refusal('limit_reached', { field: 'membersPerWorkspaceMax', limit })
}

/** Adds a member, who can sign in at once. */
export async function addMember(
  deps: AccountsDeps & { readonly passwords: Passwords },
  by: By,
  input: MemberInput,
): Promise<Result<MemberView, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  const id = deps.ids.next('mbr')
  return unlessBusy(async () => {
    const passwordHash = await deps.passwords.hash(input.password)
    return deps.storage.write(async (tx): Promise<Result<MemberView, Refusal>> => {
      await lockWorkspace(tx, workspace)
      const given = await mayGiveRole(tx, by.caller, input.role, 'body.role')
      if (!given.ok) return given
      const refusing = await refuseMember(tx, workspace, input.email)
      if (refusing !== null) return refused(refusing)
      const at = deps.clock.now()
      const { name, role, email } = input
      const made = { workspace, id, name, email, role, passwordHash, at, actor: by.caller.id }
      const view = memberView(await makeMember(tx, made))
      await record(tx, deps.ids, by, {
        workspace: by.caller.workspace,
        at,
        action: 'member.added',
        target: id,
        targetName: name,
        changes: changesBetween({}, { role: await roleTitle(tx, workspace, role) }),
      })
      return ok(view)
    })
  })
}

/** What may be changed of a member. */
export interface MemberChange {
  readonly name?: string
  readonly role?: RoleName
  /** Whether the member may sign in and act. */
  readonly active?: boolean
}

/** Changes one's own name. */
export async function changeMe(
  deps: AccountsDeps,
  by: By,
  change: Pick<MemberChange, 'name'>,
): Promise<Result<MemberView, Refusal>> {
  return deps.storage.write(async (tx): Promise<Result<MemberView, Refusal>> => {
    const found = await accessMember(tx, by.caller, by.caller.id)
    return found.ok ? ok(await save(tx, deps, by, found.value, change)) : found
  })
}

/**
 * Changes a member, whose role before and after must allow no more than one's own. A change of role or a
 * deactivation holds from the commit on.
 */
export async function changeMember(
  deps: AccountsDeps,
  by: By,
  id: MemberId,
  change: MemberChange,
): Promise<Result<MemberView, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<MemberView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const found = await accessMemberToManage(tx, by.caller, id)
    if (!found.ok) return found
    if (change.role !== undefined) {
      const given = await mayGiveRole(tx, by.caller, change.role, 'body.role')
      if (!given.ok) return given
    }
    const owners = (await tx.get(countOwners, { workspace }))!.count
    const after = changed(found.value, change, { at: deps.clock.now(), by: by.caller.id })
    const decided = decideMember(stateOf(found.value), stateOf(after), owners)
    return decided.ok ? ok(await save(tx, deps, by, found.value, change)) : decided
  })
}

/** Writes a change that was decided, tells of it, and ends what it ends. */
async function save(
  tx: WriteTx,
  deps: AccountsDeps,
  by: By,
  before: MemberTable,
  change: MemberChange,
): Promise<MemberView> {
  const at = deps.clock.now()
  const after = changed(before, change, { at, by: by.caller.id })
  const view = memberView(after)
  if (sameMember(before, after)) return view
  await tx.run(updateMember, after)
  const event = { workspace: before.workspace, at, actor: by.caller.id }
  // Also of one who comes back: a sign-in under way may have left a session behind the deactivation.
  if (after.deactivated_at !== before.deactivated_at) {
    await endSessions(tx, after, at, null)
    const { workspace } = by.caller
    if (view.deactivatedAt !== null) {
      await deps.onDeactivated(tx, { workspace, member: view.id, at, by: by.caller.id })
    }
  }
  emit(tx, { ...event, type: 'member.changed', body: { member: view.id } })
  // What a role allows decides which inboxes somebody sees.
  if (after.role !== before.role) {
    emit(tx, { ...event, type: 'access.changed', body: { directory: true }, only: view.id })
  }
  await recordChange(tx, deps, by, { before, after, at })
  return view
}

async function recordChange(
  tx: WriteTx,
  deps: AccountsDeps,
  by: By,
  { before, after, at }: { before: MemberTable; after: MemberTable; at: number },
): Promise<void> {
  const done = (action: AuditAction, changes: ReturnType<typeof changesBetween>): Promise<void> =>
    record(tx, deps.ids, by, {
      workspace: by.caller.workspace,
      at,
      action,
      target: memberView(after).id,
      targetName: before.name,
      changes,
    })
  const words = async (row: MemberTable) => ({
    name: row.name,
    role: await roleTitle(tx, row.workspace, row.role),
  })
  const changes = changesBetween(await words(before), await words(after))
  if (changes.length > 0) await done('member.changed', changes)
  if (before.deactivated_at === after.deactivated_at) return
  await done(after.deactivated_at === null ? 'member.reactivated' : 'member.deactivated', [])
}

/** The row as it will be. */
function changed(
  before: MemberTable,
  change: MemberChange,
  act: { readonly at: number; readonly by: MemberId },
): MemberTable {
  const wasActive = before.deactivated_at === null
  const active = change.active ?? wasActive
  const ended =
    active === wasActive
      ? { deactivated_at: before.deactivated_at, deactivated_by: before.deactivated_by }
      : { deactivated_at: active ? null : act.at, deactivated_by: active ? null : act.by }
  return { ...before, name: change.name ?? before.name, role: change.role ?? before.role, ...ended }
}

function sameMember(a: MemberTable, b: MemberTable): boolean {
  return a.name === b.name && a.role === b.role && a.deactivated_at === b.deactivated_at
}

function stateOf(row: MemberTable): { role: MemberActor['role']; deactivatedAt: number | null } {
  return { role: row.role as MemberActor['role'], deactivatedAt: row.deactivated_at }
}
