import { ArrowLeft } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '@fermata/base/ids'
import { useModel } from '../../state/use-session.tsx'
import { IconButton } from '../../ui/button.tsx'
import { useCommands } from '../../ui/commands/provider.tsx'
import { useFocusKeeper } from '../../ui/focus/provider.tsx'
import { Composer } from '../conversations/composer.tsx'
import { Thread } from '../conversations/thread.tsx'
import { useActs } from '../conversations/use-acts.ts'
import { useComposer } from '../conversations/use-composer.ts'
import { useDeleting } from '../conversations/use-deleting.ts'

/** What is said among members, and where to say more. Give it the conversation as key. */
export function Talk(props: {
  id: ConversationId
  title: string
  /** Whom an answer goes to. */
  to: string
  back: string
  onBack: () => void
  /** What stands in the place of the composer where nothing may be said; null where it may. */
  instead: ReactNode
}) {
  const { id, title } = props
  const acts = useActs()
  const deleting = useDeleting()
  const writing = useComposer(id)
  const focus = useFocusKeeper()
  const isWritable = props.instead === null
  useCommands({
    back: props.onBack,
    reply: isWritable ? () => writing.begin('reply') : undefined,
  })
  useEffect(() => {
    document.title = `${title} · Fermata`
  }, [title])
  return (
    <div className="flex h-full min-w-0 flex-col">
      <header className="flex h-13 shrink-0 items-center gap-1 border-b border-line ps-2 pe-3 md:ps-4">
        <span className="md:hidden">
          <IconButton icon={ArrowLeft} label={props.back} onPress={props.onBack} />
        </span>
        <h2 className="min-w-0 grow truncate px-1 font-semibold">{title}</h2>
      </header>
      <Thread
        id={id}
        leaving={deleting.leaving}
        onEdit={writing.edit}
        onDelete={deleting.remove}
        onUnread={({ number }) => void acts.quietly(id, { type: 'read', number: number - 1 })}
      />
      <div className="safe-bottom mx-auto w-full max-w-180 shrink-0 px-3 pb-3 sm:px-6 sm:pb-4">
        {props.instead ?? (
          <Composer
            to={props.to}
            draft={writing.draft}
            replyValues={null}
            editing={writing.editing}
            isBusy={writing.isBusy}
            attachments={writing.attachments}
            onDraft={writing.setDraft}
            onSend={() => writing.send(null)}
            onCancelEdit={writing.cancelEdit}
            onLeave={focus.land}
            onEditLast={writing.editLast}
            fieldRef={writing.field}
          />
        )}
      </div>
    </div>
  )
}

/** What is said where something is not there, or not to be seen. */
export function Gone() {
  const { t } = useTranslation()
  return (
    <div className="flex h-full grow items-center justify-center p-8 text-soft">
      {t('channels.gone')}
    </div>
  )
}

/** Whether a conversation is refused: gone, or not mine to see. */
export function useIsRefused(id: ConversationId): boolean {
  return useModel(
    (model) => model.state.floor[id] === undefined && model.loads[id]?.state === 'refused',
  )
}
