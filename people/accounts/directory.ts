import { bytesOf } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { MemberView } from '@fermata/contract/accounts.schema'
import type { Caller } from '@fermata/contract/actors'
import { may } from '@fermata/contract/may'
import type { ReadTx } from '@fermata/storage/port'
import { memberRows, membersOfWorkspace } from './store.sql.ts'
import { memberView } from './views.ts'

/** The ids of those who share a team with a member, and of the member: a room downstream knows them. */
export type FellowsOf = (
  tx: ReadTx,
  workspace: Uint8Array,
  member: Uint8Array,
) => Promise<Uint8Array[]>

/** Whether somebody sees everybody who works here, and not only those of their own teams. */
export function seesDirectory(caller: Caller): boolean {
  return may(caller, 'inboxes:read')
}

/** The members whom a caller may see, oldest first: all, or for a guest those of their teams. */
export async function visibleMembers(
  tx: ReadTx,
  caller: Exclude<Caller, { kind: 'contact' }>,
  fellowsOf: FellowsOf,
): Promise<MemberView[]> {
  const workspace = bytesOf(caller.workspace)
  if (seesDirectory(caller)) {
    const limit = limits.membersPerWorkspaceMax
    return (await tx.all(membersOfWorkspace, { workspace, limit })).map(memberView)
  }
  const ids = await fellowsOf(tx, workspace, bytesOf(caller.id))
  return (await memberRows(tx, workspace, ids))
    .map(memberView)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
