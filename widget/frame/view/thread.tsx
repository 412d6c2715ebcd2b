import type { Model } from '@fermata/sdk/store'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { pauseTalk, readTalk, resumeTalk, type Outcome } from '../acts.ts'
import type { Facts } from '../facts.ts'
import { reasonOf } from '../reason.ts'
import { isConversation, type Talk } from '../talks.ts'
import { Composer } from './composer.tsx'
import { useSurround } from './context.ts'
import { Header } from './header.tsx'
import { Icon } from './icons.tsx'
import { Later } from './later.tsx'
import { Log } from './log.tsx'
import { usePresence } from './presence.ts'
import { StateLine, Writing } from './state.tsx'

/** What a conversation's screen shows and does. */
export interface ThreadProps {
  readonly facts: Facts
  readonly model: Model
  readonly talk: Talk
  /** Whether somebody can see it: the panel is open and the page in front. */
  readonly visible: boolean
  /** Whether the connection is missing. */
  readonly cut: boolean
  readonly back: () => void
}

/** A conversation. */
export function Thread({ facts, model, talk, visible, cut, back }: ThreadProps): JSX.Element {
  const { session, store, say, clock } = useSurround()
  const [asking, ask] = useState(false)
  const [trouble, setTrouble] = useState<Outcome>('done')
  const [atEnd, seen] = useState(true)
  const { client } = session
  const { lane, row } = talk
  const id = isConversation(lane) ? lane : null
  const typing = usePresence(client, clock, id, visible)

  useEffect(() => (id === null ? undefined : store.showThread(id)), [store, id])
  useEffect(() => {
    if (id !== null && visible && atEnd && talk.unread > 0 && row !== null) {
      void readTalk({ client, store }, id, row.lastNumber)
    }
  }, [client, store, id, visible, atEnd, talk.unread, row])

  const pause = (until: number | null): void => {
    ask(false)
    if (id !== null) void pauseTalk({ client, store }, clock, id, until).then(setTrouble)
  }
  const resume = (): void => {
    if (id !== null) void resumeTalk({ client, store }, id).then(setTrouble)
  }
  const mayPause = row?.status === 'open'
  return (
    <>
      <Header title={row?.subject || facts.widget?.workspace || ''} back={back} />
      <Log
        talk={talk}
        thread={id === null ? null : (model.state.threads[id] ?? null)}
        cut={cut}
        seen={seen}
      >
        {row && (
          <StateLine
            row={row}
            answerMinutes={facts.widget?.answerMinutes ?? null}
            resume={resume}
          />
        )}
        <Writing names={writersOf(model, lane)} />
      </Log>
      <Trouble of={trouble} />
      {asking ? (
        <Later choose={pause} cancel={() => ask(false)} />
      ) : (
        <>
          <Composer
            name={lane}
            typing={typing}
            send={(message) => session.outbox.post(lane, message).ok}
          />
          {mayPause && (
            <div class="beneath">
              <button type="button" class="quiet" onClick={() => ask(true)}>
                <Icon name="pause" small />
                {say('later')}
              </button>
            </div>
          )}
        </>
      )}
    </>
  )
}

/** Why the last act did not work. */
function Trouble({ of }: { of: Outcome }): JSX.Element | null {
  const { say } = useSurround()
  if (of === 'done') return null
  const reason = of === 'offline' ? say('noConnection') : reasonOf(of, say)
  return (
    <p class="trouble" role="alert">
      {say('failed', { reason })}
    </p>
  )
}

function writersOf(model: Model, lane: string): readonly string[] {
  if (!isConversation(lane)) return []
  const here = model.presence[lane] ?? []
  return here.filter(({ doing }) => doing === 'reply').map(({ name }) => name)
}
