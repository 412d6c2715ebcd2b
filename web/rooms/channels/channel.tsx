import { Link, Outlet, useParams } from '@tanstack/react-router'
import { Menu as MenuIcon, Settings, SquarePen, Users } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { present } from '@fermata/base/assert'
import type { ChannelId, ConversationId } from '@fermata/base/ids'
import type { ChannelView, FloorRow } from '@fermata/contract/channels.schema'
import { useMay, useModel, useMyId, useSession } from '../../state/use-session.tsx'
import { useShowPanel } from '../../state/use-shell.tsx'
import { useGo } from '../../state/use-go.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useCommands } from '../../ui/commands/provider.tsx'
import { Age } from '../../ui/time/time.tsx'
import { useAuthorName } from '../contacts/names.ts'
import { rowFrom } from '../conversations/neighbours.ts'
import { ChangeChannel } from './edit.tsx'
import { ChannelSign } from './lines.tsx'
import { MembersDialog } from './people.tsx'
import { StartTopic } from './start.tsx'
import { Gone, Talk, useIsRefused } from './talk.tsx'
import { useChannelActs } from './use-channel-acts.ts'
import { useChannel, useFloor, useIsUnread } from './use-floor.ts'

function useOpen(): { readonly id: ChannelId; readonly conversation: ConversationId | null } {
  const { channel, conversation = null } = useParams({ strict: false })
  return { id: present(channel, 'the open channel'), conversation }
}

/** A channel: its conversations, and the one that is open beside them. */
export function ChannelPage() {
  const { id, conversation } = useOpen()
  const { channel } = useChannel(id)
  const isLoaded = useModel((model) => model.loads['things']?.state === 'loaded')
  if (channel === undefined) {
    return (
      <main id="main" tabIndex={-1} className="flex min-w-0 grow">
        {isLoaded && <Gone />}
      </main>
    )
  }
  const isOpen = conversation !== null
  return (
    <main id="main" tabIndex={-1} className="flex min-w-0 grow">
      <section
        aria-label={channel.name}
        className={classes(
          'w-full min-w-0 shrink-0 grow border-line md:w-80 md:grow-0 md:border-e xl:w-88',
          isOpen ? 'hidden md:block' : 'block',
        )}
      >
        <TopicsPane key={id} channel={channel} />
      </section>
      <section className={classes('min-w-0 grow', isOpen ? 'block' : 'hidden md:block')}>
        <Outlet />
      </section>
    </main>
  )
}

type Asking = 'start' | 'members' | 'settings'

function TopicsPane(props: { channel: ChannelView }) {
  const { channel } = props
  const { t } = useTranslation()
  const { conversation } = useOpen()
  const { seat } = useChannel(channel.id)
  const go = useGo()
  const { store } = useSession()
  const [asking, setAsking] = useState<Asking | null>(null)
  const close = (): void => setAsking(null)
  const key = { kind: 'channel', channel: channel.id } as const
  const { rows, isKnown, hasMore } = useFloor(key)
  const ids = rows.map((row) => row.id)
  const open = (id: ConversationId | null): void => {
    if (id !== null) go.channel(channel.id, id)
  }
  useCommands({
    'list.next': () => open(rowFrom(ids, conversation, 1)),
    'list.previous': () => open(rowFrom(ids, conversation, -1)),
    'list.open': conversation === null ? () => open(rowFrom(ids, null, 1)) : undefined,
  })
  const isWritable = seat !== undefined && channel.archive === null
  return (
    <div className="flex h-full flex-col">
      <ChannelHead channel={channel} isWritable={isWritable} onAsk={setAsking} />
      <div className="quiet-scroll min-h-0 grow overflow-y-auto px-2 pb-2">
        {isKnown && rows.length === 0 && (
          <p className="px-3 py-4 text-soft">{t('channels.empty')}</p>
        )}
        <ul aria-label={t('channels.conversations')} className="flex flex-col">
          {rows.map((row) => (
            <Topic key={row.id} row={row} channel={channel.id} />
          ))}
        </ul>
        {hasMore && (
          <div className="px-3 py-2">
            <Button kind="quiet" onPress={() => void store.moreFloor(key)}>
              {t('channels.more')}
            </Button>
          </div>
        )}
      </div>
      <StartTopic channel={channel.id} isOpen={asking === 'start'} onClose={close} />
      <MembersDialog channel={channel} isOpen={asking === 'members'} onClose={close} />
      <ChangeChannel channel={channel} isOpen={asking === 'settings'} onClose={close} />
    </div>
  )
}

function ChannelHead(props: {
  channel: ChannelView
  isWritable: boolean
  onAsk: (asking: Asking) => void
}) {
  const { channel, onAsk } = props
  const { t } = useTranslation()
  const showPanel = useShowPanel()
  const { seat } = useChannel(channel.id)
  const acts = useChannelActs()
  const me = useMyId()
  const mayManage = useMay('channels:manage') || (channel.by === me && seat !== undefined)
  return (
    <header className="flex shrink-0 flex-col gap-2 px-3 pb-3">
      <div className="flex h-13 items-center gap-1">
        <span className="lg:hidden">
          <IconButton
            icon={MenuIcon}
            label={t('app.openNavigation')}
            onPress={() => showPanel('navigation')}
          />
        </span>
        <h1
          tabIndex={-1}
          data-landing="page"
          className="flex min-w-0 grow items-center gap-1.5 px-2 text-lead font-semibold"
        >
          <ChannelSign visibility={channel.visibility} />
          <span className="truncate">{channel.name}</span>
        </h1>
        <IconButton icon={Users} label={t('channels.people')} onPress={() => onAsk('members')} />
        {mayManage && (
          <IconButton
            icon={Settings}
            label={t('channels.settings')}
            onPress={() => onAsk('settings')}
          />
        )}
        {props.isWritable && (
          <IconButton icon={SquarePen} label={t('channels.start')} onPress={() => onAsk('start')} />
        )}
      </div>
      {channel.purpose !== '' && <p className="px-2 text-soft">{channel.purpose}</p>}
      {channel.archive !== null && <p className="px-2 text-soft">{t('channels.archived')}</p>}
      {channel.archive === null && seat === undefined && (
        <div className="px-2">
          <Button kind="primary" onPress={() => void acts.join(channel.id, me)}>
            {t('channels.join')}
          </Button>
        </div>
      )}
    </header>
  )
}

function Topic(props: { row: FloorRow; channel: ChannelId }) {
  const { row } = props
  const { t } = useTranslation()
  const authorName = useAuthorName()
  const isUnread = useIsUnread(row.id)
  const { preview } = row
  const words = preview?.deleted === true ? t('conversations.list.deleted') : (preview?.text ?? '')
  return (
    <li>
      <Link
        to="/channels/$channel/$conversation"
        params={{ channel: props.channel, conversation: row.id }}
        preload={false}
        className="flex flex-col justify-center rounded-medium px-3 py-2.5 -outline-offset-2 transition-colors hover:bg-hover aria-[current=page]:bg-accent-soft"
      >
        <span className="flex items-center gap-2">
          <span className={classes('min-w-0 grow truncate', isUnread && 'font-semibold')}>
            {row.subject}
          </span>
          {isUnread && <span className="sr-only">({t('channels.unread')})</span>}
          <span className="figures shrink-0 text-small text-soft">
            <Age at={row.lastAt} />
          </span>
        </span>
        <span className="truncate text-soft">
          {preview !== null && `${authorName(preview.author)}: `}
          {words}
        </span>
      </Link>
    </li>
  )
}

/** What stands beside the list while no conversation is open. */
export function NoTalkOpen() {
  const { t } = useTranslation()
  return (
    <div className="flex h-full items-center justify-center p-8 text-soft">
      {t('channels.choose')}
    </div>
  )
}

/** The conversation of a channel that is open. */
export function ChannelTalk() {
  const { id, conversation } = useOpen()
  const { t } = useTranslation()
  const go = useGo()
  const talk = present(conversation, 'the open conversation')
  const { channel, seat } = useChannel(id)
  const row = useModel((model) => model.state.floor[talk])
  const isRefused = useIsRefused(talk)
  if (isRefused || channel === undefined) return <Gone />
  const why =
    channel.archive !== null
      ? 'channels.archived'
      : seat === undefined
        ? 'channels.joinFirst'
        : null
  return (
    <Talk
      key={talk}
      id={talk}
      title={row?.subject ?? ''}
      to={t('channels.everybody')}
      back={t('channels.backToChannel')}
      onBack={() => go.channel(id)}
      instead={why === null ? null : <p className="py-3 text-center text-soft">{t(why)}</p>}
    />
  )
}
