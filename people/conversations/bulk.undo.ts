import { present } from '@fermata/base/assert'
import type { Clock } from '@fermata/base/clock'
import { bytesOf, type ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { MemberActor } from '@fermata/contract/actors'
import type { BulkAct } from '@fermata/contract/bulk.schema'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { roomForOne, type Command, type Holder } from '../leases/index.ts'
import type { Conversation } from './conversation.ts'
import { answerer, saveLease } from './lease.actions.ts'
import { holderOf } from './leasing.ts'
import { unarchiveIn } from './mine.actions.ts'
import { recordOf, type ConversationRecord } from './record.ts'
import { restored } from './restore.ts'
import { save } from './save.ts'
import { conversationById, participantOf } from './store.sql.ts'

/** What a conversation was in, for everybody and for whoever did it. */
export interface Was {
  readonly state: Conversation
  readonly archived: number | null
}

/** What a conversation is in now. */
export async function stateNow(
  tx: ReadTx,
  caller: MemberActor,
  id: ConversationId,
): Promise<Was | null> {
  const row = await tx.get(conversationById, { id: bytesOf(id) })
  if (row === undefined) return null
  const own = await tx.get(participantOf, { conversation: row.id, actor: caller.id })
  return { state: recordOf(row).state, archived: own?.archived_number ?? null }
}

/** Puts a conversation back to what it was in; whoever calls has seen that nothing else has happened. */
export async function undone(
  tx: WriteTx,
  clock: Clock,
  undo: { caller: MemberActor; record: ConversationRecord; type: BulkAct['type']; was: Was },
): Promise<void> {
  const { caller, record, type, was } = undo
  const deed = { by: caller.id, at: clock.now() }
  if (type === 'archive') {
    await unarchiveIn(tx, clock, caller, { id: record.id, to: was.archived })
    return
  }
  const isLeased = type === 'take' || type === 'hand' || type === 'release'
  const back = isLeased
    ? record
    : await save(tx, record, restored(record.state, was.state, deed.at), deed)
  const command = await leaseBack(tx, caller, back, was.state.lease?.holder ?? null)
  if (command !== null) {
    const saved = await saveLease(tx, back, { command }, deed)
    present(saved.ok ? saved.value : undefined, 'a lease that goes back')
  }
}

/** How the lease goes back to whoever had it; null when it is there, or they may hold no more. */
async function leaseBack(
  tx: WriteTx,
  caller: MemberActor,
  record: ConversationRecord,
  holder: Pick<Holder, 'id'> | null,
): Promise<Command | null> {
  const by = holderOf(caller)
  const now = record.state.lease?.holder.id ?? null
  if (now === (holder?.id ?? null)) return null
  // What somebody did themselves a moment ago they may take back, whoever it went to.
  if (holder === null) return { type: 'release', by, mayMove: true }
  const to = await answerer(tx, record, holder.id)
  const full = await roomForOne(tx, record.workspace, holder.id)
  if (to === null || full !== null)
    return now === null ? null : { type: 'release', by, mayMove: true }
  const spanMs = limits.leaseMsDefault
  return { type: 'hand', by, to, text: '', spanMs, mayMove: true }
}
