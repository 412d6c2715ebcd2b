import { bytesOf, type MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberView } from '@fermata/contract/accounts.schema'
import type { MemberActor, Role } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { WriteTx } from '@fermata/storage/port'
import { emit } from '../event.ts'
import { accessMember } from './access.ts'
import { endSessions, unlessBusy } from './actions.sessions.ts'
import type { AccountsDeps } from './deps.ts'
import { decideMember, emailKey } from './member.ts'
import type { Passwords } from './password.ts'
import { authAddress } from './sign-in.ts'
import {
  countMembers,
  countOwners,
  insertMember,
  lockWorkspace,
  memberWithEmail,
  updateMember,
} from './store.sql.ts'
import { insertAuthAccount, insertAuthUser } from './store.sign-in.sql.ts'
import type { MemberTable } from './tables.ts'
import { libraryDate } from './time.ts'
import { memberView } from './views.ts'

/** A member to be made; the password is hashed already. */
export interface NewMember {
  readonly workspace: Uint8Array
  readonly id: MemberId
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly passwordHash: string
  readonly at: number
  readonly actor: MemberId
}

/** Writes a member together with what the identity library keeps of them. */
export async function makeMember(tx: WriteTx, member: NewMember): Promise<MemberTable> {
  const { workspace, id, name, email, role, at } = member
  const date = libraryDate(at)
  await tx.run(insertAuthUser, { id, name, email: authAddress(id), at: date })
  await tx.run(insertAuthAccount, { id, password: member.passwordHash, at: date })
  const row = {
    workspace,
    id: bytesOf(id),
    name,
    email,
    email_key: emailKey(email),
    role,
    created_at: at,
  }
  await tx.run(insertMember, row)
  emit(tx, { workspace, at, actor: member.actor, type: 'member.added', body: { member: id } })
  return { ...row, deactivated_at: null, deactivated_by: null }
}

/** A member whom an owner adds, with a first password. */
export interface MemberInput {
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly password: string
}

/** Adds a member, who can sign in at once. */
export async function addMember(
  deps: AccountsDeps & { readonly passwords: Passwords },
  caller: MemberActor,
  input: MemberInput,
): Promise<Result<MemberView, Refusal>> {
  const workspace = bytesOf(caller.workspace)
  const id = deps.ids.next('mbr')
  return unlessBusy(async () => {
    const passwordHash = await deps.passwords.hash(input.password)
    return deps.storage.write(async (tx): Promise<Result<MemberView, Refusal>> => {
      await lockWorkspace(tx, workspace)
      const email = emailKey(input.email)
      if ((await tx.get(memberWithEmail, { workspace, email_key: email })) !== undefined) {
        return refused(refusal('already_exists', { field: 'body.email' }))
      }
      const limit = limits.membersPerWorkspaceMax
      if ((await tx.get(countMembers, { workspace }))!.count >= limit) {
        return refused(refusal('limit_reached', { field: 'membersPerWorkspaceMax', limit }))
      }
      const at = deps.clock.now()
      const { name, role } = input
      const made = { workspace, id, name, email: input.email, role, passwordHash, at }
      return ok(memberView(await makeMember(tx, { ...made, actor: caller.id })))
    })
  })
}

/** What an owner, or a member of themselves, may change. */
export interface MemberChange {
  readonly name?: string
  readonly role?: Role
  /** Whether the member may sign in and act. */
  readonly active?: boolean
}

/** Changes a member. A change of role or a deactivation holds from the commit on. */
export async function changeMember(
  deps: AccountsDeps,
  caller: MemberActor,
  id: MemberId,
  change: MemberChange,
): Promise<Result<MemberView, Refusal>> {
  const workspace = bytesOf(caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<MemberView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const found = await accessMember(tx, caller, id)
    if (!found.ok) return found
    const before = found.value
    const at = deps.clock.now()
    const after = changed(before, change, { at, by: caller.id })
    if (after === null) return ok(memberView(before))
    const owners = (await tx.get(countOwners, { workspace }))!.count
    const decided = decideMember(stateOf(before), stateOf(after), owners)
    if (!decided.ok) return decided
    await tx.run(updateMember, after)
    // Also of one who comes back: a sign-in under way may have left a session behind the deactivation.
    if (after.deactivated_at !== before.deactivated_at) await endSessions(tx, after, at, null)
    const event = { workspace, at, actor: caller.id }
    emit(tx, { ...event, type: 'member.changed', body: { member: id } })
    // Owners see every inbox, agents those of their teams.
    if (after.role !== before.role)
      emit(tx, { ...event, type: 'access.changed', body: {}, only: id })
    return ok(memberView(after))
  })
}

/** The row as it will be, or null when nothing changes. */
function changed(
  before: MemberTable,
  change: MemberChange,
  act: { readonly at: number; readonly by: MemberId },
): MemberTable | null {
  const wasActive = before.deactivated_at === null
  const active = change.active ?? wasActive
  const name = change.name ?? before.name
  const role = change.role ?? before.role
  if (name === before.name && role === before.role && active === wasActive) return null
  const ended =
    active === wasActive
      ? { deactivated_at: before.deactivated_at, deactivated_by: before.deactivated_by }
      : { deactivated_at: active ? null : act.at, deactivated_by: active ? null : act.by }
  return { ...before, name, role, ...ended }
}

function stateOf(row: MemberTable): { role: Role; deactivatedAt: number | null } {
  return { role: row.role as Role, deactivatedAt: row.deactivated_at }
}
