import { ArrowDown } from 'lucide-react'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button as AriaButton } from 'react-aria-components/Button'
import type { ConversationId } from '@fermata/base/ids'
import type { Thread as ThreadState } from '@fermata/contract/state'
import type { Load, Pending } from '@fermata/sdk/store'
import { useModel, useSession, useThread } from '../../state/use-session.tsx'
import { useEnvironment } from '../../ui/environment.tsx'
import { useDayName } from '../../ui/time/time.tsx'
import { Scheduled } from '../drafts/scheduled.tsx'
import { useScheduled } from '../drafts/use-scheduled.ts'
import { Changes } from './changes.tsx'
import { Message, type MessageActions } from './message.tsx'
import { PendingMessage } from './pending.tsx'
import { timelineOf, type TimelineItem } from './timeline.ts'
import { useHistory } from './use-history.ts'
import { useReading } from './use-reading.ts'
import { useThreadScroll } from './use-thread-scroll.ts'

/** What is asked of messages from outside the thread. */
export interface ThreadProps extends MessageActions {
  id: ConversationId
  /** Messages that are about to be deleted, unless somebody takes it back. */
  leaving: ReadonlySet<string>
}

/** The messages of a conversation, from where their reader left off. Give it the conversation as key. */
export function Thread(props: ThreadProps) {
  const { id, leaving, onEdit, onDelete, onUnread, onSplit } = props
  const { t } = useTranslation()
  const { store } = useSession()
  const { thread, load } = useThread(id)
  const scheduled = useScheduled(id)
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const reading = useReading(id, { scroller, content })
  const items = useTimeline(id, thread, reading.readTo)
  const scroll = useThreadScroll({ scroller, content }, items, {
    onScroll: reading.look,
    onNearStart: () => void store.olderMessages(id),
  })
  const { markUnread } = reading
  const actions = useMemo<MessageActions>(
    () => ({
      onEdit,
      onDelete,
      onSplit,
      onUnread: (message) => {
        markUnread(message.number)
        onUnread(message)
      },
    }),
    [onEdit, onDelete, onSplit, onUnread, markUnread],
  )
  return (
    <div className="relative min-h-0 grow">
      <div
        ref={scroller}
        role="log"
        tabIndex={0}
        data-landing="page"
        aria-label={t('conversations.thread')}
        aria-busy={thread === undefined}
        className="quiet-scroll peer absolute inset-0 overflow-y-auto [overflow-anchor:none] focus-visible:outline-transparent"
      >
        <div
          ref={content}
          className="relative mx-auto flex min-h-full max-w-180 flex-col justify-end px-4 pt-4 pb-3 sm:px-6"
        >
          {thread === undefined && <NotKnown load={load} />}
          {thread?.more.before === true && (
            <p className="py-3 text-center text-small text-soft">
              {t('conversations.loadingEarlier')}
            </p>
          )}
          {items.map((item) => (
            <Item key={item.key} item={item} leaving={leaving} actions={actions} />
          ))}
          {scheduled.map((one) => (
            <Scheduled key={one.id} scheduled={one} />
          ))}
        </div>
      </div>
      <span
        aria-hidden
        className="pointer-events-none absolute inset-x-0 -top-px hidden h-0.5 bg-accent peer-focus-visible:block"
      />
      {!scroll.isAtEnd && <ToEnd below={scroll.below} onPress={scroll.toEnd} />}
    </div>
  )
}

const nothing: readonly Pending[] = []

function useTimeline(
  id: ConversationId,
  thread: ThreadState | undefined,
  readTo: number | null,
): readonly TimelineItem[] {
  const { zone } = useEnvironment()
  const events = useHistory(id)
  const pending = useModel((model) => model.pending[id]) ?? nothing
  const me = useModel((model) => model.state.me)
  return useMemo(
    () =>
      timelineOf({
        messages: thread?.messages ?? [],
        moreBefore: thread?.more.before ?? false,
        events: thread === undefined ? [] : events,
        pending,
        readTo,
        me,
        zone,
      }),
    [thread, events, pending, readTo, me, zone],
  )
}

function Item(props: {
  item: TimelineItem
  leaving: ReadonlySet<string>
  actions: MessageActions
}) {
  const { item } = props
  const { t } = useTranslation()
  switch (item.kind) {
    case 'day':
      return <Day at={item.at} />
    case 'unread':
      return (
        <div
          data-unread
          className="flex items-center gap-3 pt-4 text-small font-medium text-accent"
        >
          <span className="h-px grow bg-accent/40" />
          {t('conversations.unreadFrom')}
          <span className="h-px grow bg-accent/40" />
        </div>
      )
    case 'message':
      return (
        <Message
          message={item.message}
          continues={item.continues}
          isLeaving={props.leaving.has(item.message.id)}
          actions={props.actions}
        />
      )
    case 'pending':
      return <PendingMessage pending={item.pending} continues={item.continues} />
    case 'changes':
      return <Changes events={item.events} standing={item.standing} />
  }
}

function Day(props: { at: number }) {
  const name = useDayName()
  return (
    <h2 className="py-3 text-center text-small font-medium text-soft first-letter:uppercase">
      {name(props.at)}
    </h2>
  )
}

/** The way back to the end, with what has come there meanwhile. */
function ToEnd(props: { below: number; onPress: () => void }) {
  const { t } = useTranslation()
  const text =
    props.below === 0
      ? t('conversations.toNewest')
      : t('conversations.newBelow', { count: props.below })
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <AriaButton
        onPress={props.onPress}
        aria-label={text}
        className="rising pointer-events-auto flex h-8 items-center gap-2 rounded-full bg-raised px-3 text-small font-medium shadow-raised transition-colors coarse:h-10 hovered:bg-hover"
      >
        <ArrowDown aria-hidden size={14} />
        {props.below > 0 && text}
      </AriaButton>
    </div>
  )
}

function NotKnown(props: { load: Load | undefined }) {
  const { t } = useTranslation()
  const { load } = props
  if (load?.state === 'refused') {
    return <p className="m-auto text-soft">{t('conversations.gone')}</p>
  }
  return (
    <div className="flex flex-col gap-8 pb-6">
      <p role="status" className={load?.state === 'failed' ? 'text-soft' : 'sr-only'}>
        {load?.state === 'failed' ? t('conversations.loadFailed') : t('ui.loading')}
      </p>
      {[64, 88, 46].map((width) => (
        <div key={width} aria-hidden className="breathing flex gap-3">
          <div className="size-7 shrink-0 rounded-full bg-press" />
          <div className="flex grow flex-col gap-3 pt-1">
            <div className="h-3 w-24 rounded-full bg-press" />
            <div className="h-3 rounded-full bg-hover" style={{ width: `${width}%` }} />
          </div>
        </div>
      ))}
    </div>
  )
}
