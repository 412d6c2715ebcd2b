import { idText, type ConversationId, type MemberId } from '@fermata/base/ids'
import type { EventBody } from '@fermata/contract/events.schema'
import type { WriteTx } from '@fermata/storage/port'
import { emit } from '../event.ts'
import type { ScheduledTable } from './tables.ts'
import type { Speaker } from '../conversations/index.ts'

type ScheduledEvent = 'scheduled.changed' | 'scheduled.sent' | 'scheduled.removed'

/**
 * Tells the sender of a scheduled message, and nobody else. The event names its conversation in its body: it is
 * no part of the conversation's history, and theirs even when they do not see the conversation any more.
 */
export function emitScheduled<T extends ScheduledEvent>(
  tx: WriteTx,
  row: Pick<ScheduledTable, 'workspace' | 'sender'>,
  event: { readonly at: number; readonly by: Speaker['id'] | null },
  told: { readonly type: T; readonly body: EventBody<T> },
): void {
  const { workspace, sender } = row
  const only = sender as Speaker['id']
  emit(tx, { workspace, at: event.at, actor: event.by, only, ...told })
}

/** What an event says of a scheduled message. */
export function aboutScheduled(
  row: Pick<ScheduledTable, 'id' | 'conversation'>,
): EventBody<'scheduled.changed'> {
  return { scheduled: idText('sch', row.id), conversation: idText('cnv', row.conversation) }
}

/** Tells of a draft: its owner alone, or whoever sees the place of the one that all share. */
export function emitDraft(
  tx: WriteTx,
  to: { readonly workspace: Uint8Array; readonly place: Uint8Array | null },
  event: { readonly at: number; readonly by: Speaker['id'] },
  told: {
    readonly type: 'draft.changed' | 'draft.removed'
    readonly conversation: ConversationId
    /** Whose it is, where somebody else made it go elsewhere. */
    readonly owner?: MemberId
  },
): void {
  const shared = to.place !== null
  const body = { conversation: told.conversation, shared }
  const only = shared ? null : (told.owner ?? event.by)
  emit(tx, { ...to, at: event.at, actor: event.by, only, type: told.type, body })
}
