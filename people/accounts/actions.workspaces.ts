import { bytesOf, idText } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { WorkspaceView } from '@fermata/contract/accounts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx } from '@fermata/storage/port'
import { fromWithin, record, type By } from '../audit/index.ts'
import { unlessBusy } from './actions.sessions.ts'
import { makeOwned, type FirstWorkspace, type SetupDeps } from './actions.setup.ts'
import { emailKey } from './member.ts'
import { anyWorkspace, countWorkspaces, lockWorkspace, membersByEmail } from './store.sql.ts'

/** Why no further workspace is made, or null. The caller's workspace must be locked. */
async function refuseWorkspace(tx: ReadTx, by: By, email: string): Promise<Refusal | null> {
  const first = await tx.get(anyWorkspace, {})
  // Whoever was given a workspace on somebody's server gives none away in their turn.
  if (first === undefined || idText('wsp', first.id) !== by.caller.workspace) {
    const message = 'Further workspaces are made in the one that this server was set up with.'
    return refusal('not_allowed', { message })
  }
  const limit = limits.workspacesMax
  if ((await tx.get(countWorkspaces, {}))!.count >= limit) {
    return refusal('limit_reached', { field: 'workspacesMax', limit })
  }
  const most = limits.workspacesPerEmailMax
  const same = await tx.all(membersByEmail, { email_key: emailKey(email), limit: most })
  return same.length < most
    ? null
    : refusal('limit_reached', { field: 'workspacesPerEmailMax', limit: most })
}

/** Makes one more workspace on this server, with an owner who has a password of their own there. */
export async function addFurther(
  deps: SetupDeps,
  by: By,
  input: FirstWorkspace,
): Promise<Result<WorkspaceView, Refusal>> {
  return unlessBusy(async () => {
    const passwordHash = await deps.passwords.hash(input.password)
    return deps.storage.write(async (tx): Promise<Result<WorkspaceView, Refusal>> => {
      await lockWorkspace(tx, bytesOf(by.caller.workspace))
      const refusing = await refuseWorkspace(tx, by, input.email)
      if (refusing !== null) return refused(refusing)
      const owner = await makeOwned(tx, deps, { ...input, passwordHash })
      const at = deps.clock.now()
      const done = { at, action: 'workspace.added', targetName: input.workspace } as const
      const target = owner.workspace
      await record(tx, deps.ids, by, { ...done, workspace: by.caller.workspace, target })
      await record(tx, deps.ids, fromWithin(owner), { ...done, workspace: target, target })
      return ok({ id: target, name: input.workspace })
    })
  })
}
