import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId, MessageId, MoveId } from '@fermata/base/ids'
import { whereIs } from '@fermata/contract/state'
import { carryDraft } from '../../state/drafts.ts'
import { useModel, useMyId, useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useNotices } from '../../ui/toast.tsx'
import { usePlace } from './use-place.ts'

/** Merging, splitting, and taking either back. */
export interface Moves {
  merge(conversation: ConversationId, into: ConversationId): Promise<void>
  split(conversation: ConversationId, from: MessageId, subject: string): Promise<void>
  undo(move: MoveId): Promise<void>
}

/** What whoever is signed in does with whole conversations; each can be taken back at once and later. */
export function useMoves(): Moves {
  const { client } = useSession()
  const { t } = useTranslation()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const carry = useCarry()
  const { open } = usePlace()

  const undo = useCallback(
    async (move: MoveId, back?: ConversationId): Promise<void> => {
      const done = await tried(() => client.moves.undo({ params: { move } }))
      if (!done.ok) return notices.say({ kind: 'failed', text: troubleText(done.refusal) })
      if (back !== undefined) open(back)
      notices.say({ text: t('moves.undone') })
    },
    [client, notices, troubleText, open, t],
  )

  return {
    async merge(conversation, into) {
      const params = { conversation }
      const done = await tried(() => client.conversations.merge({ params, body: { into } }))
      if (!done.ok) return notices.say({ kind: 'failed', text: troubleText(done.refusal) })
      const { id: there } = done.value.conversation
      carry(conversation, there)
      open(there)
      const { id } = done.value.move
      notices.say({ text: t('moves.merged'), undo: () => void undo(id, conversation) })
    },
    async split(conversation, from, subject) {
      const params = { conversation }
      const body = { client: client.newId(), from, subject }
      const done = await tried(() => client.conversations.split({ params, body }))
      if (!done.ok) return notices.say({ kind: 'failed', text: troubleText(done.refusal) })
      open(done.value.conversation.id)
      const { id } = done.value.move
      notices.say({ text: t('moves.wasSplit'), undo: () => void undo(id, conversation) })
    },
    undo: (move) => undo(move),
  }
}

/** Takes what I am writing in one conversation along into another, with the files that are to go with it. */
function useCarry(): (from: ConversationId, to: ConversationId) => void {
  const { uploads } = useSession()
  const me = useMyId()
  return useCallback(
    (from, to) => {
      carryDraft(localStorage, { me, conversation: from }, { me, conversation: to })
      uploads.move(from, to)
    },
    [uploads, me],
  )
}

/** Opens the conversation that the open one became part of, with what was being written in it. */
export function useFollowMoved(id: ConversationId): void {
  const at = useModel((model) => whereIs(model.state, id))
  const carry = useCarry()
  const { open } = usePlace()
  useEffect(() => {
    if (at === id) return
    carry(id, at)
    open(at)
  }, [at, id, carry, open])
}
