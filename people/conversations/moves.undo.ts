import { present } from '@fermata/base/assert'
import { bytesOf, idText, type MoveId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import type { MoveView } from '@fermata/contract/moves.schema'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { record as auditRecord, type By } from '../audit/index.ts'
import { inboxForCaller } from '../places/index.ts'
import { accessConversation } from './access.ts'
import { holderOf, leased } from './leasing.ts'
import { accessBoth, moveView, tooLarge, type Mover } from './moves.access.ts'
import { joinedOf, rowOf, tellBoth, type Both, type MovesDeps } from './moves.note.ts'
import { moveAfter, moveById, undoneMove } from './moves.sql.ts'
import type { MoveTable } from './moves.tables.ts'
import { unmerge } from './moves.unmerge.ts'
import { unsplit } from './moves.unsplit.ts'
import { wasOf, type Was } from './moves.was.ts'

/** What whoever took a move back is told: the move, and the conversations that there are now. */
export interface Undone {
  readonly move: MoveView
  readonly conversations: ConversationRow[]
}

/** A move that is being taken back. */
export interface Undoing {
  readonly tx: WriteTx
  readonly by: By<Mover>
  readonly at: number
  readonly row: MoveTable
  readonly was: Was
}

/** Why a move cannot be taken back now, or null. `row` is as it is behind the locks. */
async function whyNot(tx: ReadTx, row: MoveTable): Promise<Refusal | null> {
  const { id, nth } = row
  for (const conversation of [row.source, row.target]) {
    if ((await tx.get(moveAfter, { conversation, nth, id })) === undefined) continue
    const message = 'One of these conversations was merged or split since; take that back first.'
    return refusal('conflict', { message })
  }
  return null
}

const told = { merge: 'conversation.unmerged', split: 'conversation.unsplit' } as const

/** Marks a move as taken back, and tells of it. */
async function noteUndone(
  { tx, by, at, row }: Undoing,
  deps: MovesDeps,
  both: Both,
): Promise<MoveView> {
  const { caller } = by
  await tx.run(undoneMove, { id: row.id, by: caller.id, at })
  const move = idText('mov', row.id)
  tellBoth(tx, both, { by: caller.id, at }, (other, role) => ({
    type: told[row.kind],
    body: { move, other, role },
  }))
  await auditRecord(tx, deps.ids, by, {
    ...{ workspace: caller.workspace, at, action: told[row.kind], target: both.source.id },
    targetName: both.source.state.subject,
    changes: [{ field: 'from', from: '', to: both.target.id }],
  })
  return moveView({ ...row, undone_by: caller.id, undone_at: at })
}

async function undoMerge(doing: Undoing, deps: MovesDeps): Promise<Result<Undone, Refusal>> {
  const { tx, by, row } = doing
  const target = await accessConversation(tx, by.caller, idText('cnv', row.target), 'toChange')
  if (!target.ok) return target
  const inbox = present(doing.was.before.rows.source?.inbox, 'the inbox of what was merged')
  const seen = await inboxForCaller(tx, by.caller, inbox)
  if (seen === undefined) return refused(refusal('not_found'))
  const later = await whyNot(tx, row)
  if (later !== null) return refused(later)
  if (await isUndone(doing)) return repeated(doing)
  const large = tooLarge(target.value.record.state.lastNumber)
  if (large !== null) return refused(large)
  const both = await unmerge(doing, target.value.record)
  const move = await noteUndone(doing, deps, both)
  await deps.onParted(tx, joinedOf(both.source, both.target, { by: by.caller.id, at: doing.at }))
  return ok({ move, conversations: [await rowOf(tx, both.source), await rowOf(tx, both.target)] })
}

async function undoSplit(doing: Undoing, deps: MovesDeps): Promise<Result<Undone, Refusal>> {
  const { tx, by, row, at } = doing
  const ids = { source: idText('cnv', row.source), target: idText('cnv', row.target) }
  const accessed = await accessBoth(tx, by.caller, ids)
  if (!accessed.ok) return accessed
  const later = await whyNot(tx, row)
  if (later !== null) return refused(later)
  if (await isUndone(doing)) return repeated(doing)
  const { source, target } = accessed.value
  const large = tooLarge(source.record.state.lastNumber + target.record.state.lastNumber)
  if (large !== null) return refused(large)
  const mayMove = may(by.caller, 'leases:move')
  const command = { type: 'merge', by: holderOf(by.caller), mayMove } as const
  const freed = await leased(tx, target.record, { command, now: at })
  if (!freed.ok) return freed
  const both = { source: source.record, target: target.record }
  const record = await unsplit(doing, both, source.inbox.answerMinutes)
  const move = await noteUndone(doing, deps, { source: record, target: both.target })
  await deps.onJoined(tx, joinedOf(both.target, record, { by: by.caller.id, at }))
  return ok({ move, conversations: [await rowOf(tx, record)] })
}

/** Whether somebody else took it back while this waited for the locks. */
async function isUndone({ tx, row }: Undoing): Promise<boolean> {
  return (await tx.get(moveById, row))?.undone_at !== null
}

/** Answers a repeat with what there is now. */
async function repeated({ tx, by, row }: Undoing): Promise<Result<Undone, Refusal>> {
  const move = present(await tx.get(moveById, row), 'a move')
  const conversations = new Map<string, ConversationRow>()
  for (const id of [row.source, row.target]) {
    const accessed = await accessConversation(tx, by.caller, idText('cnv', id))
    if (!accessed.ok) return accessed
    const { record } = accessed.value
    conversations.set(record.id, await rowOf(tx, record))
  }
  return ok({ move: moveView(move), conversations: [...conversations.values()] })
}

/** Takes a merge or a split back, in a transaction. What was taken back already stays so. */
export async function undo(
  tx: WriteTx,
  deps: MovesDeps,
  by: By<Mover>,
  id: MoveId,
): Promise<Result<Undone, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  const row = await tx.get(moveById, { workspace, id: bytesOf(id) })
  if (row === undefined) return refused(refusal('not_found'))
  const doing = { tx, by, at: deps.clock.now(), row, was: wasOf(row.was) }
  if (row.undone_at !== null) return repeated(doing)
  return row.kind === 'merge' ? undoMerge(doing, deps) : undoSplit(doing, deps)
}
