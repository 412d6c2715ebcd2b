import { useVirtualizer } from '@tanstack/react-virtual'
import { ListChecks, Menu as MenuIcon, Search, SquarePen } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '@fermata/base/ids'
import type { Window } from '@fermata/contract/state'
import { lists } from '@fermata/contract/words'
import { useModel, useSession, useWindow } from '../../state/use-session.tsx'
import { useShowPanel } from '../../state/use-shell.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Segments } from '../../ui/choice.tsx'
import { EmptyList, SkeletonRows } from './list.empty.tsx'
import { rowFrom } from './neighbours.ts'
import { Row, rowHeightPx } from './row.tsx'
import { SelectionBar, type SelectionActs } from './selection-bar.tsx'
import { usePlace } from './use-place.ts'
import { useSelection } from './use-selection.tsx'

/** The list that is shown, under its name. */
export function ListPane(props: { acts: SelectionActs }) {
  const { key } = usePlace()
  const { t } = useTranslation()
  const { window, load } = useWindow(key)
  const title = useTitle()
  useEffect(() => {
    document.title = `${title} · Fermata`
  }, [title])
  return (
    <div className="flex h-full flex-col">
      <ListHeader />
      <SelectionBar acts={props.acts} />
      {window !== undefined && window.ids.length > 0 ? (
        // Another list begins at its top.
        <Rows key={`${key.list}/${key.inbox ?? ''}`} window={window} />
      ) : window !== undefined ? (
        <EmptyList list={key.list} />
      ) : load?.state === 'refused' ? (
        <p className="px-5 py-4 text-soft">{t('conversations.list.loadRefused')}</p>
      ) : (
        <SkeletonRows note={load?.state === 'failed' ? t('conversations.list.loadFailed') : null} />
      )}
    </div>
  )
}

function useTitle(): string {
  const { key } = usePlace()
  const { t } = useTranslation()
  const inbox = useModel((model) =>
    key.inbox === null ? undefined : model.state.inboxes[key.inbox],
  )
  const list = t(`conversations.list.${key.list}`)
  return inbox === undefined ? list : t('conversations.list.in', { list, inbox: inbox.name })
}

function ListHeader() {
  const { t } = useTranslation()
  const { key, show } = usePlace()
  const showPanel = useShowPanel()
  const selection = useSelection()
  const inbox = useModel((model) =>
    key.inbox === null ? undefined : model.state.inboxes[key.inbox],
  )
  return (
    <header className="flex shrink-0 flex-col gap-2 px-3 pb-2">
      <div className="flex h-13 items-center gap-1">
        <span className="lg:hidden">
          <IconButton
            icon={MenuIcon}
            label={t('app.openNavigation')}
            onPress={() => showPanel('navigation')}
          />
        </span>
        <h1
          // Another list has another heading, which is read aloud when it takes the focus.
          key={`${key.list}/${key.inbox ?? ''}`}
          tabIndex={-1}
          data-landing="page"
          className="min-w-0 grow truncate px-2 text-lead font-semibold"
        >
          {inbox?.name ?? t(`conversations.list.${key.list}`)}
        </h1>
        <span className="flex lg:hidden">
          <IconButton icon={ListChecks} label={t('replies.bulk.begin')} onPress={selection.begin} />
          <IconButton icon={Search} label={t('app.searchOrDo')} onPress={() => showPanel('menu')} />
          <IconButton
            icon={SquarePen}
            label={t('app.compose')}
            onPress={() => showPanel('compose')}
          />
        </span>
      </div>
      {key.inbox !== null && (
        <Segments
          label={t('conversations.list.choose')}
          value={key.list}
          onChange={show}
          options={lists.map((id) => ({ id, text: t(`conversations.list.${id}`) }))}
        />
      )}
    </header>
  )
}

function Rows(props: { window: Window }) {
  const { window } = props
  const { t } = useTranslation()
  const { store } = useSession()
  const { key, conversation } = usePlace()
  const scroller = useRef<HTMLDivElement>(null)
  const { ids } = window
  const hasMore = window.next !== null
  const virtual = useVirtualizer({
    count: ids.length + (hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => ids[index] ?? 'more',
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const reachesEnd = hasMore && (items.at(-1)?.index ?? 0) >= ids.length - 4
  const { list, inbox, contact } = key
  useEffect(() => {
    if (reachesEnd) void store.moreRows({ list, inbox, contact })
  }, [store, list, inbox, contact, reachesEnd, ids.length])
  const at = conversation === null ? -1 : ids.indexOf(conversation)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [virtual, at])
  // One row can be reached by Tab; the arrows go on from there.
  const entry = at >= 0 ? at : 0
  return (
    <div ref={scroller} className="quiet-scroll min-h-0 grow overflow-y-auto px-2 pb-2">
      <ul
        aria-label={t(`conversations.list.${key.list}`)}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={(event) => moveFocus(event, ids)}
      >
        {items.map((item) => {
          const id = ids[item.index]
          return (
            <li
              key={item.key}
              aria-setsize={hasMore ? -1 : ids.length}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ height: rowHeightPx, transform: `translateY(${item.start}px)` }}
            >
              {id === undefined ? (
                <p className="px-3 py-4 text-soft">{t('conversations.list.more')}</p>
              ) : (
                <Row id={id} isEntry={item.index === entry} />
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** The arrows move from row to row; the rows beyond the edge of the screen are there already. */
function moveFocus(event: KeyboardEvent, ids: readonly ConversationId[]): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const link = (event.target as HTMLElement).closest('a')
  const from = ids.find((id) => id === link?.id) ?? null
  const to = rowFrom(ids, from, event.key === 'ArrowDown' ? 1 : -1)
  if (to === null) return
  event.preventDefault()
  document.getElementById(to)?.focus()
}
