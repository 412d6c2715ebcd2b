import type { Clock } from '@fermata/base/clock'
import { assert } from '@fermata/base/assert'
import { idText, type MessageId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { MessageView } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import type { Storage, WriteTx } from '@fermata/storage/port'
import { eraseFilesOf } from '../files/index.ts'
import { accessMessage, eyesOf, refuseDoing, type AccessedMessage } from './access.ts'
import { decide } from './conversation.ts'
import { emitAbout, save } from './save.ts'
import { isStillSmallTalk } from './small-talk.ts'
import { changeMessage, deleteEdits, insertEdit } from './store.sql.ts'
import type { MessageTable } from './tables.ts'
import { messageView } from './views.ts'

/** The actions on messages that have been said. */
export interface MessageActions {
  /** Changes the text of one's own message; the former text is kept for members to see. */
  edit(caller: Caller, id: MessageId, text: string): Promise<Result<MessageView, Refusal>>
  /** Deletes one's own message, whoever may moderate anybody's. The text and its former texts are erased. */
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

function mayErase(caller: Caller, said: MessageTable): Refusal | undefined {
  if (may(caller, 'messages:moderate') || said.author === caller.id) return undefined
  const message = 'Only its author, or whoever may delete what others said, may delete a message.'
  return refusal('not_allowed', { message })
}

/** What is done to a message: whether it may be, what becomes of it, and which event tells of it. */
interface Deed {
  readonly may: (caller: Caller, message: MessageTable) => Refusal | undefined
  /** The message as it will be; the same when nothing changes. */
  readonly change: (tx: WriteTx, message: MessageTable, at: number) => Promise<MessageTable>
  readonly type: 'message.edited' | 'message.deleted'
}

/** What was small talk has become more than that: now it wakes the conversation. */
async function wake(tx: WriteTx, talk: AccessedMessage, at: number): Promise<void> {
  if (talk.kind === 'floor') return
  const { record, inbox } = talk
  const decided = decide(record.state, { type: 'turn', to: 'ours' }, at, inbox.answerMinutes)
  assert(decided.ok, 'to give the turn is never refused')
  await save(tx, record, decided.value, { by: null, at })
}

/** The writers of messages that exist. */
export function messageActions(deps: {
  readonly storage: Storage
  readonly clock: Clock
  /** Removes the bytes of files that were erased; called after the commit. */
  readonly tidyFiles: () => void
}): MessageActions {
  const { storage, clock } = deps

  function act(caller: Caller, id: MessageId, deed: Deed): Promise<Result<MessageView, Refusal>> {
    return storage.write(async (tx) => {
      const accessed = await accessMessage(tx, caller, id, 'toChange')
      if (!accessed.ok) return accessed
      const { record, message } = accessed.value
      const wrong = refuseDoing(caller, accessed.value) ?? deed.may(caller, message)
      if (wrong !== undefined) return refused(wrong)
      const at = clock.now()
      const changed = await deed.change(tx, message, at)
      if (changed !== message) {
        await tx.run(changeMessage, changed)
        const body = { message: idText('msg', message.id) }
        const contacts = message.kind === 'reply'
        emitAbout(tx, record, { by: caller.id, at }, { type: deed.type, body, contacts })
        if (message.small_talk > changed.small_talk) await wake(tx, accessed.value, at)
      }
      return ok(messageView(changed, eyesOf(caller)))
    })
  }

  return {
    edit: (caller, id, text) =>
      act(caller, id, {
        may: mayEdit,
        type: 'message.edited',
        async change(tx, message, at) {
          if (message.text === text) return message
          const { conversation, number, revision } = message
          const former = { conversation, number, revision, text: message.text, until: at }
          await tx.run(insertEdit, former)
          const isStill = message.small_talk === 1 && (await isStillSmallTalk(tx, message, text))
          const small_talk = isStill ? 1 : 0
          return { ...message, text, revision: revision + 1, edited_at: at, small_talk }
        },
      }),

    async erase(caller, id) {
      const erased = await act(caller, id, {
        may: mayErase,
        type: 'message.deleted',
        async change(tx, message, at) {
          if (message.deleted_at !== null) return message
          await tx.run(deleteEdits, message)
          if (message.files !== null) await eraseFilesOf(tx, id)
          return { ...message, text: '', files: null, deleted_at: at, deleted_by: caller.id }
        },
      })
      if (erased.ok) deps.tidyFiles()
      return erased
    },
  }
}
