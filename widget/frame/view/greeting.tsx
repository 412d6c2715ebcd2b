import type { JSX } from 'preact'
import type { Facts } from '../facts.ts'
import { answerBy, momentText } from '../times.ts'
import { useNow, useSurround } from './context.ts'
import { Icon } from './icons.tsx'

/** From here on a greeting is a text, not a headline. */
const longChars = 120

/** The inbox's own words, and by when somebody who writes now has an answer, if that is promised. */
export function Greeting({ facts }: { facts: Facts }): JSX.Element {
  const { say, place, clock } = useSurround()
  const now = useNow(clock)
  const { widget } = facts
  const by = answerBy(now, widget?.answerMinutes ?? null)
  const words = widget === null || widget.greeting === '' ? say('greeting') : widget.greeting
  return (
    <div class="greeting">
      <p class={`greeting-words${words.length > longChars ? ' long' : ''}`} dir="auto">
        {widget === null ? ' ' : words}
      </p>
      {by !== null && (
        <p class="greeting-promise">
          <Icon name="clock" small />
          {say('answerBy', { time: momentText(by, now, place) })}
        </p>
      )}
    </div>
  )
}
