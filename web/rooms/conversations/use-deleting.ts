import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageView } from '@fermata/contract/conversations.schema'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useEnvironment } from '../../ui/environment.tsx'
import { noticeMs, useNotices } from '../../ui/toast.tsx'
import { useIntents } from './use-intents.tsx'

/** Deleting messages, which can be taken back for as long as it is spoken of. */
export interface Deleting {
  /** The ids of messages that are about to be deleted. */
  readonly leaving: ReadonlySet<string>
  remove(message: MessageView): void
}

/** A deletion cannot be undone once it is done, so it waits until the time for that is over. */
export function useDeleting(): Deleting {
  const { t } = useTranslation()
  const { clock } = useEnvironment()
  const notices = useNotices()
  const intents = useIntents()
  const troubleText = useTroubleText()
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set())
  const remove = useCallback(
    ({ id, conversation }: MessageView) => {
      const intent = intents.add({
        conversation,
        deed: { type: 'delete', message: id },
        after: { at: clock.now() + noticeMs },
      })
      setLeaving((before) => new Set(before).add(id))
      notices.say({ text: t('conversations.done.deleted'), undo: () => intents.drop(intent.id) })
      void intent.done.then((result) => {
        if (result?.ok === true) return
        setLeaving((before) => new Set([...before].filter((one) => one !== id)))
        if (result !== null) notices.say({ kind: 'failed', text: troubleText(result.refusal) })
      })
    },
    [intents, clock, notices, troubleText, t],
  )
  return { leaving, remove }
}
