import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { bytesOf, type ConversationId, type MessageId } from '@fermata/base/ids'
import { present } from '@fermata/base/assert'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Standing } from '../accounts/index.ts'
import type { InboxView } from '@fermata/contract/places.schema'
import type { ReadTx } from '@fermata/storage/port'
import { may } from '@fermata/contract/may'
import { channelForCaller, inboxForCaller, type AccessedChannel } from '../places/index.ts'
import {
  floorPlaceOf,
  floorRecordOf,
  recordOf,
  type ConversationRecord,
  type FloorRecord,
} from './record.ts'
import { conversationAt } from './redirects.ts'
import { conversationById, conversationForChange, messageById } from './store.sql.ts'
import type { ConversationTable, MessageTable } from './tables.ts'
import type { Eyes } from './views.ts'

/** A conversation with a customer that a caller may see, with the inbox it is in. */
export interface Accessed {
  readonly record: ConversationRecord
  readonly inbox: InboxView
}

/** A conversation among members that a caller may see, with its channel; a direct one has none. */
export interface AccessedFloor {
  readonly record: FloorRecord
  readonly channel: AccessedChannel | null
}

/** A conversation of either kind that a caller may see. */
export type Talk =
  (Accessed & { readonly kind: 'desk' }) | (AccessedFloor & { readonly kind: 'floor' })

/** A message that a caller may see, with its conversation. */
export type AccessedMessage = Talk & { readonly message: MessageTable }

/** Whoever says something; also somebody who is not here, and in whose name it is said. */
export type Speaker = Caller | Standing

/** With whose eyes a caller looks at conversations. */
export function eyesOf(caller: Pick<Caller, 'kind'>): Eyes {
  return caller.kind === 'contact' ? 'theirs' : 'ours'
}

/** What is not there and what is not yours look the same, so that nobody learns what exists. */
function absent(what: string): { ok: false; refusal: Refusal } {
  return refused(
    refusal('not_found', { message: `There is no such ${what}, or you may not see it.` }),
  )
}

async function accessed(
  tx: ReadTx,
  caller: Speaker,
  row: ConversationTable | undefined,
): Promise<Result<Talk, Refusal>> {
  if (row === undefined) return absent('conversation')
  const place = floorPlaceOf(row)
  if (place !== undefined) return accessedFloor(tx, caller, floorRecordOf(row, place))
  const record = recordOf(row)
  if (record.workspace !== caller.workspace) return absent('conversation')
  if (caller.kind === 'contact' && record.contact !== caller.id) return absent('conversation')
  const inbox = await inboxForCaller(tx, caller, present(row.inbox, 'an inbox'))
  if (inbox === undefined) return absent('conversation')
  return ok({ kind: 'desk', record, inbox })
}

/** What members say among themselves is nobody else's: a channel's is for whoever sees it. */
async function accessedFloor(
  tx: ReadTx,
  caller: Speaker,
  record: FloorRecord,
): Promise<Result<Talk, Refusal>> {
  const { workspace, place } = record
  if (workspace !== caller.workspace || caller.kind !== 'member') return absent('conversation')
  if (place.kind === 'direct') {
    const isPart = may(caller, 'conversations:read') && place.members.includes(caller.id)
    return isPart ? ok({ kind: 'floor', record, channel: null }) : absent('conversation')
  }
  const channel = await channelForCaller(tx, caller, bytesOf(place.channel))
  return channel === undefined ? absent('conversation') : ok({ kind: 'floor', record, channel })
}

/**
 * The only way to get a conversation for somebody: its contact, a member who sees its inbox or its channel
 * or takes part in it directly, or an app of its workspace. `toChange` locks it until the transaction ends.
 * An id whose conversation became part of another leads there. Refuses with `not_found`.
 */
export async function accessTalk(
  tx: ReadTx,
  caller: Speaker,
  id: ConversationId,
  use: 'toLook' | 'toChange' = 'toLook',
): Promise<Result<Talk, Refusal>> {
  return accessed(tx, caller, await conversationAt(tx, bytesOf(id), use))
}

/** The same for what can be done to conversations with customers alone; others are refused with `conflict`. */
export async function accessConversation(
  tx: ReadTx,
  caller: Speaker,
  id: ConversationId,
  use: 'toLook' | 'toChange' = 'toLook',
): Promise<Result<Accessed, Refusal>> {
  const talk = await accessTalk(tx, caller, id, use)
  if (!talk.ok) return talk
  if (talk.value.kind === 'desk') return ok(talk.value)
  const message = 'This can be done to conversations with customers only.'
  return refused(refusal('conflict', { message }))
}

/**
 * Why somebody may not change what is theirs in a conversation that they see, or null: the route let them
 * in for the one kind of conversation or for the other.
 */
export function refuseDoing(caller: Speaker, { kind }: Pick<Talk, 'kind'>): Refusal | undefined {
  if (caller.kind === 'contact') return undefined
  const needed = kind === 'desk' ? 'conversations:write' : 'channels:talk'
  return may(caller, needed) ? undefined : refusal('not_allowed')
}

/** Why somebody may say nothing among members in a conversation that they see, or null. */
export function refuseWriting(
  caller: Speaker,
  talk: Pick<AccessedFloor, 'channel'>,
): Refusal | null {
  if (!may(caller, 'channels:talk')) return refusal('not_allowed')
  if (talk.channel === null) return null
  if (talk.channel.channel.archive !== null) {
    return refusal('conflict', { message: 'This channel is archived.' })
  }
  if (talk.channel.seat !== null) return null
  return refusal('not_allowed', { message: 'Join the channel first.' })
}

/** The only way to get a message for somebody. To a contact, a note does not exist. */
export async function accessMessage(
  tx: ReadTx,
  caller: Speaker,
  id: MessageId,
  use: 'toLook' | 'toChange' = 'toLook',
): Promise<Result<AccessedMessage, Refusal>> {
  const found = use === 'toChange' ? conversationForChange : conversationById
  let seen = await tx.get(messageById, { id: bytesOf(id) })
  for (;;) {
    if (seen === undefined || (caller.kind === 'contact' && seen.kind === 'note')) {
      return absent('message')
    }
    const { conversation } = seen
    const row = await tx.get(found, { id: conversation })
    // Read again behind the lock: it may have been changed while this waited for it, or moved elsewhere.
    const message = use === 'toChange' ? await tx.get(messageById, { id: bytesOf(id) }) : seen
    if (message !== undefined && Buffer.compare(message.conversation, conversation) !== 0) {
      seen = message
      continue
    }
    const around = await accessed(tx, caller, row)
    return around.ok && message !== undefined ? ok({ ...around.value, message }) : absent('message')
  }
}

/** Whether somebody may see a message that has not been deleted: what it carries is theirs to see, too. */
export async function seesMessage(tx: ReadTx, caller: Caller, id: MessageId): Promise<boolean> {
  const accessed = await accessMessage(tx, caller, id)
  return accessed.ok && accessed.value.message.deleted_at === null
}
