import { bytesOf, idText, type InvitationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { InvitationView, InvitedView } from '@fermata/contract/accounts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { changesBetween, record, type By } from '../audit/index.ts'
import { refuseMember } from './actions.members.ts'
import { startSession, unlessBusy, type Started } from './actions.sessions.ts'
import type { AccountsDeps } from './deps.ts'
import { writeLetter } from './letter.ts'
import { makeMember } from './make-member.ts'
import { emailKey } from './member.ts'
import type { Passwords } from './password.ts'
import { mayGiveRole, roleTitle } from './role.ts'
import {
  deleteLetters,
  endInvitation,
  insertInvitation,
  invitationById,
  invitationByToken,
  openInvitations,
} from './store.invitations.sql.ts'
import { lockWorkspace } from './store.sql.ts'
import type { InvitationTable } from './tables.ts'
import { newToken, tokenHash } from './token.ts'
import { invitationView, workspaceView } from './views.ts'

/** An invitation, and the token of its link. */
export interface Invited {
  readonly invitation: InvitationView
  readonly token: string
}

/** Invites somebody to a role that allows no more than one's own; a former invitation of theirs is void. */
export async function invite(
  deps: AccountsDeps,
  by: By,
  input: Pick<InvitationView, 'email' | 'role'>,
): Promise<Result<Invited, Refusal>> {
  const often = deps.invitations.take(by.caller.id)
  if (!often.ok) {
    const limit = limits.invitationsPerActorMax
    return refused(refusal('too_many', { limit, retryAfterMs: often.retryAfterMs }))
  }
  const workspace = bytesOf(by.caller.workspace)
  const id = deps.ids.next('inv')
  const token = newToken('fmj_', deps.random)
  return deps.storage.write(async (tx): Promise<Result<Invited, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const given = await mayGiveRole(tx, by.caller, input.role, 'body.role')
    if (!given.ok) return given
    const refusing = await refuseMember(tx, workspace, input.email)
    if (refusing !== null) return refused(refusing)
    const at = deps.clock.now()
    const former = await voidFormer(tx, by, { workspace, email: input.email, at })
    if (!former.ok) return former
    const row = {
      ...{ workspace, id: bytesOf(id), email: input.email, email_key: emailKey(input.email) },
      ...{ role: input.role, token_sha256: tokenHash(token), created_at: at },
      ...{ created_by: by.caller.id, expires_at: at + limits.invitationMs },
    }
    await tx.run(insertInvitation, row)
    await writeLetter(tx, deps, {
      ...{ workspace, kind: 'invitation', recipient: input.email, about: id, token, at },
      expiresAt: row.expires_at,
    })
    const role = await roleTitle(tx, workspace, input.role)
    await record(tx, deps.ids, by, {
      ...{ workspace: by.caller.workspace, at, action: 'invitation.added', target: id },
      ...{ targetName: input.email, changes: changesBetween({}, { role }) },
    })
    return ok({ invitation: invitationView({ ...row, ...stillOpen }), token })
  })
}

const stillOpen = { ended_at: null, ended_by: null, accepted: 0 }

/** Voids what the same person was sent before. Refuses when too many others are open. */
async function voidFormer(
  tx: WriteTx,
  by: By,
  { workspace, email, at }: { workspace: Uint8Array; email: string; at: number },
): Promise<Result<undefined, Refusal>> {
  const limit = limits.invitationsPerWorkspaceMax
  const open = await tx.all(openInvitations, { workspace, now: at, limit: limit + 1 })
  const key = emailKey(email)
  const former = open.filter(({ email_key }) => email_key === key)
  if (open.length - former.length >= limit) {
    return refused(refusal('limit_reached', { field: 'invitationsPerWorkspaceMax', limit }))
  }
  for (const { id } of former) {
    await tx.run(endInvitation, { workspace, id, at, by: by.caller.id, accepted: 0 })
    await tx.run(deleteLetters, { workspace, about: idText('inv', id), now: at })
  }
  return ok(undefined)
}

/** Revokes an invitation that nobody has accepted yet: its link is void from the commit on. */
export async function revokeInvitation(
  deps: AccountsDeps,
  by: By,
  id: InvitationId,
): Promise<Result<undefined, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<undefined, Refusal>> => {
    const key = { workspace, id: bytesOf(id) }
    const row = await tx.get(invitationById, key)
    const at = deps.clock.now()
    const end = { ...key, at, by: by.caller.id, accepted: 0 }
    if (row === undefined || (await tx.run(endInvitation, end)) === 0) {
      return refused(refusal('not_found'))
    }
    await tx.run(deleteLetters, { workspace, about: id, now: at })
    await record(tx, deps.ids, by, {
      ...{ workspace: by.caller.workspace, at, action: 'invitation.revoked', target: id },
      targetName: row.email,
    })
    return ok(undefined)
  })
}

function voidLink(): Refusal {
  const message = 'This invitation is unknown, has expired, or was used already. Ask for a new one.'
  return refusal('invalid_field', { field: 'body.token', message })
}

/** What somebody is invited to, by the token of their link. Refuses with `invalid_field`. */
export async function invitedTo(
  tx: ReadTx,
  token: string,
  now: number,
): Promise<Result<InvitedView, Refusal>> {
  const row = await tx.get(invitationByToken, { token_sha256: tokenHash(token), now })
  if (row === undefined) return refused(voidLink())
  const { name } = await workspaceView(tx, idText('wsp', row.workspace))
  const role = await roleTitle(tx, row.workspace, row.role)
  return ok({ workspace: name, email: row.email, role, expiresAt: row.expires_at })
}

/** Accepts an invitation: makes the member with a password of their own choice, and signs them in. */
export async function acceptInvitation(
  deps: AccountsDeps & { readonly passwords: Passwords },
  by: By<null>,
  input: { readonly token: string; readonly name: string; readonly password: string },
): Promise<Result<Started, Refusal>> {
  const wanted = { token_sha256: tokenHash(input.token) }
  // Looked at before the costly hash too: anybody can call this.
  const held = await deps.storage.read((tx) =>
    tx.get(invitationByToken, { ...wanted, now: deps.clock.now() }),
  )
  if (held === undefined) return refused(voidLink())
  return unlessBusy(async () => {
    const passwordHash = await deps.passwords.hash(input.password)
    return deps.storage.write(async (tx): Promise<Result<Started, Refusal>> => {
      await lockWorkspace(tx, held.workspace)
      const row = await tx.get(invitationByToken, { ...wanted, now: deps.clock.now() })
      if (row === undefined) return refused(voidLink())
      const refusing = await refuseMember(tx, row.workspace, row.email)
      if (refusing !== null) return refused(refusing)
      return ok(await join(tx, deps, by, { row, name: input.name, passwordHash }))
    })
  })
}

async function join(
  tx: WriteTx,
  deps: AccountsDeps,
  by: By<null>,
  { row, name, passwordHash }: { row: InvitationTable; name: string; passwordHash: string },
): Promise<Started> {
  const { workspace, email } = row
  const role = invitationView(row).role
  const at = deps.clock.now()
  const id = deps.ids.next('mbr')
  const made = { workspace, id, name, email, role, passwordHash, at, actor: id }
  const member = await makeMember(tx, made)
  await tx.run(endInvitation, { workspace, id: row.id, at, by: id, accepted: 1 })
  const about = idText('inv', row.id)
  await tx.run(deleteLetters, { workspace, about, now: at })
  const started = await startSession(tx, deps, member, by.agent)
  await record(
    tx,
    deps.ids,
    { ...by, caller: started.caller },
    {
      ...{ workspace: started.caller.workspace, at, action: 'invitation.accepted' },
      ...{ target: about, targetName: email },
    },
  )
  return started
}
