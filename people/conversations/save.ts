import { bytesOf, type ActorId } from '@fermata/base/ids'
import type { EventBody, EventType } from '@fermata/contract/events.schema'
import type { WriteTx } from '@fermata/storage/port'
import { setTimer } from '../schedule/index.ts'
import { check, type Conversation, type Decision } from './conversation.ts'
import { columnsOf, type ConversationRecord, type FloorRecord } from './record.ts'
import { updateConversation } from './store.sql.ts'

/** Who did something and when. `by` is null for Fermata itself. */
export interface Deed {
  readonly by: ActorId | null
  readonly at: number
}

/** Which conversation an event is about: one with a customer, or one among members. */
export type About =
  | Pick<ConversationRecord, 'id' | 'workspace' | 'inbox' | 'contact'>
  | Pick<FloorRecord, 'id' | 'workspace' | 'place'>

/** The place whose viewers hear of a conversation. A direct one is a place of its own. */
export function placeOf(about: About): Uint8Array {
  if ('inbox' in about) return bytesOf(about.inbox)
  return bytesOf(about.place.kind === 'channel' ? about.place.channel : about.id)
}

/** Addresses an event of a conversation: to those who see its place, and to its contact if told. */
export function emitAbout<T extends EventType>(
  tx: WriteTx,
  record: About,
  deed: Deed,
  event: { type: T; body: EventBody<T>; contacts?: boolean; only?: string },
): void {
  tx.emit({
    workspace: bytesOf(record.workspace),
    at: deed.at,
    actor: deed.by,
    type: event.type,
    place: placeOf(record),
    conversation: bytesOf(record.id),
    contact: event.contacts === true && 'contact' in record ? bytesOf(record.contact) : null,
    only: event.only ?? null,
    body: event.body,
  })
}

/** Moves the timers of the two pauses to where the new state has them. */
export async function saveTimers(
  tx: WriteTx,
  record: ConversationRecord,
  next: Pick<Conversation, 'pauses'>,
): Promise<void> {
  for (const side of ['ours', 'theirs'] as const) {
    const before = record.state.pauses[side]?.until ?? null
    const after = next.pauses[side]?.until ?? null
    if (before === after) continue
    const subject = bytesOf(record.id)
    const workspace = bytesOf(record.workspace)
    await setTimer(tx, { kind: 'pause', subject, slot: side, workspace, at: after })
  }
}

/** Writes what was decided, with its events and timers; answers the record as it is now. */
export async function save(
  tx: WriteTx,
  record: ConversationRecord,
  decision: Decision,
  deed: Deed,
): Promise<ConversationRecord> {
  const { state, happenings } = decision
  if (state === record.state) return record
  check(state)
  await tx.run(updateConversation, { id: bytesOf(record.id), ...columnsOf(state) })
  await saveTimers(tx, record, state)
  for (const { type, body, contacts } of happenings) {
    emitAbout(tx, record, deed, { type, body, contacts })
  }
  return { ...record, state }
}
