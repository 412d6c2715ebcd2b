import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Model } from '@fermata/sdk/store'
import type { Facts } from '../facts.ts'
import { everything } from '../live.ts'
import { isLive, talksIn } from '../talks.ts'
import { windowName } from '@fermata/contract/state'
import { useNow, useSurround } from './context.ts'
import { useFocus } from './focus.ts'
import { Greeting } from './greeting.tsx'
import { Header } from './header.tsx'
import { Icon } from './icons.tsx'
import { Row } from './row.tsx'

/** What the list of conversations shows and does. */
export interface HomeProps {
  readonly facts: Facts
  readonly model: Model
  readonly openTalk: (lane: string) => void
  readonly startTalk: () => void
}

/** The way in for somebody who has been here before: the greeting, and their conversations. */
export function Home({ facts, model, openTalk, startTalk }: HomeProps): JSX.Element {
  const { store, say, clock } = useSurround()
  const now = useNow(clock)
  const main = useRef<HTMLElement>(null)
  useFocus(main, true)
  const [unfolded, unfold] = useState(false)
  const talks = talksIn(model)
  const live = talks.filter(isLive)
  const done = talks.filter((talk) => !isLive(talk))
  const more = (model.state.windows[windowName(everything)]?.next ?? null) !== null
  const rows = (some: typeof talks): JSX.Element[] =>
    some.map((talk) => (
      <Row
        key={talk.lane}
        talk={talk}
        answerMinutes={facts.widget?.answerMinutes ?? null}
        now={now}
        open={() => openTalk(talk.lane)}
      />
    ))
  return (
    <>
      <Header title={facts.widget?.workspace ?? ''} />
      <main class="home" ref={main} tabIndex={-1}>
        <Greeting facts={facts} />
        {live.length > 0 && (
          <section aria-labelledby="live">
            <h2 id="live">{say('conversations')}</h2>
            <ul class="rows">{rows(live)}</ul>
          </section>
        )}
        <button type="button" class="primary" onClick={startTalk}>
          <Icon name="plus" />
          {say('startAnother')}
        </button>
        {done.length > 0 && (
          <section aria-labelledby="done">
            <h2 id="done">
              <button
                type="button"
                class="fold"
                aria-expanded={unfolded}
                onClick={() => unfold(!unfolded)}
              >
                <Icon name={unfolded ? 'down' : 'next'} small />
                {say('earlier')}
              </button>
            </h2>
            {unfolded && <ul class="rows">{rows(done)}</ul>}
          </section>
        )}
        {more && (
          <button type="button" class="quiet" onClick={() => void store.moreRows(everything)}>
            {say('earlier')}
          </button>
        )}
      </main>
    </>
  )
}
