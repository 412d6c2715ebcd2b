import type { Clock } from '@fermata/base/clock'
import { idText, type MessageId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { MessageView } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { Storage } from '@fermata/storage/port'
import { accessMessage, eyesOf } from './access.ts'
import { emitAbout } from './save.ts'
import { changeMessage, deleteEdits, insertEdit } from './store.sql.ts'
import type { MessageTable } from './tables.ts'
import { messageView } from './views.ts'

/** The actions on messages that have been said. */
export interface MessageActions {
  /** Changes the text of one's own message; the former text is kept for members to see. */
  edit(caller: Caller, id: MessageId, text: string): Promise<Result<MessageView, Refusal>>
  /** Deletes one's own message, as an owner anybody's. The text and its former texts are erased. */
  erase(caller: Caller, id: MessageId): Promise<Result<MessageView, Refusal>>
}

function mayEdit(caller: Caller, message: MessageTable): Refusal | undefined {
  if (message.author !== caller.id) {
    return refusal('not_allowed', { message: 'Only its author may change a message.' })
  }
  if (message.deleted_at !== null) {
    return refusal('conflict', { message: 'This message has been deleted.' })
  }
  return undefined
}

function mayErase(caller: Caller, message: MessageTable): Refusal | undefined {
  const owner = caller.kind === 'member' && caller.role === 'owner'
  if (owner || message.author === caller.id) return undefined
  return refusal('not_allowed', { message: 'Only its author or an owner may delete a message.' })
}

/** The writers of messages that exist. */
export function messageActions(deps: {
  readonly storage: Storage
  readonly clock: Clock
}): MessageActions {
  const { storage, clock } = deps
  return {
    edit: (caller, id, text) =>
      storage.write(async (tx) => {
        const accessed = await accessMessage(tx, caller, id, 'toChange')
        if (!accessed.ok) return accessed
        const { record, message } = accessed.value
        const wrong = mayEdit(caller, message)
        if (wrong !== undefined) return refused(wrong)
        const eyes = eyesOf(caller)
        if (message.text === text) return ok(messageView(message, eyes))
        const at = clock.now()
        const { conversation, number, revision } = message
        await tx.run(insertEdit, { conversation, number, revision, text: message.text, until: at })
        const edited = { ...message, text, revision: revision + 1, edited_at: at }
        await tx.run(changeMessage, edited)
        emitAbout(
          tx,
          record,
          { by: caller.id, at },
          {
            type: 'message.edited',
            body: { message: idText('msg', message.id) },
            contacts: message.kind === 'reply',
          },
        )
        return ok(messageView(edited, eyes))
      }),

    erase: (caller, id) =>
      storage.write(async (tx) => {
        const accessed = await accessMessage(tx, caller, id, 'toChange')
        if (!accessed.ok) return accessed
        const { record, message } = accessed.value
        const wrong = mayErase(caller, message)
        if (wrong !== undefined) return refused(wrong)
        const eyes = eyesOf(caller)
        if (message.deleted_at !== null) return ok(messageView(message, eyes))
        const at = clock.now()
        const erased = { ...message, text: '', deleted_at: at, deleted_by: caller.id }
        await tx.run(changeMessage, erased)
        await tx.run(deleteEdits, message)
        emitAbout(
          tx,
          record,
          { by: caller.id, at },
          {
            type: 'message.deleted',
            body: { message: idText('msg', message.id) },
            contacts: message.kind === 'reply',
          },
        )
        return ok(messageView(erased, eyes))
      }),
  }
}
