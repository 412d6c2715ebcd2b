import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { bytesOf, type ConversationId, type MessageId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Standing } from '../accounts/index.ts'
import type { InboxView } from '@fermata/contract/places.schema'
import type { ReadTx } from '@fermata/storage/port'
import { inboxForCaller } from '../places/index.ts'
import { recordOf, type ConversationRecord } from './record.ts'
import { conversationById, conversationForChange, messageById } from './store.sql.ts'
import type { ConversationTable, MessageTable } from './tables.ts'
import type { Eyes } from './views.ts'

/** A conversation that a caller may see, with the inbox it is in. */
export interface Accessed {
  readonly record: ConversationRecord
  readonly inbox: InboxView
}

/** A message that a caller may see, with its conversation. */
export interface AccessedMessage extends Accessed {
  readonly message: MessageTable
}

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
): Promise<Result<Accessed, Refusal>> {
  if (row === undefined) return absent('conversation')
  const record = recordOf(row)
  if (record.workspace !== caller.workspace) return absent('conversation')
  if (caller.kind === 'contact' && record.contact !== caller.id) return absent('conversation')
  const inbox = await inboxForCaller(tx, caller, row.inbox)
  if (inbox === undefined) return absent('conversation')
  return ok({ record, inbox })
}

/**
 * The only way to get a conversation for somebody: its contact, a member who sees its inbox, or an app of
 * its workspace. `toChange` locks it until the transaction ends. Refuses with `not_found`.
 */
export async function accessConversation(
  tx: ReadTx,
  caller: Speaker,
  id: ConversationId,
  use: 'toLook' | 'toChange' = 'toLook',
): Promise<Result<Accessed, Refusal>> {
  const found = use === 'toChange' ? conversationForChange : conversationById
  return accessed(tx, caller, await tx.get(found, { id: bytesOf(id) }))
}

/** The only way to get a message for somebody. To a contact, a note does not exist. */
export async function accessMessage(
  tx: ReadTx,
  caller: Speaker,
  id: MessageId,
  use: 'toLook' | 'toChange' = 'toLook',
): Promise<Result<AccessedMessage, Refusal>> {
  const seen = await tx.get(messageById, { id: bytesOf(id) })
  if (seen === undefined || (caller.kind === 'contact' && seen.kind === 'note')) {
    return absent('message')
  }
  const found = use === 'toChange' ? conversationForChange : conversationById
  const around = await accessed(tx, caller, await tx.get(found, { id: seen.conversation }))
  if (!around.ok) return absent('message')
  // Read again behind the lock: it may have been changed while this waited for it.
  const message = use === 'toChange' ? await tx.get(messageById, { id: bytesOf(id) }) : seen
  return message === undefined ? absent('message') : ok({ ...around.value, message })
}

/** Whether somebody may see a message that has not been deleted: what it carries is theirs to see, too. */
export async function seesMessage(tx: ReadTx, caller: Caller, id: MessageId): Promise<boolean> {
  const accessed = await accessMessage(tx, caller, id)
  return accessed.ok && accessed.value.message.deleted_at === null
}
