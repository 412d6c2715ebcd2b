import {
  Archive,
  ArchiveRestore,
  ArrowLeft,
  CircleCheck,
  PanelRight,
  Pause,
  Play,
  RotateCcw,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import { putAway } from '@fermata/contract/lists'
import { IconButton } from '../../ui/button.tsx'
import { useKeysOf } from '../../ui/commands/provider.tsx'
import { Due } from '../../ui/time/time.tsx'
import { useContactName } from '../contacts/names.ts'
import type { Act } from './acts.ts'
import { UrgencySign } from './row.tsx'

/** What the header shows, and what it asks for. */
export interface HeaderProps {
  row: ConversationRow
  mine: MineView | undefined
  onBack(): void
  onAct(act: Act): void
  onPause(): void
  onDetails(): void
}

/** What the conversation is about and with whom, and what can be done with it. */
export function Header(props: HeaderProps) {
  const { row } = props
  const { t } = useTranslation()
  const contactName = useContactName()
  const name = contactName(row.contact)
  return (
    <header className="flex min-h-13 shrink-0 items-center gap-2 border-b border-line px-2 sm:px-3">
      <span className="md:hidden">
        <IconButton icon={ArrowLeft} label={t('ui.back')} onPress={props.onBack} />
      </span>
      <div className="min-w-0 grow py-1.5 ps-1 md:ps-3">
        <h2 className="flex items-center gap-2 text-lead leading-5 font-semibold">
          <span className="truncate">{row.subject === '' ? name : row.subject}</span>
          <UrgencySign urgency={row.urgency} />
        </h2>
        {(row.subject !== '' || row.due !== null) && (
          <p className="figures flex gap-2 text-small text-soft">
            {row.subject !== '' && <span className="truncate">{name}</span>}
            {row.due !== null && (
              <span className="shrink-0">
                <Due at={row.due} />
              </span>
            )}
          </p>
        )}
      </div>
      <ActionButtons {...props} />
    </header>
  )
}

function ActionButtons(props: HeaderProps) {
  const { row, mine, onAct } = props
  const { t } = useTranslation()
  const keys = useKeysOf()
  const isAway = putAway(row, mine)
  return (
    <div role="group" aria-label={t('conversations.actionsBar')} className="flex shrink-0">
      <IconButton
        icon={isAway ? ArchiveRestore : Archive}
        label={t(isAway ? 'app.commands.unarchive' : 'conversations.archive')}
        keys={isAway ? undefined : keys('archive')}
        onPress={() => onAct(takeBack(mine) ?? { type: 'archive' })}
      />
      {row.status === 'paused' ? (
        <IconButton
          icon={Play}
          label={t('conversations.resume')}
          onPress={() => onAct({ type: 'resume' })}
        />
      ) : (
        <IconButton
          icon={Pause}
          label={t('conversations.pause')}
          keys={keys('pause')}
          onPress={props.onPause}
        />
      )}
      {row.status === 'resolved' ? (
        <IconButton
          icon={RotateCcw}
          label={t('conversations.reopen')}
          onPress={() => onAct({ type: 'reopen' })}
        />
      ) : (
        <IconButton
          icon={CircleCheck}
          label={t('conversations.resolve')}
          keys={keys('resolve')}
          onPress={() => onAct({ type: 'resolve' })}
        />
      )}
      <span className="xl:hidden">
        <IconButton
          icon={PanelRight}
          label={t('conversations.details')}
          onPress={props.onDetails}
        />
      </span>
    </div>
  )
}

/** What takes a conversation back into my lists; null when it is in them. */
export function takeBack(mine: MineView | undefined): Act | null {
  if (mine === undefined) return null
  if (mine.snoozedUntil !== null) return { type: 'unsnooze' }
  return mine.archivedNumber !== null ? { type: 'unarchive' } : null
}
