import { bytesOf, idText } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { rolePermissions } from '@fermata/contract/permissions'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { startSession, unlessBusy, type Started } from './actions.sessions.ts'
import type { AccountsDeps } from './deps.ts'
import { fromWithin, record, type By } from '../audit/index.ts'
import { makeMember } from './make-member.ts'
import type { Passwords } from './password.ts'
import { deleteSetupLinks, insertSetupLink, setupLink, takeSetupLink } from './store.sign-in.sql.ts'
import { anyWorkspace, insertWorkspace } from './store.sql.ts'
import type { MemberTable } from './tables.ts'
import { newToken, tokenHash } from './token.ts'

/** A workspace to be made, and its first owner. */
export interface FirstWorkspace {
  readonly workspace: string
  readonly name: string
  readonly email: string
  readonly password: string
}

/** What making a workspace needs. */
export type SetupDeps = AccountsDeps & { readonly passwords: Passwords }

/**
 * Takes the place of a set-up link for good: of two servers that set up one database at once, the
 * second finds it taken and looks again.
 */
export const setupDone = { token_sha256: new Uint8Array(32), expires_at: 0 }

/** Whether this server still waits for its first workspace. */
export async function setupOpen(tx: ReadTx): Promise<boolean> {
  return (await tx.get(anyWorkspace, {})) === undefined
}

/**
 * Makes the token of a set-up link, which voids the one before; null once there is a workspace. It
 * holds for `setupLinkMs` and for one use.
 */
export async function openSetup(deps: AccountsDeps): Promise<string | null> {
  const token = newToken('fmu_', deps.random)
  return deps.storage.write(async (tx) => {
    if (!(await setupOpen(tx))) return null
    await tx.run(deleteSetupLinks, {})
    const expires = deps.clock.now() + limits.setupLinkMs
    await tx.run(insertSetupLink, { token_sha256: tokenHash(token), expires_at: expires })
    return token
  })
}

/** Makes the first workspace with the token of a set-up link, and signs its owner in. */
export async function setUp(
  deps: SetupDeps,
  by: By<null>,
  input: FirstWorkspace & { readonly token: string },
): Promise<Result<Started, Refusal>> {
  const link = tokenHash(input.token)
  // Looked at before the costly hash too: anybody can call this.
  const why = await deps.storage.read(async (tx) => {
    if (!(await setupOpen(tx))) return refusal('setup_closed')
    const held = await tx.get(setupLink, { token_sha256: link, now: deps.clock.now() })
    return held === undefined ? voidLink() : null
  })
  if (why !== null) return refused(why)
  return unlessBusy(async () => {
    const passwordHash = await deps.passwords.hash(input.password)
    return deps.storage.write(async (tx): Promise<Result<Started, Refusal>> => {
      if (!(await setupOpen(tx))) return refused(refusal('setup_closed'))
      const taken = await tx.run(takeSetupLink, { token_sha256: link, now: deps.clock.now() })
      if (taken === 0) return refused(voidLink())
      await tx.run(insertSetupLink, setupDone)
      const owner = await makeWorkspace(tx, deps, { ...input, passwordHash })
      const started = await startSession(tx, deps, owner, by.agent)
      await recordMade(tx, deps, { ...by, caller: started.caller }, input.workspace)
      return ok(started)
    })
  })
}

/** Makes the first workspace without a link, for who configures the server; null if there is one. */
export async function createFirst(
  deps: SetupDeps,
  input: FirstWorkspace,
): Promise<MemberActor | null> {
  if (!(await deps.storage.read(setupOpen))) return null
  const passwordHash = await deps.passwords.hash(input.password)
  return deps.storage.write(async (tx) => {
    if (!(await setupOpen(tx))) return null
    await tx.run(deleteSetupLinks, {})
    await tx.run(insertSetupLink, setupDone)
    return made(tx, deps, { ...input, passwordHash })
  })
}

/** Makes a workspace with its owner, whatever else there is. For whoever assembles the server. */
export async function addWorkspace(deps: SetupDeps, input: FirstWorkspace): Promise<MemberActor> {
  const passwordHash = await deps.passwords.hash(input.password)
  return deps.storage.write((tx) => made(tx, deps, { ...input, passwordHash }))
}

/** Writes a workspace and its owner; whoever calls notes it in the audit log. */
export async function makeOwned(
  tx: WriteTx,
  deps: AccountsDeps,
  input: FirstWorkspace & { readonly passwordHash: string },
): Promise<MemberActor> {
  return ownerActor(deps, await makeWorkspace(tx, deps, input))
}

async function made(
  tx: WriteTx,
  deps: AccountsDeps,
  input: FirstWorkspace & { readonly passwordHash: string },
): Promise<MemberActor> {
  const owner = await makeOwned(tx, deps, input)
  await recordMade(tx, deps, fromWithin(owner), input.workspace)
  return owner
}

/** The first entry of a workspace's audit log. */
async function recordMade(
  tx: WriteTx,
  deps: AccountsDeps,
  by: By,
  targetName: string,
): Promise<void> {
  const { workspace } = by.caller
  const done = { workspace, at: deps.clock.now(), action: 'workspace.added' } as const
  await record(tx, deps.ids, by, { ...done, target: workspace, targetName })
}

/** A new owner as one who acts, for whoever fills the workspace; the session is one that never was. */
function ownerActor(deps: AccountsDeps, row: MemberTable): MemberActor {
  return {
    kind: 'member',
    workspace: idText('wsp', row.workspace),
    id: idText('mbr', row.id),
    name: row.name,
    role: 'owner',
    permissions: rolePermissions.owner,
    session: deps.ids.next('ses'),
  }
}

function voidLink(): Refusal {
  const message = 'This set-up link is unknown or has expired. Restart the server for a new one.'
  return refusal('invalid_field', { field: 'body.token', message })
}

async function makeWorkspace(
  tx: WriteTx,
  deps: AccountsDeps,
  input: FirstWorkspace & { readonly passwordHash: string },
): Promise<MemberTable> {
  const at = deps.clock.now()
  const workspace = bytesOf(deps.ids.next('wsp'))
  await tx.run(insertWorkspace, { id: workspace, name: input.workspace, at })
  const id = deps.ids.next('mbr')
  const { name, email, passwordHash } = input
  const owner = { workspace, id, name, email, role: 'owner' as const, passwordHash, at }
  const row = await makeMember(tx, { ...owner, actor: id })
  await deps.onWorkspaceMade(tx, { workspace: idText('wsp', workspace), owner: id, at })
  return row
}
