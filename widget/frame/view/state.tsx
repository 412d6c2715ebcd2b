import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { JSX } from 'preact'
import { answerBy, momentText } from '../times.ts'
import { useNow, useSurround } from './context.ts'
import { Icon } from './icons.tsx'

/** How a conversation stands, in a sentence at its end; nothing when there is nothing to say. */
export function StateLine({
  row,
  answerMinutes,
  resume,
}: {
  row: ConversationRow
  answerMinutes: number | null
  resume: () => void
}): JSX.Element | null {
  const { say, place, clock } = useSurround()
  const now = useNow(clock)
  if (row.status === 'resolved') {
    return (
      <div class="state">
        <Icon name="check" small />
        <p>{say('resolvedNote')}</p>
      </div>
    )
  }
  if (row.pause?.side === 'theirs') {
    const { until } = row.pause
    return (
      <div class="state">
        <Icon name="pause" small />
        <p>
          {until === null
            ? say('pausedNote')
            : say('pausedUntilNote', { time: momentText(until, now, place) })}
        </p>
        <button type="button" class="secondary" onClick={resume}>
          {say('resume')}
        </button>
      </div>
    )
  }
  if (row.turn !== 'ours') return null
  // What the greeting promised, from the first word that was not answered.
  const by = answerBy(row.turnSince, answerMinutes)
  const time = by === null ? '' : momentText(by, now, place)
  return (
    <div class="state">
      <Icon name="clock" small />
      <p>
        {by !== null && `${say(by > now ? 'dueBy' : 'dueMissed', { time })} `}
        {say('place')}
      </p>
    </div>
  )
}

/** Who of ours writes at this moment. */
export function Writing({ names }: { names: readonly string[] }): JSX.Element | null {
  const { say } = useSurround()
  if (names.length === 0) return null
  return (
    <p class="writing">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {say('isWriting', { name: names.join(', ') })}
    </p>
  )
}
