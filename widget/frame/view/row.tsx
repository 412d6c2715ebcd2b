import type { JSX } from 'preact'
import { textOf, type Talk } from '../talks.ts'
import { answerBy, clockText, dayNumber, dayText, momentText, type Place } from '../times.ts'
import { useSurround, type Surround } from './context.ts'
import { Icon } from './icons.tsx'

/** A conversation in the list: who spoke last, what, when, and how it stands. */
export function Row({
  talk,
  answerMinutes,
  now,
  open,
}: {
  talk: Talk
  answerMinutes: number | null
  now: number
  open: () => void
}): JSX.Element {
  const { say, place } = useSurround()
  const last = talk.pending.at(-1)
  const { row } = talk
  const preview = row?.preview ?? null
  const mine = last !== undefined || preview === null || preview.author.kind === 'contact'
  const text = last ? textOf(last) : preview?.deleted ? say('deletedMessage') : preview?.text
  const state = stateText(talk, answerMinutes, now, { say, place })
  return (
    <li>
      <button type="button" class={talk.unread > 0 ? 'row unread' : 'row'} onClick={open}>
        <span class="row-who">{mine ? say('you') : preview?.author.name}</span>
        <span class="row-when">{momentOf(last?.entry.at ?? row?.lastAt ?? now, now, place)}</span>
        <span class="row-text" dir="auto">
          {row !== null && row.subject !== '' && <b>{row.subject} · </b>}
          {text}
        </span>
        {talk.unread > 0 && (
          <span class="row-count" title={say('unreadCount', { count: talk.unread })}>
            <span aria-hidden="true">{talk.unread}</span>
            <span class="unseen">{say('unreadCount', { count: talk.unread })}</span>
          </span>
        )}
        {state !== null && <span class="row-state">{state}</span>}
      </button>
    </li>
  )
}

/** The clock for today, otherwise the day. */
function momentOf(ms: number, now: number, place: Place): string {
  const isToday = dayNumber(ms, place.zone) === dayNumber(now, place.zone)
  return isToday ? clockText(ms, place) : dayText(ms, now, place)
}

function stateText(
  { row, pending }: Talk,
  answerMinutes: number | null,
  now: number,
  { say, place }: Pick<Surround, 'say' | 'place'>,
): JSX.Element | string | null {
  if (pending.some(({ state }) => state === 'refused')) return <Warned text={say('refused')} />
  if (pending.some(({ state }) => state === 'waiting')) return <Warned text={say('waiting')} />
  if (row?.status === 'resolved') return say('statusResolved')
  if (row?.pause?.side === 'theirs') {
    const { until } = row.pause
    if (until === null) return say('statusPaused')
    return say('statusPausedUntil', { time: momentText(until, now, place) })
  }
  const by = row?.turn === 'ours' ? answerBy(row.turnSince, answerMinutes) : null
  if (by !== null && by > now) return say('answerBy', { time: momentText(by, now, place) })
  return null
}

function Warned({ text }: { text: string }): JSX.Element {
  return (
    <span class="warned">
      <Icon name="cloudOff" small />
      {text}
    </span>
  )
}
