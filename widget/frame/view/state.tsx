import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { JSX } from 'preact'
import { momentText } from '../times.ts'
import { useNow, useSurround } from './context.ts'
import { Icon } from './icons.tsx'

/** How a conversation stands, in a sentence at its end; nothing when there is nothing to say. */
export function StateLine({
  row,
  resume,
}: {
  row: ConversationRow
  resume: () => void
}): JSX.Element | null {
  const { say, place, clock } = useSurround()
  const now = useNow(clock)
  if (row.status === 'resolved') {
    return (
      <p class="state">
        <Icon name="check" small />
        {say('resolvedNote')}
      </p>
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
  if (row.turn !== 'ours' || row.due === null) return null
  const time = momentText(row.due, now, place)
  return (
    <p class="state">
      <Icon name="clock" small />
      {row.due > now ? say('dueBy', { time }) : say('dueMissed', { time })}
    </p>
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
