import { bytesOf, idText, type ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import type { MoveView } from '@fermata/contract/moves.schema'
import type { WriteTx } from '@fermata/storage/port'
import { accessConversation, type Accessed } from './access.ts'
import type { MoveTable } from './moves.tables.ts'
import type { ConversationRecord } from './record.ts'

/** Whoever brings conversations together or takes them apart. */
export type Mover = MemberActor | AppActor

/** A move as members and apps see it. */
export function moveView(row: Omit<MoveTable, 'was' | 'client' | 'sent_hash'>): MoveView {
  const { undone_by: by, undone_at: at } = row
  return {
    id: idText('mov', row.id),
    kind: row.kind,
    source: idText('cnv', row.source),
    target: idText('cnv', row.target),
    messages: row.messages,
    by: row.by_id as MoveView['by'],
    at: row.at,
    undone: by === null || at === null ? null : { by: by as MoveView['by'], at },
  }
}

/** Two conversations for changing. They are locked in the order of their ids, so that two moves never cross. */
export async function accessBoth(
  tx: WriteTx,
  caller: Mover,
  ids: { readonly source: ConversationId; readonly target: ConversationId },
): Promise<Result<{ source: Accessed; target: Accessed }, Refusal>> {
  const isFirst = ids.source < ids.target
  const first = await accessConversation(tx, caller, isFirst ? ids.source : ids.target, 'toChange')
  if (!first.ok) return first
  const second = await accessConversation(tx, caller, isFirst ? ids.target : ids.source, 'toChange')
  if (!second.ok) return second
  const [source, target] = isFirst ? [first, second] : [second, first]
  return ok({ source: source.value, target: target.value })
}

/** Refuses to take away from somebody else what they hold, unless one may move leases. */
export function heldByOther(
  caller: Mover,
  { state }: ConversationRecord,
  now: number,
): Refusal | null {
  const { lease } = state
  if (lease === null || lease.until <= now || lease.holder.id === caller.id) return null
  if (may(caller, 'leases:move')) return null
  const { id, name } = lease.holder
  const message = `${name} holds this conversation.`
  return refusal('lease_held', { message, holder: { id, name } })
}

/** Refuses to rearrange more messages than is done at once. */
export function tooLarge(messages: number): Refusal | null {
  const limit = limits.messagesRearrangedMax
  return messages <= limit ? null : refusal('limit_reached', { field: 'messages', limit })
}

/** A refusal for what the conversations are in. */
export function conflict(message: string): { ok: false; refusal: Refusal } {
  return refused(refusal('conflict', { message }))
}

/** The bytes of both ids. */
export function bytesOfBoth(ids: {
  readonly source: ConversationId
  readonly target: ConversationId
}): { source: Uint8Array; target: Uint8Array } {
  return { source: bytesOf(ids.source), target: bytesOf(ids.target) }
}
