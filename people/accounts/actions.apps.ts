import { bytesOf, type AppId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { AppView } from '@fermata/contract/accounts.schema'
import type { MemberActor, Scope } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { emit } from '../event.ts'
import type { AccountsDeps } from './deps.ts'
import { countApps, insertApp, lockWorkspace, removeApp } from './store.sql.ts'
import { newToken, tokenHash } from './token.ts'
import { appView } from './views.ts'

/** Adds an app; the answer holds its token, which is kept nowhere. */
export async function addApp(
  deps: AccountsDeps,
  caller: MemberActor,
  input: { readonly name: string; readonly scopes: readonly Scope[] },
): Promise<Result<{ app: AppView; token: string }, Refusal>> {
  const workspace = bytesOf(caller.workspace)
  const id = deps.ids.next('app')
  const token = newToken('fma_', deps.random)
  return deps.storage.write(
    async (tx): Promise<Result<{ app: AppView; token: string }, Refusal>> => {
      await lockWorkspace(tx, workspace)
      const limit = limits.appsPerWorkspaceMax
      if ((await tx.get(countApps, { workspace }))!.count >= limit) {
        return refused(refusal('limit_reached', { field: 'appsPerWorkspaceMax', limit }))
      }
      const at = deps.clock.now()
      const row = {
        workspace,
        id: bytesOf(id),
        name: input.name,
        token_sha256: tokenHash(token),
        scopes: JSON.stringify(input.scopes),
        created_at: at,
        created_by: caller.id,
      }
      await tx.run(insertApp, row)
      emit(tx, { workspace, at, actor: caller.id, type: 'app.added', body: { app: id } })
      return ok({ app: appView({ ...row, removed_at: null, removed_by: null }), token })
    },
  )
}

/** Removes an app: its token is void from the commit on. */
export async function endApp(
  deps: AccountsDeps,
  caller: MemberActor,
  id: AppId,
): Promise<Result<undefined, Refusal>> {
  const workspace = bytesOf(caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<undefined, Refusal>> => {
    const at = deps.clock.now()
    const removed = await tx.run(removeApp, { workspace, id: bytesOf(id), at, by: caller.id })
    if (removed === 0) return refused(refusal('not_found'))
    emit(tx, { workspace, at, actor: caller.id, type: 'app.removed', body: { app: id } })
    return ok(undefined)
  })
}
