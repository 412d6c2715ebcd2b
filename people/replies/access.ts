import { bytesOf, idText, type ReplyId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import type { ReplyView } from '@fermata/contract/replies.schema'
import type { ReadTx } from '@fermata/storage/port'
import { replyById, repliesOfOwner, sharedReplies } from './store.sql.ts'
import type { ReplyTable } from './tables.ts'

/** A reply as whoever has it sees it. */
export function replyView(row: ReplyTable): ReplyView {
  const { title, shortcut, body, owner } = row
  const mine = owner === null ? null : idText('mbr', owner)
  return { id: idText('rpl', row.id), title, shortcut, body, owner: mine }
}

/** Whether somebody has the shared replies: whoever works here, so no guest. */
function seesShared(caller: Caller): boolean {
  if (caller.kind === 'app') return may(caller, 'conversations:read')
  return may(caller, 'inboxes:read')
}

/** The only way to get a reply: a shared one, or one's own. */
export async function accessReply(
  tx: ReadTx,
  caller: Caller,
  id: ReplyId,
): Promise<Result<ReplyTable, Refusal>> {
  const key = { workspace: bytesOf(caller.workspace), id: bytesOf(id) }
  const row = await tx.get(replyById, key)
  if (row === undefined) return refused(refusal('not_found'))
  const owner = row.owner === null ? null : idText('mbr', row.owner)
  const isTheirs = owner === null ? seesShared(caller) : owner === caller.id
  return isTheirs ? ok(row) : refused(refusal('not_found'))
}

/** The replies that somebody has: the shared ones, and their own. */
export async function replyRows(tx: ReadTx, caller: Caller): Promise<ReplyTable[]> {
  const workspace = bytesOf(caller.workspace)
  const shared = seesShared(caller) ? await tx.all(sharedReplies, { workspace }) : []
  if (caller.kind !== 'member') return shared
  return [...shared, ...(await tx.all(repliesOfOwner, { workspace, owner: bytesOf(caller.id) }))]
}

/** The same, as they see them. */
export async function visibleReplies(tx: ReadTx, caller: Caller): Promise<ReplyView[]> {
  return (await replyRows(tx, caller)).map(replyView)
}
