import type { ConversationId, MessageId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import type {
  ConversationRow,
  MessageView,
  MineView,
  ParticipantView,
} from '@fermata/contract/conversations.schema'
import type { ReadTx } from '@fermata/storage/port'
import { accessConversation, accessMessage, eyesOf } from './access.ts'
import { mineOf, participantsOf, previewOf } from './lookups.ts'
import { messageView, rowView } from './views.ts'

/** What the feed asks of this room: things as they are now, or null for who may not see them. */
export interface ConversationsNow {
  conversation(tx: ReadTx, caller: Caller, id: ConversationId): Promise<ConversationRow | null>
  message(tx: ReadTx, caller: Caller, id: MessageId): Promise<MessageView | null>
  participants(tx: ReadTx, caller: Caller, id: ConversationId): Promise<ParticipantView[]>
  mine(tx: ReadTx, caller: Caller, id: ConversationId): Promise<MineView | null>
}

/** The look-ups of this room for the feed, through the same access functions as every other door. */
export const conversationsNow: ConversationsNow = {
  async conversation(tx, caller, id) {
    const accessed = await accessConversation(tx, caller, id)
    if (!accessed.ok) return null
    const { record } = accessed.value
    const eyes = eyesOf(caller)
    return rowView(record, await previewOf(tx, record, eyes), eyes)
  },
  async message(tx, caller, id) {
    const accessed = await accessMessage(tx, caller, id)
    return accessed.ok ? messageView(accessed.value.message, eyesOf(caller)) : null
  },
  participants: (tx, caller, id) => participantsOf(tx, id, eyesOf(caller)),
  mine: (tx, caller, id) => mineOf(tx, id, caller.id),
}
