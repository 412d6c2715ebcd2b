import {
  Archive,
  ArchiveRestore,
  ArrowLeft,
  CircleCheck,
  Ellipsis,
  Merge,
  PanelRight,
  Pause,
  Play,
  RotateCcw,
  UserRoundCheck,
  UserRoundPen,
  type LucideIcon,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import { putAway } from '@fermata/contract/lists'
import { IconButton } from '../../ui/button.tsx'
import { useKeysOf } from '../../ui/commands/provider.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Due } from '../../ui/time/time.tsx'
import { useContactName } from '../contacts/names.ts'
import { LabelNames } from '../labels/sign.tsx'
import type { Act } from './acts.ts'
import { UrgencySign } from './row.tsx'
import { useMyId } from '../../state/use-session.tsx'
import { leaseFor, useMayMoveLeases } from './use-leases.ts'

/** What the header shows, and what it asks for. */
export interface HeaderProps {
  row: ConversationRow
  mine: MineView | undefined
  onBack(): void
  onAct(act: Act): void
  onHand(): void
  onPause(): void
  onDetails(): void
  /** Absent where one may not merge. */
  onMerge?: (() => void) | undefined
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
        <h1 className="flex items-center gap-2 text-lead leading-5 font-semibold">
          <span className="truncate">{row.subject === '' ? name : row.subject}</span>
          <UrgencySign urgency={row.urgency} />
        </h1>
        {(row.subject !== '' || row.due !== null || row.labels.length > 0) && (
          <p className="figures flex gap-2 text-small text-soft">
            {row.subject !== '' && <span className="truncate">{name}</span>}
            {row.due !== null && (
              <span className="shrink-0">
                <Due at={row.due} />
              </span>
            )}
            <LabelNames row={row} />
          </p>
        )}
      </div>
      <ActionButtons {...props} />
    </header>
  )
}

interface Offered {
  readonly id: string
  /** What takes back stands where it was done, in the same button, which thereby keeps the focus. */
  readonly slot: 'lease' | 'mine' | 'later' | 'done'
  readonly icon: LucideIcon
  readonly label: string
  readonly keys?: string | undefined
  readonly run: () => void
}

/** What can be done now, the most frequent last. */
function useOffered(props: HeaderProps): readonly Offered[] {
  const { row, mine, onAct } = props
  const { t } = useTranslation()
  const keys = useKeysOf()
  const back = takeBack(mine)
  const lease = useLeaseOffered(props)
  const archive: Offered =
    back !== null && putAway(row, mine)
      ? {
          id: 'unarchive',
          slot: 'mine',
          icon: ArchiveRestore,
          label: t('app.commands.unarchive'),
          run: () => onAct(back),
        }
      : {
          id: 'archive',
          slot: 'mine',
          icon: Archive,
          label: t('conversations.archive'),
          keys: keys('archive'),
          run: () => onAct({ type: 'archive' }),
        }
  if (row.status === 'resolved') {
    const reopen: Offered = {
      id: 'reopen',
      slot: 'done',
      icon: RotateCcw,
      label: t('conversations.reopen'),
      run: () => onAct({ type: 'reopen' }),
    }
    return [archive, reopen]
  }
  const pause: Offered =
    row.status === 'paused'
      ? {
          id: 'resume',
          slot: 'later',
          icon: Play,
          label: t('conversations.resume'),
          run: () => onAct({ type: 'resume' }),
        }
      : {
          id: 'pause',
          slot: 'later',
          icon: Pause,
          label: t('conversations.pause'),
          keys: keys('pause'),
          run: props.onPause,
        }
  const resolve: Offered = {
    id: 'resolve',
    slot: 'done',
    icon: CircleCheck,
    label: t('conversations.resolve'),
    keys: keys('resolve'),
    run: () => onAct({ type: 'resolve' }),
  }
  return [...lease, archive, pause, resolve]
}

/** Taking what is free, or handing on what is held. */
function useLeaseOffered({ row, onAct, onHand }: HeaderProps): readonly Offered[] {
  const { t } = useTranslation()
  const keys = useKeysOf()
  const { take, hand } = leaseFor(row, useMyId(), useMayMoveLeases())
  if (take) {
    return [
      {
        id: 'take',
        slot: 'lease',
        icon: UserRoundCheck,
        label: t('conversations.lease.take'),
        keys: keys('take'),
        run: () => onAct({ type: 'take' }),
      },
    ]
  }
  if (!hand) return []
  return [
    {
      id: 'hand',
      slot: 'lease',
      icon: UserRoundPen,
      label: t('conversations.lease.hand'),
      keys: keys('hand'),
      run: onHand,
    },
  ]
}

/** The buttons; on a phone all but the last are behind one. */
function ActionButtons(props: HeaderProps) {
  const { t } = useTranslation()
  const offered = useOffered(props)
  const last = offered.at(-1)
  const buttons = (some: readonly Offered[]) =>
    some.map(({ slot, icon, label, keys, run }) => (
      <IconButton key={slot} icon={icon} label={label} keys={keys} onPress={run} />
    ))
  return (
    <div
      role="group"
      aria-label={t('conversations.actionsBar')}
      className="flex shrink-0 items-center"
    >
      <span className="hidden sm:flex">{buttons(offered)}</span>
      <span className="flex sm:hidden">
        {buttons(last === undefined ? [] : [last])}
        <Menu
          label={t('ui.more')}
          placement="bottom end"
          onAction={(key) => {
            if (key === 'details') props.onDetails()
            else if (key === 'merge') props.onMerge?.()
            else offered.find(({ id }) => id === key)?.run()
          }}
          trigger={<IconButton icon={Ellipsis} label={t('ui.more')} />}
        >
          {offered.slice(0, -1).map(({ id, icon, label }) => (
            <MenuItem key={id} id={id} icon={icon}>
              {label}
            </MenuItem>
          ))}
          {props.onMerge !== undefined && (
            <MenuItem id="merge" icon={Merge}>
              {t('moves.merge')}
            </MenuItem>
          )}
          <MenuItem id="details" icon={PanelRight}>
            {t('conversations.details')}
          </MenuItem>
        </Menu>
      </span>
      <span className="hidden sm:block xl:hidden">
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
