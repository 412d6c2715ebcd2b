import { idText, type MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { WriteTx } from '@fermata/storage/port'
import { record, type By } from '../audit/index.ts'
import { accessMemberToManage } from './access.ts'
import { endSessions, unlessBusy } from './actions.sessions.ts'
import type { AccountsDeps } from './deps.ts'
import { writeLetter } from './letter.ts'
import { emailKey } from './member.ts'
import type { Passwords } from './password.ts'
import {
  deleteExpiredResets,
  deleteReset,
  deleteResetsOf,
  insertReset,
  resetByToken,
  setPassword,
} from './store.factors.sql.ts'
import { deleteLetters } from './store.invitations.sql.ts'
import { memberById, membersByEmail } from './store.sql.ts'
import type { MemberTable } from './tables.ts'
import { libraryDate } from './time.ts'
import { newToken, tokenHash } from './token.ts'

/** The link by which a member gets a new password. */
export interface ResetLink {
  readonly token: string
  readonly expiresAt: number
}

/** Makes the link and the letter that it stands in; former links of the member are void. */
async function makeReset(
  tx: WriteTx,
  deps: AccountsDeps,
  by: By<Caller | null>,
  member: MemberTable,
): Promise<ResetLink> {
  const token = newToken('fmr_', deps.random)
  const at = deps.clock.now()
  const expiresAt = at + limits.resetMs
  const key = { workspace: member.workspace, member: member.id }
  await tx.run(deleteExpiredResets, { now: at })
  await tx.run(deleteResetsOf, key)
  await tx.run(insertReset, { ...key, token_sha256: tokenHash(token), expires_at: expiresAt })
  const about = idText('mbr', member.id)
  const letter = { kind: 'reset' as const, recipient: member.email, about, token, at, expiresAt }
  await writeLetter(tx, deps, { workspace: member.workspace, ...letter })
  const workspace = idText('wsp', member.workspace)
  const done = { workspace, at, action: 'reset.added' } as const
  await record(tx, deps.ids, by, { ...done, target: about, targetName: member.name })
  return { token, expiresAt }
}

/**
 * Somebody has forgotten their password. Whether anybody has the address is not told, and a row is written
 * in either case, so that time tells nothing either.
 */
export async function askReset(
  deps: AccountsDeps,
  by: By<null>,
  email: string,
): Promise<Result<undefined, Refusal>> {
  const key = emailKey(email)
  const often = deps.resets.take(key)
  if (!often.ok) {
    const { retryAfterMs } = often
    const limit = limits.resetsPerEmailMax
    return refused(refusal('too_many', { field: 'body.email', limit, retryAfterMs }))
  }
  return deps.storage.write(async (tx) => {
    const asked = { email_key: key, limit: limits.workspacesPerEmailMax }
    const found = await tx.all(membersByEmail, asked)
    for (const member of found) {
      const row = await tx.get(memberById, member)
      if (row !== undefined) await makeReset(tx, deps, by, row)
    }
    if (found.length === 0) {
      const nobody = { workspace: new Uint8Array(16), member: new Uint8Array(16) }
      const token_sha256 = tokenHash(newToken('fmr_', deps.random))
      await tx.run(deleteExpiredResets, { now: deps.clock.now() })
      await tx.run(insertReset, { ...nobody, token_sha256, expires_at: deps.clock.now() + 1 })
    }
    return ok(undefined)
  })
}

/** Makes a link for somebody whose role allows no more than one's own, to be handed over. */
export async function resetMember(
  deps: AccountsDeps,
  by: By,
  id: MemberId,
): Promise<Result<ResetLink, Refusal>> {
  return deps.storage.write(async (tx): Promise<Result<ResetLink, Refusal>> => {
    const found = await accessMemberToManage(tx, by.caller, id)
    if (!found.ok) return found
    if (found.value.deactivated_at !== null) {
      return refused(refusal('conflict', { message: 'This member is deactivated.' }))
    }
    return ok(await makeReset(tx, deps, by, found.value))
  })
}

function voidLink(): Refusal {
  const message = 'This link is unknown, has expired, or was used already. Ask for a new one.'
  return refusal('invalid_field', { field: 'body.token', message })
}

/**
 * Sets a new password by a link, once, and ends all sessions of the member. It signs nobody in: a second
 * factor is still asked for.
 */
export async function useReset(
  deps: AccountsDeps & { readonly passwords: Passwords },
  by: By<null>,
  input: { readonly token: string; readonly password: string },
): Promise<Result<undefined, Refusal>> {
  const token_sha256 = tokenHash(input.token)
  const held = (): { token_sha256: Uint8Array; now: number } => ({
    token_sha256,
    now: deps.clock.now(),
  })
  // Looked at before the costly hash too: anybody can call this.
  if ((await deps.storage.read((tx) => tx.get(resetByToken, held()))) === undefined) {
    return refused(voidLink())
  }
  return unlessBusy(async () => {
    const password = await deps.passwords.hash(input.password)
    return deps.storage.write(async (tx): Promise<Result<undefined, Refusal>> => {
      const row = await tx.get(resetByToken, held())
      if (row === undefined || (await tx.run(deleteReset, { token_sha256 })) === 0) {
        return refused(voidLink())
      }
      const { workspace } = row
      const member = await tx.get(memberById, { workspace, id: row.member })
      if (member === undefined || member.deactivated_at !== null) return refused(voidLink())
      const at = deps.clock.now()
      const user = idText('mbr', member.id)
      await tx.run(setPassword, { user, password, at: libraryDate(at) })
      await tx.run(deleteResetsOf, { workspace, member: member.id })
      await tx.run(deleteLetters, { workspace, about: user, now: at })
      await endSessions(tx, member, at, null)
      const done = { workspace: idText('wsp', workspace), at, action: 'password.reset' } as const
      await record(tx, deps.ids, by, { ...done, target: user, targetName: member.name })
      return ok(undefined)
    })
  })
}
