import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { ScheduledPatch, ScheduledView } from '@fermata/contract/drafts.schema'
import { whereIs } from '@fermata/contract/state'
import { useModel, useSession } from '../../state/use-session.tsx'
import { tried, type Trouble } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useNotices } from '../../ui/toast.tsx'

/** What I say later, or was stopped from saying, the soonest first; in one conversation or in all (null). */
export function useScheduled(conversation: ConversationId | null): readonly ScheduledView[] {
  const held = useModel((model) => model.state.scheduled)
  // What was put off in a conversation that became part of another is said there.
  const moved = useModel((model) => model.state.moved)
  return useMemo(
    () =>
      Object.values(held)
        .filter((one) => one !== undefined)
        .filter((one) => {
          return conversation === null || whereIs({ moved }, one.conversation) === conversation
        })
        .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    [held, moved, conversation],
  )
}

/** What can be done with what is said later. */
export interface ScheduledActs {
  change(id: ScheduledView['id'], patch: ScheduledPatch): Promise<boolean>
  cancel(id: ScheduledView['id']): void
  send(id: ScheduledView['id']): void
  remove(id: ScheduledView['id']): void
}

/** The acts on what is said later; what is refused is said in passing. */
export function useScheduledActs(): ScheduledActs {
  const { client } = useSession()
  const { t } = useTranslation()
  const notices = useNotices()
  const troubleText = useTroubleText()
  return useMemo(() => {
    const done = async (
      call: () => Promise<Result<unknown, Trouble>>,
      text?: string,
    ): Promise<boolean> => {
      const result = await call()
      if (!result.ok) notices.say({ kind: 'failed', text: troubleText(result.refusal) })
      else if (text !== undefined) notices.say({ text })
      return result.ok
    }
    const on = (scheduled: ScheduledView['id']) => ({ params: { scheduled } })
    return {
      change: (id, body) => done(() => tried(() => client.scheduled.change({ ...on(id), body }))),
      cancel: (id) => void done(() => tried(() => client.scheduled.cancel(on(id)))),
      send: (id) =>
        void done(() => tried(() => client.scheduled.send(on(id))), t('drafts.done.sent')),
      remove: (id) =>
        void done(() => tried(() => client.scheduled.remove(on(id))), t('drafts.done.removed')),
    }
  }, [client, notices, troubleText, t])
}
