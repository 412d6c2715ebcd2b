import { limits } from '@fermata/base/limits'
import { bytesOf, idText, uuidBytes, type ConversationId, type MessageId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { AnyRow } from '@fermata/contract/channels.schema'
import type {
  ConversationRow,
  EditView,
  MessageView,
  MineView,
  ParticipantView,
} from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx } from '@fermata/storage/port'
import { accessMessage, accessTalk, eyesOf, type Speaker, type Talk } from './access.ts'
import { saidByContactAfter, saidByContactUnder } from './answered.sql.ts'
import { anyMove } from './moves.sql.ts'
import type { ConversationRecord, FloorRecord } from './record.ts'
import {
  editsOfMessage,
  messageByClient,
  messageByNumber,
  messagesAfter,
  messagesBefore,
  participantOf,
  participantsIn,
  repliesAfter,
  repliesBefore,
} from './store.sql.ts'
import {
  floorRowView,
  messageView,
  mineOrNull,
  participantView,
  previewOfMessage,
  rowView,
  type Eyes,
  type Preview,
} from './views.ts'

/** What the sender of a message is told. */
export interface Said {
  readonly conversation: ConversationRow
  readonly message: MessageView
}

/** The message that a list shows of a conversation: the last that these eyes may see. */
export async function previewOf(
  tx: ReadTx,
  record: ConversationRecord | FloorRecord,
  eyes: Eyes,
): Promise<Preview | null> {
  const { state } = record
  const number = eyes === 'ours' || !('lastReply' in state) ? state.lastNumber : state.lastReply
  const row = await tx.get(messageByNumber, { conversation: bytesOf(record.id), number })
  return row === undefined ? null : previewOfMessage(row)
}

/** A conversation of either kind as a list shows it. */
export async function talkView(tx: ReadTx, talk: Talk, eyes: Eyes): Promise<AnyRow> {
  const preview = await previewOf(tx, talk.record, eyes)
  return talk.kind === 'desk'
    ? rowView(talk.record, preview, eyes)
    : floorRowView(talk.record, preview)
}

/** Who takes part, longest first. A contact is not told who listens on our side. */
export async function participantsOf(
  tx: ReadTx,
  id: ConversationId,
  eyes: Eyes,
): Promise<ParticipantView[]> {
  if (eyes === 'theirs') return []
  const limit = limits.participantsPerConversationMax
  const rows = await tx.all(participantsIn, { conversation: bytesOf(id), limit })
  return rows.map(participantView)
}

/** Somebody's own state of a conversation, or null when they have none yet. */
export async function mineOf(
  tx: ReadTx,
  id: ConversationId,
  actor: string,
): Promise<MineView | null> {
  return mineOrNull(await tx.get(participantOf, { conversation: bytesOf(id), actor }))
}

/** The number of the last message, as these eyes count. */
export function lastOf({ state }: ConversationRecord | FloorRecord, eyes: Eyes): number {
  return eyes === 'ours' || !('replyCount' in state) ? state.lastNumber : state.replyCount
}

/** A run of messages, and whether there are more on either side of it. */
export interface MessageRun {
  readonly messages: MessageView[]
  readonly more: { readonly before: boolean; readonly after: boolean }
}

/** The messages of a conversation: the last ones, or those before or after a number. */
export async function messagesOf(
  tx: ReadTx,
  caller: Caller,
  id: ConversationId,
  page: { before?: number; after?: number; limit?: number },
): Promise<Result<MessageRun, Refusal>> {
  if (page.before !== undefined && page.after !== undefined) {
    const message = 'Ask for what is before or after a number, not both.'
    return refused(refusal('invalid_field', { message, field: 'query.after' }))
  }
  const accessed = await accessTalk(tx, caller, id)
  if (!accessed.ok) return accessed
  const eyes = eyesOf(caller)
  const conversation = bytesOf(accessed.value.record.id)
  const wanted = page.limit ?? limits.pageRowsDefault
  const limit = wanted + 1
  if (page.after !== undefined) {
    const found = eyes === 'ours' ? messagesAfter : repliesAfter
    const rows = await tx.all(found, { conversation, number: page.after, limit })
    const messages = rows.slice(0, wanted).map((row) => messageView(row, eyes))
    return ok({ messages, more: { before: page.after > 0, after: rows.length > wanted } })
  }
  const last = lastOf(accessed.value.record, eyes)
  const number = page.before ?? last + 1
  const found = eyes === 'ours' ? messagesBefore : repliesBefore
  const rows = await tx.all(found, { conversation, number, limit })
  const messages = rows.slice(0, wanted).map((row) => messageView(row, eyes))
  return ok({
    messages: messages.reverse(),
    more: { before: rows.length > wanted, after: number <= last },
  })
}

/** The former texts of a message, the newest first; for our side only. */
export async function editsOf(
  tx: ReadTx,
  caller: Caller,
  id: MessageId,
): Promise<Result<EditView[], Refusal>> {
  const accessed = await accessMessage(tx, caller, id)
  if (!accessed.ok) return accessed
  const { conversation, number } = accessed.value.message
  const limit = limits.editsPerMessageMax
  const rows = await tx.all(editsOfMessage, { conversation, number, limit })
  return ok(rows.map(({ revision, text, until }) => ({ revision, text, until })))
}

/**
 * Whether the other side has said something since a moment, of which the number of the last message then is known,
 * and an id that was new then. Numbers are exact however clocks are set; but where messages have come or gone by a
 * merge or a split they say nothing any more, and ids do.
 */
export async function hasAnswered(
  tx: ReadTx,
  id: ConversationId,
  { since: number, mark }: { readonly since: number; readonly mark: Uint8Array | null },
): Promise<boolean> {
  const conversation = bytesOf(id)
  const isRearranged = (await tx.get(anyMove, { conversation })) !== undefined
  const found =
    isRearranged && mark !== null
      ? await tx.get(saidByContactUnder, { conversation, mark })
      : await tx.get(saidByContactAfter, { conversation, number })
  return found !== undefined
}

/** The message that somebody sent under a client id. */
export async function messageUnder(
  tx: ReadTx,
  author: Pick<Speaker, 'id'>,
  client: string,
): Promise<MessageId | null> {
  const row = await tx.get(messageByClient, { author: author.id, client: uuidBytes(client) })
  return row === undefined ? null : idText('msg', row.id)
}

/** A message and its conversation as its sender is told of them. Refuses with `not_found`. */
export async function saidAs(
  tx: ReadTx,
  caller: Speaker,
  id: MessageId,
): Promise<Result<Said, Refusal>> {
  const accessed = await accessMessage(tx, caller, id)
  if (!accessed.ok) return accessed
  if (accessed.value.kind === 'floor') return refused(refusal('not_found'))
  const { message, record } = accessed.value
  const eyes = eyesOf(caller)
  return ok({
    conversation: rowView(record, await previewOf(tx, record, eyes), eyes),
    message: messageView(message, eyes),
  })
}
