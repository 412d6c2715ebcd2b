import { bytesOf, idText } from '@fermata/base/ids'
import { asks, isShortAndAsksNothing, isSmallTalk } from '@fermata/contract/small-talk'
import type { Side } from '@fermata/contract/words'
import type { ReadTx } from '@fermata/storage/port'
import { smallTalkLists } from '../small-talk/index.ts'
import { mayBeSmallTalk } from './conversation.ts'
import type { ConversationRecord } from './record.ts'
import { lastOfOurs } from './store.sql.ts'
import type { MessageTable } from './tables.ts'

/**
 * Whether what somebody says is small talk here. While nobody has said "later" and we asked the contact
 * something, even a single word of theirs is an answer.
 */
export async function wakesNobody(
  tx: ReadTx,
  { id, workspace, state }: ConversationRecord,
  side: Side,
  text: string,
): Promise<boolean> {
  if (!mayBeSmallTalk(state, side) || !isShortAndAsksNothing(text)) return false
  if (!isSmallTalk(text, await smallTalkLists(tx, workspace))) return false
  if (state.status !== 'open') return true
  const ours = await tx.get(lastOfOurs, { conversation: bytesOf(id) })
  return ours === undefined || !asks(ours.text)
}

/** Whether a message that was small talk still is with another text. */
export async function isStillSmallTalk(
  tx: ReadTx,
  message: Pick<MessageTable, 'workspace'>,
  text: string,
): Promise<boolean> {
  return isSmallTalk(text, await smallTalkLists(tx, idText('wsp', message.workspace)))
}
