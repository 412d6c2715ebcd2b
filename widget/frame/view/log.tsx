import type { Thread } from '@fermata/contract/state'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { linesOf } from '../log.ts'
import { isConversation, type Talk } from '../talks.ts'
import { dayNumber, dayText, type Place } from '../times.ts'
import type { Say } from '../words.ts'
import { useNow, useSurround } from './context.ts'
import { Icon } from './icons.tsx'
import { Message, Waiting } from './message.tsx'
import { useScrolled } from './scroll.ts'

/** What a log shows, and what it hears. */
export interface LogProps {
  readonly talk: Talk
  readonly thread: Thread | null
  /** Whether the connection is missing. */
  readonly cut: boolean
  /** The end of the log came into sight, or left it. */
  readonly seen: (atEnd: boolean) => void
  /** What stands below the last line. */
  readonly children?: ComponentChildren
}

/** Everything that was said, and what is about to be. */
export function Log({ talk, thread, cut, seen, children }: LogProps): JSX.Element {
  const { say, place, clock, store } = useSurround()
  const now = useNow(clock)
  const lines = linesOf(thread?.messages ?? [], talk.pending, place.zone)
  // What stands behind one that does not get through does not get through either.
  const stuck = cut || talk.pending.some(({ entry }) => entry.failures > 0)
  const { box, atEnd, onScroll, toEnd } = useScrolled(lines[0]?.key ?? '', lines.length)
  const id = isConversation(talk.lane) ? talk.lane : null
  useEffect(() => seen(atEnd), [seen, atEnd])
  return (
    <div class="log-frame">
      <div
        class="log"
        ref={box}
        onScroll={onScroll}
        tabIndex={0}
        role="region"
        aria-label={say('untitled')}
      >
        {thread?.more.before && (
          <button
            type="button"
            class="quiet"
            onClick={() => id !== null && void store.olderMessages(id)}
          >
            {say('earlierMessages')}
          </button>
        )}
        <ol>
          {lines.map((line) =>
            line.kind === 'day' ? (
              <li key={line.key} class="day">
                {dayName(line.at, now, place, say)}
              </li>
            ) : line.kind === 'message' ? (
              <Message key={line.key} {...line.said} />
            ) : (
              <Waiting key={line.key} stuck={stuck} {...line.said} />
            ),
          )}
        </ol>
        {children}
      </div>
      {!atEnd && (
        <button type="button" class="to-end" onClick={toEnd}>
          <Icon name="down" small />
          {say('showNewest')}
        </button>
      )}
    </div>
  )
}

function dayName(at: number, now: number, place: Place, say: Say): string {
  const apart = dayNumber(now, place.zone) - dayNumber(at, place.zone)
  return apart === 0 ? say('today') : apart === 1 ? say('yesterday') : dayText(at, now, place)
}
