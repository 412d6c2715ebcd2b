import { useCallback, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '@fermata/base/ids'
import type { MessageView } from '@fermata/contract/conversations.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { Result } from '@fermata/base/result'
import type { MessageKind } from '@fermata/contract/words'
import { keepDraft, readDraft, type Draft } from '../../state/drafts.ts'
import { useAskModel, useMyId, useSession } from '../../state/use-session.tsx'
import type { SendLater } from '../drafts/send-later.tsx'
import { useDraftSync, type KeptDraft } from '../drafts/use-draft-sync.ts'
import { useAttachments, type Attachments } from '../files/use-attachments.ts'
import { tried } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useMoment } from '../../ui/time/time.tsx'
import { useNotices } from '../../ui/toast.tsx'
import type { Act } from './acts.ts'
import { useActs } from './use-acts.ts'

/** What is being written in a conversation. */
export interface Writing {
  readonly draft: Draft
  readonly editing: MessageView | null
  readonly isBusy: boolean
  readonly attachments: Attachments
  readonly field: { current: HTMLTextAreaElement | null }
  setDraft(draft: Draft): void
  /** Goes to the field, to write a reply or a note. */
  begin(kind: MessageKind): void
  edit(message: MessageView): void
  editLast(): void
  cancelEdit(): void
  /** Sends, and then does something with the conversation. */
  send(after: Act | null): void
  /** Sends at another time. */
  sendLater(later: SendLater): void
  /** Makes it the draft that all share who answer here. */
  share(): void
  /** The draft as the server keeps it. */
  readonly kept: KeptDraft
}

/** Writing in a conversation: the draft is kept in this browser until it is sent. */
export function useComposer(conversation: ConversationId): Writing {
  const { client, outbox } = useSession()
  const me = useMyId()
  const acts = useActs()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const { t } = useTranslation()
  const askModel = useAskModel()
  const attachments = useAttachments(conversation)
  const field = useRef<HTMLTextAreaElement | null>(null)
  const place = { me, conversation }
  const [draft, setShown] = useState(() => readDraft(localStorage, place))
  const [editing, setEditing] = useState<MessageView | null>(null)
  const [changed, setChanged] = useState('')
  const [isBusy, setBusy] = useState(false)

  const show = (next: Draft): void => {
    setShown(next)
    keepDraft(localStorage, place, next)
  }
  const kept = useDraftSync(conversation, draft, show)
  const setDraft = (next: Draft): void => {
    if (editing !== null) return setChanged(next.text)
    show(next)
    kept.typed(next)
  }
  const edit = useCallback((message: MessageView): void => {
    setEditing(message)
    setChanged(message.text)
    focusEnd(field.current)
  }, [])
  useLayoutEffect(() => {
    if (editing !== null) field.current?.setSelectionRange(editing.text.length, editing.text.length)
  }, [editing])
  const saveEdit = async (message: MessageView): Promise<void> => {
    setBusy(true)
    const call = { params: { message: message.id }, body: { text: changed } }
    const result = await tried(() => client.messages.edit(call))
    setBusy(false)
    if (result.ok) setEditing(null)
    else notices.say({ kind: 'failed', text: troubleText(result.refusal) })
  }
  const clearWords = (): void => setDraft({ kind: 'reply', text: '' })
  const clear = (): void => {
    attachments.take()
    clearWords()
  }
  const putting = usePutting(conversation, { draft, attachments, clear, clearWords, setBusy })
  const send = (after: Act | null): void => {
    if (editing !== null) return void saveEdit(editing)
    const files = attachments.all.flatMap(({ file }) => file?.id ?? [])
    // A reply says what it was written upon, so that it does not cross with somebody else's.
    const row = askModel().state.rows[conversation]
    const upon = draft.kind === 'note' || row === undefined ? {} : { token: row.token }
    const words = { ...draft, ...upon }
    const posted = outbox.post(conversation, files.length === 0 ? words : { ...words, files })
    if (!posted.ok) {
      notices.say({ kind: 'failed', text: t('conversations.composer.full') })
      return
    }
    clear()
    if (after === null) return
    // A reply ends a pause and opens what was resolved, so what follows must wait for it; a note does not.
    if (draft.kind === 'note') acts.perform(conversation, after)
    else acts.performAfter(conversation, after, posted.value.id)
  }
  return {
    draft: editing === null ? draft : { kind: editing.kind, text: changed },
    editing,
    isBusy,
    attachments,
    field,
    setDraft,
    begin(kind) {
      if (editing === null) setDraft({ ...draft, kind })
      focusEnd(field.current)
    },
    edit,
    editLast() {
      const messages = askModel().state.threads[conversation]?.messages ?? []
      const last = messages.findLast((one) => one.author.id === me && one.deletedAt === null)
      if (last) edit(last)
    },
    cancelEdit: () => setEditing(null),
    send,
    kept,
    ...putting,
  }
}

/** What else may be done with what is written: to send it later, or to show it to colleagues first. */
function usePutting(
  conversation: ConversationId,
  written: {
    readonly draft: Draft
    readonly attachments: Attachments
    readonly clear: () => void
    readonly clearWords: () => void
    readonly setBusy: (isBusy: boolean) => void
  },
): Pick<Writing, 'sendLater' | 'share'> {
  const { client } = useSession()
  const { t } = useTranslation()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const moment = useMoment()
  const askModel = useAskModel()
  const { draft, attachments, clear, clearWords, setBusy } = written
  const params = { conversation }
  /** The words stay until the server has them. */
  const put = async <T>(
    call: () => Promise<Result<T, Refusal>>,
    done: (answer: T) => string,
    cleared: () => void,
  ): Promise<void> => {
    setBusy(true)
    const result = await tried(call)
    setBusy(false)
    if (result.ok) cleared()
    if (result.ok) notices.say({ text: done(result.value) })
    else notices.say({ kind: 'failed', text: troubleText(result.refusal) })
  }
  return {
    sendLater(later) {
      const files = attachments.all.flatMap(({ file }) => file?.id ?? [])
      const carried = files.length === 0 ? {} : { files }
      const body = { client: client.newId(), ...draft, ...carried, ...later }
      void put(
        () => client.scheduled.add({ params, body }),
        ({ scheduled }) => t('drafts.done.scheduled', { time: moment(scheduled.at) }),
        clear,
      )
    },
    share() {
      if (askModel().state.shared[conversation] !== undefined) {
        return notices.say({ kind: 'failed', text: t('drafts.shared.already') })
      }
      const body = { kind: draft.kind, text: draft.text, version: 0 }
      void put(
        () => client.drafts.putShared({ params, body }),
        () => t('drafts.done.shared'),
        // What all share carries no files: they stay here, for my next message.
        clearWords,
      )
    },
  }
}

/** Goes to the end of the words in the field at once, so that what is typed next is written there. */
function focusEnd(field: HTMLTextAreaElement | null): void {
  const go = (): void => {
    if (field === null || document.activeElement === field) return
    field.focus()
    field.setSelectionRange(field.value.length, field.value.length)
  }
  go()
  // A menu that is just being closed keeps the focus to itself until it is gone.
  requestAnimationFrame(go)
}
