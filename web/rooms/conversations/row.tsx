import { Link } from '@tanstack/react-router'
import {
  ChevronDown,
  ChevronUp,
  ChevronsUp,
  Pause,
  StickyNote,
  type LucideIcon,
} from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId, MemberId } from '@fermata/base/ids'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { owed, unread } from '@fermata/contract/lists'
import type { Urgency } from '@fermata/contract/words'
import { useModel } from '../../state/use-session.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { classes } from '../../ui/classes.ts'
import { Age, Due, useMoment } from '../../ui/time/time.tsx'
import { useActorName, useContactName } from '../contacts/names.ts'
import { LabelSigns } from '../labels/sign.tsx'
import { mediumIcons } from '../places/medium.ts'
import { useHolderName } from './lease-line.tsx'
import { usePlace } from './use-place.ts'
import { useSelection } from './use-selection.tsx'

/** The height of a row of the list. All rows have it, so that the list never jumps. */
export const rowHeightPx = 84

/** A conversation as the list shows it. */
export const Row = memo(function Row(props: { id: ConversationId; isEntry: boolean }) {
  const { t } = useTranslation()
  const { key } = usePlace()
  const contactName = useContactName()
  const selection = useSelection()
  const row = useModel((model) => model.state.rows[props.id])
  const mine = useModel((model) => model.state.mine[props.id])
  const medium = useModel((model) =>
    row === undefined ? undefined : model.state.inboxes[row.inbox]?.medium,
  )
  if (row === undefined) return null
  const isUnread = unread(row, mine) > 0
  const Icon = mediumIcons[medium ?? 'widget']
  return (
    <div className="group/row relative h-full">
      <Link
        id={row.id}
        to="/inbox/$list/$conversation"
        params={{ list: key.list, conversation: row.id }}
        search={key.inbox === null ? {} : { inbox: key.inbox }}
        tabIndex={props.isEntry ? 0 : -1}
        data-landing={props.isEntry ? 'part' : undefined}
        preload={false}
        onClick={(event) => {
          if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return
          event.preventDefault()
          if (event.shiftKey) selection.extend(row.id)
          else selection.toggle(row.id)
        }}
        className="flex h-full flex-col justify-center rounded-medium px-3 -outline-offset-2 transition-colors hover:bg-hover aria-[current=page]:bg-accent-soft group-has-[:checked]/row:bg-accent-soft"
      >
        <span className="flex items-center gap-2">
          <Icon
            role="img"
            aria-label={t(`conversations.medium.${medium ?? 'widget'}`)}
            size={14}
            strokeWidth={1.75}
            className={classes(
              'shrink-0 text-soft group-hover/row:opacity-0',
              selection.isOn && 'opacity-0',
            )}
          />
          <span className={classes('min-w-0 grow truncate', isUnread && 'font-semibold')}>
            {contactName(row.contact)}
          </span>
          {isUnread && <span className="sr-only">({t('conversations.list.unread')})</span>}
          <span className="figures shrink-0 text-small text-soft">
            <When row={row} />
          </span>
        </span>
        <Lines row={row} isUnread={isUnread} />
      </Link>
      <Mark id={row.id} name={contactName(row.contact)} />
    </div>
  )
})

/** The box by which a row is selected; it shows while somebody points at the row, or selects. */
function Mark(props: { id: ConversationId; name: string }) {
  const { t } = useTranslation()
  const selection = useSelection()
  const { isOn } = selection
  return (
    <label
      className={classes(
        'absolute inset-y-0 start-0 flex w-9 items-center justify-center',
        isOn
          ? 'opacity-100'
          : 'pointer-events-none opacity-0 group-hover/row:pointer-events-auto group-hover/row:opacity-100 focus-within:opacity-100',
      )}
    >
      <input
        type="checkbox"
        tabIndex={isOn ? 0 : -1}
        aria-label={t('replies.bulk.select', { name: props.name })}
        checked={selection.ids.has(props.id)}
        onChange={() => selection.toggle(props.id)}
        className="size-4 accent-accent"
      />
    </label>
  )
}

/** Subject and last words; without a subject the last words have both lines. */
function Lines(props: { row: ConversationRow; isUnread: boolean }) {
  const { row, isUnread } = props
  const { t } = useTranslation()
  const name = useActorName()
  const { preview } = row
  const me = useModel((model) => model.state.me)
  const isContact = preview?.author.kind === 'contact'
  const who =
    preview === null || isContact
      ? ''
      : preview.author.id === me
        ? t('conversations.list.you')
        : name(preview.author.id)
  const words = preview?.deleted === true ? t('conversations.list.deleted') : (preview?.text ?? '')
  const isNote = preview?.kind === 'note'
  const hasSubject = row.subject !== ''
  return (
    <>
      {hasSubject && (
        <span className="flex items-center gap-2 ps-5.5">
          <span className={classes('min-w-0 grow truncate', isUnread && 'font-semibold')}>
            {row.subject}
          </span>
          <UrgencySign urgency={row.urgency} />
        </span>
      )}
      <span className={classes('flex gap-2 ps-5.5 text-soft', hasSubject ? 'h-5' : 'h-10')}>
        <span
          className={classes(
            'min-w-0 grow',
            hasSubject ? 'truncate' : 'line-clamp-2',
            !hasSubject && isUnread && 'font-semibold text-ink',
          )}
        >
          {isNote && (
            <StickyNote
              aria-label={t('conversations.note')}
              size={14}
              strokeWidth={1.75}
              className="me-1 inline-block text-note-ink"
            />
          )}
          {who !== '' && `${who}: `}
          {words}
        </span>
        {!hasSubject && <UrgencySign urgency={row.urgency} />}
        <LabelSigns row={row} />
        <HolderSign row={row} />
      </span>
    </>
  )
}

/** Who holds it, by their initials. */
function HolderSign(props: { row: ConversationRow }) {
  const { t } = useTranslation()
  const name = useHolderName()
  const members = useModel((model) => model.state.members)
  const { lease } = props.row
  if (lease === null) return null
  const { id } = lease.holder
  const known = id.startsWith('mbr_') ? members[id as MemberId]?.name : undefined
  const held = t('conversations.lease.held', { who: name(lease.holder) })
  return (
    <span title={held} className="shrink-0">
      <Avatar name={known ?? lease.holder.name} ours size="small" />
      <span className="sr-only">{held}</span>
    </span>
  )
}

/** What is told about time: until when it is paused, by when an answer is owed, or how old it is. */
function When(props: { row: ConversationRow }) {
  const { t } = useTranslation()
  const moment = useMoment()
  const { row } = props
  if (row.status === 'paused' && !owed(row)) {
    const until = row.pause?.until ?? null
    return (
      <span className="flex items-center gap-1">
        <Pause aria-hidden size={12} />
        {until === null
          ? t('conversations.list.pausedOpen')
          : t('conversations.list.pausedUntil', { time: moment(until) })}
      </span>
    )
  }
  if (row.due !== null) return <Due at={row.due} />
  return <Age at={row.turn === 'ours' ? row.turnSince : row.lastAt} />
}

const urgencyIcons: Partial<Record<Urgency, LucideIcon>> = {
  low: ChevronDown,
  high: ChevronUp,
  urgent: ChevronsUp,
}

/** The sign of an urgency; the normal one has none. */
export function UrgencySign(props: { urgency: Urgency }) {
  const { t } = useTranslation()
  const Icon = urgencyIcons[props.urgency]
  if (Icon === undefined) return null
  const name = `${t('conversations.urgency.title')}: ${t(`conversations.urgency.${props.urgency}`)}`
  return (
    <span
      title={name}
      className={classes('shrink-0', props.urgency === 'low' ? 'text-soft' : 'text-ink')}
    >
      <Icon aria-hidden size={16} strokeWidth={props.urgency === 'urgent' ? 2.5 : 2} />
      <span className="sr-only">{name}</span>
    </span>
  )
}
