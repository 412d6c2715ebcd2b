import { bytesOf, type ConversationId, type ScheduledId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import type { DraftView, ScheduledView } from '@fermata/contract/drafts.schema'
import type { ReadTx } from '@fermata/storage/port'
import { accessConversation } from '../conversations/index.ts'
import { accessScheduled } from './access.ts'
import { draftOf } from './store.sql.ts'
import { draftView, scheduledView } from './views.ts'

/** Somebody's own draft in a conversation. It is theirs, also when they see the conversation no more. */
async function draft(tx: ReadTx, caller: Caller, id: ConversationId): Promise<DraftView | null> {
  if (caller.kind !== 'member') return null
  const row = await tx.get(draftOf, { conversation: bytesOf(id), owner: caller.id })
  return row === undefined ? null : draftView(row)
}

/** The draft that all share who answer in a conversation, for whoever sees the conversation. */
async function sharedDraft(
  tx: ReadTx,
  caller: Caller,
  id: ConversationId,
): Promise<DraftView | null> {
  if (caller.kind === 'contact') return null
  const accessed = await accessConversation(tx, caller, id)
  if (!accessed.ok) return null
  // What became part of another is asked for by the events of its past: its draft is there by now.
  if (accessed.value.record.id !== id) return null
  const row = await tx.get(draftOf, { conversation: bytesOf(id), owner: '' })
  return row === undefined ? null : draftView(row)
}

/** A scheduled message that is not over, for its sender. */
async function scheduled(
  tx: ReadTx,
  caller: Caller,
  id: ScheduledId,
): Promise<ScheduledView | null> {
  if (caller.kind === 'contact') return null
  const accessed = await accessScheduled(tx, caller, id)
  if (!accessed.ok) return null
  const { state } = accessed.value
  return state === 'waiting' || state === 'stopped' ? scheduledView(accessed.value) : null
}

/** The look-ups of this room for the feed. */
export const draftsNow = { draft, sharedDraft, scheduled } as const
