import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { limits } from '@fermata/base/limits'
import { laterChoices } from '../later.ts'
import { atHour, clockText, dateText, readField, writeField } from '../times.ts'
import { useNow, useSurround } from './context.ts'

/** What "I'll come back later" asks. */
export interface LaterProps {
  /** Later: until a time, or (null) until they come back. */
  readonly choose: (until: number | null) => void
  readonly cancel: () => void
}

/** Asks when somebody will come back, and says where their answer will be. */
export function Later({ choose, cancel }: LaterProps): JSX.Element {
  const { say, place, clock } = useSurround()
  const now = useNow(clock)
  const [picking, pick] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [])
  useEffect(() => {
    // Escape leaves this question first, and only then the chat.
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      cancel()
    }
    window.addEventListener('keydown', leave, true)
    return () => window.removeEventListener('keydown', leave, true)
  }, [cancel])
  return (
    <section class="later" aria-labelledby="later-title" aria-describedby="later-text">
      <h2 id="later-title">{say('laterTitle')}</h2>
      <p id="later-text">{say('laterText')}</p>
      <div class="choices">
        <button type="button" ref={first} onClick={() => choose(null)}>
          {say('laterOpen')}
        </button>
        {laterChoices(now, place).map(({ word, until }) => (
          <button key={word} type="button" onClick={() => choose(until)}>
            <span>{say(word)}</span>
            <time>{word === 'laterMonday' ? dateText(until, place) : clockText(until, place)}</time>
          </button>
        ))}
        {!picking && (
          <button type="button" onClick={() => pick(true)}>
            {say('laterPick')}
          </button>
        )}
      </div>
      {picking && <Picker choose={choose} />}
      <button type="button" class="quiet" onClick={cancel}>
        {say('laterCancel')}
      </button>
    </section>
  )
}

/** Any time of the year to come. */
function Picker({ choose }: Pick<LaterProps, 'choose'>): JSX.Element {
  const { say, place, clock } = useSurround()
  const now = clock.now()
  const [value, setValue] = useState(() => writeField(atHour(now, place.zone, 1, 9), place.zone))
  const until = readField(value, place.zone)
  const fits = until !== null && until > now && until < now + limits.pauseMsMax
  return (
    <form
      class="picker"
      onSubmit={(event) => {
        event.preventDefault()
        if (fits) choose(until)
      }}
    >
      <input
        type="datetime-local"
        aria-label={say('laterPickLabel')}
        value={value}
        min={writeField(now, place.zone)}
        max={writeField(now + limits.pauseMsMax, place.zone)}
        onInput={(event) => setValue(event.currentTarget.value)}
      />
      <button type="submit" class="primary" disabled={!fits}>
        {say('laterPickDo')}
      </button>
    </form>
  )
}
