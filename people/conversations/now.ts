import type { ConversationId, MessageId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import type { MessageView, MineView, ParticipantView } from '@fermata/contract/conversations.schema'
import type { AnyRow } from '@fermata/contract/channels.schema'
import type { Hearers } from '../feed/index.ts'
import type { ReadTx } from '@fermata/storage/port'
import { accessMessage, accessTalk, eyesOf } from './access.ts'
import { mineOf, participantsOf, talkView } from './lookups.ts'
import { conversationById } from './store.sql.ts'
import { messageView } from './views.ts'

/** Who hears of a direct conversation: whoever takes part; undefined when it is another place. */
export async function hearersOfDirect(
  tx: ReadTx,
  conversation: Uint8Array,
): Promise<Hearers | undefined> {
  const row = await tx.get(conversationById, { id: conversation })
  if (row === undefined || row.direct === null) return undefined
  return { isOpen: false, members: new Set(row.direct.split(' ')) }
}

/** What the feed asks of this room: things as they are now, or null for who may not see them. */
export interface ConversationsNow {
  conversation(tx: ReadTx, caller: Caller, id: ConversationId): Promise<AnyRow | null>
  message(tx: ReadTx, caller: Caller, id: MessageId): Promise<MessageView | null>
  participants(tx: ReadTx, caller: Caller, id: ConversationId): Promise<ParticipantView[]>
  mine(tx: ReadTx, caller: Caller, id: ConversationId): Promise<MineView | null>
}

/** The look-ups of this room for the feed, through the same access functions as every other door. */
export const conversationsNow: ConversationsNow = {
  async conversation(tx, caller, id) {
    const accessed = await accessTalk(tx, caller, id)
    // To the feed, one that became part of another is gone: it is told of there.
    if (accessed.ok && accessed.value.record.id !== id) return null
    return accessed.ok ? talkView(tx, accessed.value, eyesOf(caller)) : null
  },
  async message(tx, caller, id) {
    const accessed = await accessMessage(tx, caller, id)
    return accessed.ok ? messageView(accessed.value.message, eyesOf(caller)) : null
  },
  participants: (tx, caller, id) => participantsOf(tx, id, eyesOf(caller)),
  mine: (tx, caller, id) => mineOf(tx, id, caller.id),
}
