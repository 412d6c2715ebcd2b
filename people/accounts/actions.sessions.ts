import { present } from '@fermata/base/assert'
import { bytesOf, idText, type MemberId, type SessionId, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { WriteTx } from '@fermata/storage/port'
import { record, type By } from '../audit/index.ts'
import { emit } from '../event.ts'
import type { AccountsDeps } from './deps.ts'
import { PasswordsBusy, type Passwords } from './password.ts'
import { permissionsOf } from './role.ts'
import {
  deleteExpiredSessions,
  deleteSession,
  insertSession,
  replacePassword,
  sessionsOfMember,
  storedPassword,
} from './store.sign-in.sql.ts'
import { libraryDate } from './time.ts'
import { newToken, tokenHash } from './token.ts'

/** A session that has begun: who, and the cookie's value, which is kept nowhere. */
export interface Started {
  readonly caller: MemberActor
  readonly cookie: string
}

interface Member {
  readonly workspace: Uint8Array
  readonly id: Uint8Array
  readonly name: string
  readonly role: string
}

/** Begins a session; ends the oldest when a member has more than they may. */
export async function startSession(
  tx: WriteTx,
  deps: AccountsDeps,
  member: Member,
  agent: string,
): Promise<Started> {
  const now = deps.clock.now()
  const owner = { workspace: member.workspace, member: member.id }
  await tx.run(deleteExpiredSessions, { ...owner, now })
  const open = await tx.all(sessionsOfMember, { ...owner, now })
  const excess = open.slice(0, Math.max(0, open.length + 1 - limits.sessionsPerMemberMax))
  for (const { id } of excess) await endSession(tx, { ...owner, id, at: now })
  const session = deps.ids.next('ses')
  const cookie = newToken('fms_', deps.random)
  await tx.run(insertSession, {
    ...owner,
    id: bytesOf(session),
    token_sha256: tokenHash(cookie),
    agent: agent.slice(0, limits.agentCharsMax),
    created_at: now,
    expires_at: now + limits.sessionMsMax,
  })
  const caller: MemberActor = {
    kind: 'member',
    workspace: idText('wsp', member.workspace),
    id: idText('mbr', member.id),
    name: member.name,
    role: member.role as MemberActor['role'],
    permissions: await permissionsOf(tx, member.workspace, member.role),
    session,
  }
  return { caller, cookie }
}

/** Ends one session, and tells whoever listens through it; answers whether there was one. */
async function endSession(
  tx: WriteTx,
  session: { workspace: Uint8Array; member: Uint8Array; id: Uint8Array; at: number },
): Promise<boolean> {
  const { workspace, member, id, at } = session
  if ((await tx.run(deleteSession, { workspace, member, id })) === 0) return false
  const who = idText('mbr', member)
  emit(tx, {
    workspace,
    at,
    actor: who,
    type: 'session.ended',
    body: { session: idText('ses', id) },
    only: who,
  })
  return true
}

/** Ends all of a member's sessions but one. */
export async function endSessions(
  tx: WriteTx,
  member: { workspace: Uint8Array; id: Uint8Array },
  at: number,
  except: SessionId | null,
): Promise<void> {
  const owner = { workspace: member.workspace, member: member.id }
  // All of them: one that has just run out may still have a socket.
  for (const { id } of await tx.all(sessionsOfMember, { ...owner, now: 0 })) {
    if (idText('ses', id) !== except) await endSession(tx, { ...owner, id, at })
  }
}

/** The stored text of a member's password. */
export async function passwordOf(deps: AccountsDeps, user: MemberId): Promise<string> {
  const row = await deps.storage.read((tx) => tx.get(storedPassword, { user }))
  return present(row?.password, 'the password of a member')
}

/** Ends one of a member's own sessions. */
export async function endOwnSession(
  deps: AccountsDeps,
  by: By,
  session: SessionId,
): Promise<Result<undefined, Refusal>> {
  const { workspace, id, name } = by.caller
  return deps.storage.write(async (tx): Promise<Result<undefined, Refusal>> => {
    const at = deps.clock.now()
    const key = { workspace: bytesOf(workspace), member: bytesOf(id), id: bytesOf(session) }
    if (!(await endSession(tx, { ...key, at }))) return refused(refusal('not_found'))
    const done = { workspace, at, action: 'session.ended' } as const
    await record(tx, deps.ids, by, { ...done, target: id, targetName: name })
    return ok(undefined)
  })
}

/** Changes a member's password, who must know the present one, and ends their other sessions. */
export async function changePassword(
  deps: AccountsDeps & { readonly passwords: Passwords },
  by: By,
  input: { readonly current: string; readonly password: string },
): Promise<Result<undefined, Refusal>> {
  const { caller } = by
  const user = caller.id
  const former = await passwordOf(deps, user)
  return unlessBusy(async () => {
    const wrong = refused(refusal('wrong_credentials', { field: 'body.current' }))
    if (!(await deps.passwords.verify(former, input.current))) return wrong
    const password = await deps.passwords.hash(input.password)
    const now = deps.clock.now()
    return deps.storage.write(async (tx) => {
      const at = libraryDate(now)
      if ((await tx.run(replacePassword, { user, former, password, at })) === 0) return wrong
      await endSessions(tx, memberOf(caller), now, caller.session)
      const done = { workspace: caller.workspace, at: now, action: 'password.changed' } as const
      await record(tx, deps.ids, by, { ...done, target: user, targetName: caller.name })
      return ok(undefined)
    })
  })
}

function memberOf(caller: { readonly workspace: WorkspaceId; readonly id: MemberId }): {
  workspace: Uint8Array
  id: Uint8Array
} {
  return { workspace: bytesOf(caller.workspace), id: bytesOf(caller.id) }
}

/** Turns "too many passwords at once" into a refusal. */
export async function unlessBusy<T>(
  work: () => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PasswordsBusy) return refused(refusal('unavailable'))
    throw error
  }
}
