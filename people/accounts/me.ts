import { bytesOf } from '@fermata/base/ids'
import type { MeView } from '@fermata/contract/accounts.schema'
import type { Caller } from '@fermata/contract/actors'
import { heldBy } from '@fermata/contract/may'
import type { Storage } from '@fermata/storage/port'
import { appViews, memberViews, workspaceView } from './views.ts'

/** Who somebody is, for themselves, and the position of the feed that this is true at. */
export function meOf({ storage }: { readonly storage: Storage }, caller: Caller): Promise<MeView> {
  const { kind, workspace } = caller
  return storage.read(async (tx) => {
    const [member] = kind === 'member' ? await memberViews(tx, workspace, [caller.id]) : []
    const [app] = kind === 'app' ? await appViews(tx, workspace, [caller.id]) : []
    return {
      kind,
      workspace: await workspaceView(tx, workspace),
      member: member ?? null,
      contact: kind === 'contact' ? caller.id : null,
      app: app ?? null,
      permissions: [...heldBy(caller)],
      position: (await storage.bounds(tx, bytesOf(workspace))).head,
    }
  })
}
