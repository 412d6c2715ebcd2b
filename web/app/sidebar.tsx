import { Link, useParams, useSearch } from '@tanstack/react-router'
import {
  CircleCheck,
  CircleDashed,
  Inbox as InboxIcon,
  Layers,
  Pause,
  PencilLine,
  Search,
  Settings,
  SquarePen,
  Users,
  type LucideIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button as AriaButton } from 'react-aria-components/Button'
import { limits } from '@fermata/base/limits'
import { lists, type List } from '@fermata/contract/words'
import { useCounts, useMe, useModel } from '../state/use-session.tsx'
import { mediumIcons } from '../rooms/places/medium.ts'
import { IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { lineLook, notByItself } from '../ui/line.ts'
import { useKeysOf } from '../ui/commands/provider.tsx'
import { Keys } from '../ui/keys.tsx'
import { Mark } from '../ui/mark.tsx'
import type { InboxView } from '@fermata/contract/places.schema'
import { FloorLines } from '../rooms/channels/lines.tsx'
import { MyMenu } from './my-menu.tsx'
import { useShowPanel } from '../state/use-shell.tsx'

const icons: Record<List, LucideIcon> = {
  myTurn: InboxIcon,
  free: CircleDashed,
  ours: Users,
  paused: Pause,
  resolved: CircleCheck,
  all: Layers,
}

/** Inboxes beyond these show no count: each count is a question to the server. */
const countedInboxesMax = 12

/** The way to every list. `onGone` closes the drawer that it may stand in. */
export function Sidebar(props: { onGone?: () => void }) {
  const { t } = useTranslation()
  const { workspace } = useMe()
  const keys = useKeysOf()
  const show = useShowPanel()
  const counts = useCounts(null)
  const gone = props.onGone ?? nothing
  const { list: open } = useParams({ strict: false })
  const { inbox } = useSearch({ strict: false })
  return (
    <nav aria-label={t('app.navigation')} className="flex h-full flex-col gap-4 overflow-hidden">
      <div className="flex h-13 shrink-0 items-center gap-2.5 ps-4 pe-2">
        <Mark />
        <span className="min-w-0 grow truncate font-semibold">{workspace.name}</span>
        <IconButton
          icon={SquarePen}
          label={t('app.compose')}
          keys={keys('compose')}
          onPress={() => show('compose')}
        />
      </div>
      <div className="-mt-3 px-2">
        <AriaButton
          onPress={() => show('menu')}
          className="flex h-8 w-full items-center gap-2.5 rounded-medium bg-paper px-2 text-soft ring-1 ring-line transition-colors ring-inset coarse:h-11 hovered:bg-raised hovered:text-ink"
        >
          <Search aria-hidden size={16} strokeWidth={1.75} className="shrink-0" />
          <span className="grow text-start">{t('app.searchOrDo')}</span>
          <span className="coarse:hidden">
            <Keys>{keys('menu') ?? ''}</Keys>
          </span>
        </AriaButton>
      </div>
      <div className="quiet-scroll flex min-h-0 grow flex-col gap-5 overflow-y-auto px-2 pb-4">
        <ul className="flex flex-col gap-px">
          {lists.map((list) => (
            <li key={list}>
              <Link
                to="/inbox/$list"
                params={{ list }}
                onClick={gone}
                className={lineLook}
                activeProps={notByItself}
                aria-current={inbox === undefined && list === open ? 'page' : undefined}
              >
                <Line icon={icons[list]} count={counts?.[list]} strong={list === 'myTurn'}>
                  {t(`conversations.list.${list}`)}
                </Line>
              </Link>
            </li>
          ))}
          <DraftsLine onGone={gone} />
        </ul>
        <Inboxes onGone={gone} />
        <FloorLines onGone={gone} />
      </div>
      <div className="safe-bottom flex shrink-0 flex-col gap-px border-t border-line p-2">
        <Link to="/settings" onClick={gone} className={lineLook}>
          <Line icon={Settings}>{t('app.settings')}</Line>
        </Link>
        <MyMenu />
      </div>
    </nav>
  )
}

const nothing = (): void => {}

/** The way to what I have begun to write, and say later. */
function DraftsLine(props: { onGone: () => void }) {
  const { t } = useTranslation()
  const drafts = useModel((model) => model.state.drafts)
  const scheduled = useModel((model) => model.state.scheduled)
  const count = Object.keys(drafts).length + Object.keys(scheduled).length
  return (
    <li>
      <Link to="/drafts" onClick={props.onGone} className={lineLook}>
        <Line icon={PencilLine} count={count}>
          {t('drafts.title')}
        </Line>
      </Link>
    </li>
  )
}

function Inboxes(props: { onGone: () => void }) {
  const { t } = useTranslation()
  const held = useModel((model) => model.state.inboxes)
  const inboxes = Object.values(held)
    .filter((inbox) => inbox !== undefined)
    .toSorted((a, b) => a.name.localeCompare(b.name))
  if (inboxes.length === 0) return null
  return (
    <section>
      <h2 className="px-2 pb-1 text-small text-soft">{t('app.inboxes')}</h2>
      <ul className="flex flex-col gap-px">
        {inboxes.map((inbox, index) => (
          <InboxLine
            key={inbox.id}
            inbox={inbox}
            isCounted={index < countedInboxesMax}
            onGone={props.onGone}
          />
        ))}
      </ul>
    </section>
  )
}

function InboxLine(props: { inbox: InboxView; isCounted: boolean; onGone: () => void }) {
  const { inbox } = props
  const { inbox: open } = useSearch({ strict: false })
  return (
    <li>
      <Link
        to="/inbox/$list"
        params={{ list: 'ours' }}
        search={{ inbox: inbox.id }}
        onClick={props.onGone}
        className={lineLook}
        activeProps={notByItself}
        aria-current={open === inbox.id ? 'page' : undefined}
      >
        {props.isCounted ? (
          <CountedLine inbox={inbox} />
        ) : (
          <Line icon={mediumIcons[inbox.medium]}>{inbox.name}</Line>
        )}
      </Link>
    </li>
  )
}

function CountedLine(props: { inbox: InboxView }) {
  const counts = useCounts(props.inbox.id)
  return (
    <Line icon={mediumIcons[props.inbox.medium]} count={counts?.ours}>
      {props.inbox.name}
    </Line>
  )
}

function Line(props: {
  icon: LucideIcon
  count?: number | undefined
  strong?: boolean
  children: ReactNode
}) {
  const { t } = useTranslation()
  const Icon = props.icon
  const { count = 0 } = props
  return (
    <>
      <Icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0 opacity-75" />
      <span className="min-w-0 grow truncate">{props.children}</span>
      {count > 0 && (
        <span
          className={classes(
            'figures text-small',
            props.strong === true ? 'font-semibold' : 'text-soft',
          )}
        >
          {count > limits.countMax ? t('ui.manyCount') : count}
        </span>
      )}
    </>
  )
}
