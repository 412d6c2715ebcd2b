import { bytesOf, idText, type AppId, type TokenId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { AppView } from '@fermata/contract/accounts.schema'
import type { MemberActor, Scope } from '@fermata/contract/actors'
import type { AuditAction } from '@fermata/contract/audit'
import type { AuditEntry } from '@fermata/contract/audit.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { mayGrant } from '@fermata/contract/may'
import type { WriteTx } from '@fermata/storage/port'
import { changesBetween, record, type By } from '../audit/index.ts'
import { emit } from '../event.ts'
import { accessApp } from './access.ts'
import type { AccountsDeps } from './deps.ts'
import { scramVerifiers } from './scram.ts'
import { countApps, insertApp, lockWorkspace, removeApp, updateApp } from './store.sql.ts'
import {
  deleteAppToken,
  deleteAppTokens,
  deleteExpiredAppTokens,
  expireAppTokens,
  insertAppToken,
  tokensOfApps,
} from './store.tokens.sql.ts'
import type { AppTable } from './tables.ts'
import { newToken, tokenHash } from './token.ts'
import { appView, scopesOf } from './views.ts'

/** An app, and a token that is shown this once. */
export interface AppWithToken {
  readonly app: AppView
  readonly token: string
}

/** What of a new token is stored, and the token itself. */
async function makeToken(deps: AccountsDeps, by: By, app: AppId) {
  const token = newToken('fma_', deps.random)
  const row = {
    id: bytesOf(deps.ids.next('tok')),
    token_sha256: tokenHash(token),
    ...(await scramVerifiers(token, app)),
    created_by: by.caller.id,
    expires_at: null,
  }
  return { token, row }
}

/**
 * Whether somebody may make a token that does this. An app sees every inbox, so whoever does not could
 * see them all by way of one.
 */
function mayHandOut(caller: MemberActor, scopes: readonly Scope[]): Refusal | null {
  if (mayGrant(caller, [...scopes, 'inboxes:all'])) return null
  const message = 'An app sees every inbox; yours would do more than your role allows you.'
  return refusal('not_allowed', { message })
}

async function viewNow(tx: WriteTx, row: AppTable): Promise<AppView> {
  return appView(row, await tokensOfApps(tx, row.workspace, [row.id]))
}

async function recorded(
  tx: WriteTx,
  deps: AccountsDeps,
  by: By,
  done: { at: number; action: AuditAction; app: AppTable; changes?: AuditEntry['changes'] },
): Promise<void> {
  const { at, action, app, changes = [] } = done
  const target = idText('app', app.id)
  const { workspace } = by.caller
  await record(tx, deps.ids, by, { workspace, at, action, target, targetName: app.name, changes })
}

/** Tells that an app is not what it was; its sockets come again. */
function told(tx: WriteTx, by: By, at: number, app: AppId): void {
  const workspace = bytesOf(by.caller.workspace)
  emit(tx, { workspace, at, actor: by.caller.id, type: 'app.changed', body: { app } })
}

/** Adds an app; the answer holds its first token. */
export async function addApp(
  deps: AccountsDeps,
  by: By,
  input: { readonly name: string; readonly scopes: readonly Scope[] },
): Promise<Result<AppWithToken, Refusal>> {
  const refusing = mayHandOut(by.caller, input.scopes)
  if (refusing !== null) return refused(refusing)
  const workspace = bytesOf(by.caller.workspace)
  const id = deps.ids.next('app')
  const { token, row: first } = await makeToken(deps, by, id)
  return deps.storage.write(async (tx): Promise<Result<AppWithToken, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const limit = limits.appsPerWorkspaceMax
    if ((await tx.get(countApps, { workspace }))!.count >= limit) {
      return refused(refusal('limit_reached', { field: 'appsPerWorkspaceMax', limit }))
    }
    const at = deps.clock.now()
    const app = {
      ...{ workspace, id: bytesOf(id), name: input.name, scopes: JSON.stringify(input.scopes) },
      ...{ created_at: at, created_by: by.caller.id, removed_at: null, removed_by: null },
    }
    await tx.run(insertApp, app)
    await tx.run(insertAppToken, { ...first, workspace, app: app.id, created_at: at })
    emit(tx, { workspace, at, actor: by.caller.id, type: 'app.added', body: { app: id } })
    const changes = changesBetween({}, { scopes: input.scopes.join(', ') })
    await recorded(tx, deps, by, { at, action: 'app.added', app, changes })
    return ok({ app: await viewNow(tx, app), token })
  })
}

/** Changes an app's name or what its tokens may do; both hold from the commit on. */
export async function changeApp(
  deps: AccountsDeps,
  by: By,
  id: AppId,
  change: { readonly name?: string; readonly scopes?: readonly Scope[] },
): Promise<Result<AppView, Refusal>> {
  return deps.storage.write(async (tx): Promise<Result<AppView, Refusal>> => {
    await lockWorkspace(tx, bytesOf(by.caller.workspace))
    const found = await accessApp(tx, by.caller, id)
    if (!found.ok) return found
    const before = found.value
    const refusing = mayHandOut(by.caller, [...scopesOf(before), ...(change.scopes ?? [])])
    if (refusing !== null) return refused(refusing)
    const scopes = change.scopes === undefined ? before.scopes : JSON.stringify(change.scopes)
    const after = { ...before, name: change.name ?? before.name, scopes }
    const words = (row: AppTable) => ({ name: row.name, scopes: scopesOf(row).join(', ') })
    const changes = changesBetween(words(before), words(after))
    if (changes.length > 0) {
      const at = deps.clock.now()
      await tx.run(updateApp, after)
      told(tx, by, at, id)
      await recorded(tx, deps, by, { at, action: 'app.changed', app: before, changes })
    }
    return ok(await viewNow(tx, after))
  })
}

/**
 * Adds a token to an app. Those that it has go on for `overlapMs`, so that the program can be given the new one
 * in peace; 0 voids them at once.
 */
export async function addToken(
  deps: AccountsDeps,
  by: By,
  id: AppId,
  overlapMs: number,
): Promise<Result<AppWithToken, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  const { token, row } = await makeToken(deps, by, id)
  return deps.storage.write(async (tx): Promise<Result<AppWithToken, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const found = await accessApp(tx, by.caller, id)
    if (!found.ok) return found
    const app = found.value
    const refusing = mayHandOut(by.caller, scopesOf(app))
    if (refusing !== null) return refused(refusing)
    const at = deps.clock.now()
    const key = { workspace, app: app.id }
    await tx.run(expireAppTokens, { ...key, at: at + overlapMs })
    await tx.run(deleteExpiredAppTokens, { ...key, now: at })
    const held = await tokensOfApps(tx, workspace, [app.id])
    const limit = limits.tokensPerAppMax
    if (held.length >= limit) {
      return refused(refusal('limit_reached', { field: 'tokensPerAppMax', limit }))
    }
    await tx.run(insertAppToken, { ...row, ...key, created_at: at })
    told(tx, by, at, id)
    await recorded(tx, deps, by, { at, action: 'token.added', app })
    return ok({ app: await viewNow(tx, app), token })
  })
}

/** Revokes one of an app's tokens: it is void from the commit on. */
export async function endToken(
  deps: AccountsDeps,
  by: By,
  { app: id, token }: { readonly app: AppId; readonly token: TokenId },
): Promise<Result<undefined, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<undefined, Refusal>> => {
    const found = await accessApp(tx, by.caller, id)
    if (!found.ok) return found
    const key = { workspace, app: found.value.id }
    if ((await tx.run(deleteAppToken, { ...key, id: bytesOf(token) })) === 0) {
      return refused(refusal('not_found'))
    }
    const at = deps.clock.now()
    told(tx, by, at, id)
    await recorded(tx, deps, by, { at, action: 'token.revoked', app: found.value })
    return ok(undefined)
  })
}

/** Removes an app: its tokens are void from the commit on. */
export async function endApp(
  deps: AccountsDeps,
  by: By,
  id: AppId,
): Promise<Result<undefined, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<undefined, Refusal>> => {
    const at = deps.clock.now()
    const found = await accessApp(tx, by.caller, id)
    if (!found.ok) return found
    const key = { workspace, id: bytesOf(id), at, by: by.caller.id }
    if ((await tx.run(removeApp, key)) === 0) return refused(refusal('not_found'))
    await tx.run(deleteAppTokens, { workspace, app: key.id })
    emit(tx, { workspace, at, actor: by.caller.id, type: 'app.removed', body: { app: id } })
    await recorded(tx, deps, by, { at, action: 'app.removed', app: found.value })
    return ok(undefined)
  })
}
