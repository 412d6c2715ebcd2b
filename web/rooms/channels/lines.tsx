import { Link, useParams } from '@tanstack/react-router'
import { Hash, Lock, MessagesSquare, Plus, UserRound } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelView, FloorRow } from '@fermata/contract/channels.schema'
import { useMay, useModel, useSession } from '../../state/use-session.tsx'
import { useShowPanel } from '../../state/use-shell.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useKeysOf } from '../../ui/commands/provider.tsx'
import { lineLook, notByItself } from '../../ui/line.ts'
import { useDirectName } from './use-direct-name.ts'
import { useFloor, useIsUnread } from './use-floor.ts'

/** So many direct conversations stand in the sidebar; the others are found by whom they are with. */
const directsShownMax = 8

/** The way to my channels and to my direct conversations. */
export function FloorLines(props: { onGone: () => void }) {
  const { t } = useTranslation()
  const show = useShowPanel()
  const keys = useKeysOf()
  const mayTalk = useMay('channels:talk')
  const mayAdd = useMay('channels:add')
  if (!mayTalk) return null
  return (
    <>
      <Section
        title={t('channels.title')}
        add={mayAdd ? t('channels.make') : null}
        onAdd={() => show('channel')}
      >
        <MyChannels onGone={props.onGone} />
      </Section>
      <Section
        title={t('channels.directs')}
        add={t('channels.newDirect')}
        keys={keys('direct')}
        onAdd={() => show('direct')}
      >
        <Directs onGone={props.onGone} />
      </Section>
    </>
  )
}

function Section(props: {
  title: string
  add: string | null
  keys?: string | undefined
  onAdd: () => void
  children: ReactNode
}) {
  return (
    <section>
      <div className="flex items-center justify-between pb-1 ps-2">
        <h2 className="text-small text-soft">{props.title}</h2>
        {props.add !== null && (
          <IconButton small icon={Plus} label={props.add} keys={props.keys} onPress={props.onAdd} />
        )}
      </div>
      <ul className="flex flex-col gap-px">{props.children}</ul>
    </section>
  )
}

function MyChannels(props: { onGone: () => void }) {
  const { t } = useTranslation()
  const { store } = useSession()
  useEffect(() => store.showUnread(), [store])
  const channels = useModel((model) => model.state.channels)
  const seats = useModel((model) => model.state.seats)
  const mine = Object.values(channels)
    .filter((channel) => channel !== undefined)
    .filter(({ id, archive }) => seats[id] !== undefined && archive === null)
    .toSorted((a, b) => a.name.localeCompare(b.name))
  const { channel: open } = useParams({ strict: false })
  return (
    <>
      {mine.map((channel) => (
        <ChannelLine
          key={channel.id}
          channel={channel}
          isOpen={open === channel.id}
          onGone={props.onGone}
        />
      ))}
      <li>
        <Link to="/channels" onClick={props.onGone} className={lineLook} activeOptions={exactly}>
          <MessagesSquare
            aria-hidden
            size={16}
            strokeWidth={1.75}
            className="shrink-0 opacity-75"
          />
          <span className="min-w-0 grow truncate">{t('channels.all')}</span>
        </Link>
      </li>
    </>
  )
}

const exactly = { exact: true }

function ChannelLine(props: { channel: ChannelView; isOpen: boolean; onGone: () => void }) {
  const { id, name, visibility } = props.channel
  const isUnread = useModel((model) => (model.unread[id] ?? 0) > 0)
  return (
    <li>
      <Link
        to="/channels/$channel"
        params={{ channel: id }}
        onClick={props.onGone}
        className={lineLook}
        activeProps={notByItself}
        aria-current={props.isOpen ? 'page' : undefined}
      >
        <ChannelSign visibility={visibility} />
        <LineName isUnread={isUnread}>{name}</LineName>
      </Link>
    </li>
  )
}

/** Whether a channel is public or private. */
export function ChannelSign(props: { visibility: ChannelView['visibility'] }) {
  const { t } = useTranslation()
  const look = { size: 16, strokeWidth: 1.75, className: 'shrink-0 opacity-75' }
  if (props.visibility === 'public') return <Hash aria-hidden {...look} />
  return <Lock role="img" aria-label={t('channels.isPrivate')} {...look} />
}

function LineName(props: { isUnread: boolean; children: string }) {
  const { t } = useTranslation()
  return (
    <>
      <span className={classes('min-w-0 grow truncate', props.isUnread && 'font-semibold')}>
        {props.children}
      </span>
      {props.isUnread && <span className="sr-only">({t('channels.unread')})</span>}
    </>
  )
}

function Directs(props: { onGone: () => void }) {
  const { rows } = useFloor({ kind: 'direct' })
  return rows
    .slice(0, directsShownMax)
    .map((row) => <DirectLine key={row.id} row={row} onGone={props.onGone} />)
}

function DirectLine(props: { row: FloorRow; onGone: () => void }) {
  const { row } = props
  const nameOf = useDirectName()
  const isUnread = useIsUnread(row.id)
  return (
    <li>
      <Link
        to="/directs/$conversation"
        params={{ conversation: row.id }}
        onClick={props.onGone}
        className={lineLook}
      >
        <UserRound aria-hidden size={16} strokeWidth={1.75} className="shrink-0 opacity-75" />
        <LineName isUnread={isUnread}>{nameOf(row)}</LineName>
      </Link>
    </li>
  )
}
