import { bytesOf, type ConversationId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import type { MoveView } from '@fermata/contract/moves.schema'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import type { By } from '../audit/index.ts'
import { leaseRowOf } from '../leases/index.ts'
import type { Accessed } from './access.ts'
import { holderOf, leased } from './leasing.ts'
import { accessBoth, bytesOfBoth, moveView, tooLarge, type Mover } from './moves.access.ts'
import { whole, type Which } from './moves.layout.ts'
import { carryOver } from './moves.carry.ts'
import { joinedOf, momentOf, noteMove, rowOf, type MovesDeps } from './moves.note.ts'
import { saidIn, tellOwners } from './moves.save.ts'
import { moveById, redirectOf } from './moves.sql.ts'
import { united } from './moves.state.ts'
import type { ConversationRecord } from './record.ts'

/** What whoever merged is told. */
export interface Merged {
  readonly conversation: ConversationRow
  readonly move: MoveView
}

/** Answers a repeat: what was to be merged is part of the target already. */
async function repeated(
  tx: ReadTx,
  caller: Mover,
  source: ConversationId,
  target: ConversationRecord,
): Promise<Result<Merged, Refusal>> {
  const redirect = await tx.get(redirectOf, { id: bytesOf(source) })
  const workspace = bytesOf(caller.workspace)
  const move =
    redirect === undefined ? undefined : await tx.get(moveById, { workspace, id: redirect.move })
  if (move?.kind === 'merge') {
    return ok({ conversation: await rowOf(tx, target), move: moveView(move) })
  }
  const message = 'A conversation cannot become part of itself.'
  return refused(refusal('invalid_field', { message, field: 'body.into' }))
}

/** Why these two must stay two; null when they may become one. */
function whyNot(source: Accessed, target: Accessed): Refusal | null {
  if (source.record.contact !== target.record.contact) {
    const message = 'These conversations are with different contacts.'
    return refusal('conflict', { message, field: 'body.into' })
  }
  const length = source.record.state.lastNumber + target.record.state.lastNumber
  return tooLarge(length)
}

/** Merges a conversation into another, in a transaction. */
export async function mergeInto(
  tx: WriteTx,
  deps: MovesDeps,
  by: By<Mover>,
  asked: Readonly<Record<Which, ConversationId>>,
): Promise<Result<Merged, Refusal>> {
  const { caller } = by
  const accessed = await accessBoth(tx, caller, asked)
  if (!accessed.ok) return accessed
  const { source, target } = accessed.value
  if (source.record.id === target.record.id) {
    return repeated(tx, caller, asked.source, target.record)
  }
  const at = deps.clock.now()
  const not = whyNot(source, target)
  if (not !== null) return refused(not)

  const both = { source: source.record, target: target.record }
  const ids = bytesOfBoth({ source: both.source.id, target: both.target.id })
  const before = await momentOf(tx, ids)
  const lease = (await leaseRowOf(tx, ids.source)) ?? null
  const mayMove = may(caller, 'leases:move')
  const command = { type: 'merge', by: holderOf(caller), mayMove } as const
  const freed = await leased(tx, both.source, { command, now: at })
  if (!freed.ok) return freed

  const { lastNumber: messages } = both.source.state
  const went = whole('source', messages)
  const order = { source: [], target: [...whole('target', both.target.state.lastNumber), ...went] }
  const state = united(both.target.state, both.source.state, target.inbox.answerMinutes)
  const said = { source: await saidIn(tx, ids.source), target: await saidIn(tx, ids.target) }
  const carrying = { to: 'target', order, said, state, by: caller.id, at } as const
  const carried = await carryOver(tx, both, before, carrying)
  const { record, changed } = carried
  const move = await noteMove(tx, deps, by, at, {
    ...{ kind: 'merge', both: { source: both.source, target: record }, ids, messages },
    ...{ before, lease, went, client: null, sentHash: null },
  })
  tellOwners(tx, record, { by: caller.id, at }, changed)
  await deps.onJoined(tx, joinedOf(both.source, record, { by: caller.id, at }))
  return ok({ conversation: await rowOf(tx, record), move })
}
