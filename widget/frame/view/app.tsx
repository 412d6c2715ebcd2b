import { whereIs, windowName } from '@fermata/contract/state'
import type { NewPost } from '@fermata/sdk/outbox'
import type { Model } from '@fermata/sdk/store'
import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Facts } from '../facts.ts'
import { screenOf } from '../screen.ts'
import { everything } from '../live.ts'
import { isConversation, isLive, talkOf, talksIn, type Talk } from '../talks.ts'
import { Announcer } from './announcer.tsx'
import { useReadable, useSurround } from './context.ts'
import { Fresh } from './fresh.tsx'
import { Header } from './header.tsx'
import { Home } from './home.tsx'
import { ConnectionLine } from './line.tsx'
import { Thread } from './thread.tsx'
import { useCut } from './online.ts'
import { useVisible } from './visible.ts'

/** Where somebody is: nowhere yet, at the list, before a first word, or in a conversation. */
type Where = null | 'home' | 'fresh' | { readonly lane: string }

/** The whole frame. */
export function App(): JSX.Element {
  const { session, store, clock, close, say } = useSurround()
  const facts = useReadable(session.facts)
  const screen = useMemo(() => screenOf(store, session), [store, session])
  const model = useReadable(screen)
  const visible = useVisible() && facts.shown
  const cut = useCut(facts, model, clock)
  const [where, go] = useState<Where>(null)

  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') close()
    }
    window.addEventListener('keydown', leave)
    return () => window.removeEventListener('keydown', leave)
  }, [close])

  const workspace = facts.widget?.workspace
  useEffect(() => {
    if (workspace !== undefined) document.title = say('title', { workspace })
  }, [workspace, say])
  return (
    <div class="app">
      <Room {...{ facts, model, visible, cut, where, go }} />
      <ConnectionLine cut={cut} />
      <Announcer model={model} />
    </div>
  )
}

interface RoomProps {
  readonly facts: Facts
  readonly model: Model
  readonly visible: boolean
  readonly cut: boolean
  readonly where: Where
  readonly go: (where: Where) => void
}

/** The part of the frame where somebody is. */
function Room({ facts, model, visible, cut, where, go }: RoomProps): JSX.Element {
  const { session, say } = useSurround()
  const begin = (message: NewPost): boolean => {
    const { widget } = facts
    if (widget === null) return false
    const opened = session.outbox.open({ inbox: widget.inbox, message })
    if (opened.ok) go({ lane: opened.value.id })
    return opened.ok
  }
  const loaded = !facts.met || model.state.windows[windowName(everything)] !== undefined
  useEffect(() => {
    // Where one came in is where one stays, whatever else begins.
    if (where === null && loaded && talksIn(model).length > 0) go(firstPlace(model))
  }, [where, loaded, model, go])
  if (facts.gone) return <Closed text={say('gone')} />
  if (!loaded && talksIn(model).length === 0) return <Closed text={say('loading')} />

  const here = where ?? firstPlace(model)
  if (typeof here === 'object') {
    const lane = session.outbox.conversationOf(here.lane) ?? here.lane
    const talk = talkOf(model, isConversation(lane) ? whereIs(model.state, lane) : lane)
    if (talk !== null) {
      const back = (): void => go('home')
      return <Thread {...{ facts, model, talk, visible, cut, back }} />
    }
  }
  if (talksIn(model).length === 0) return <Fresh facts={facts} begin={begin} />
  if (here === 'fresh') return <Fresh facts={facts} begin={begin} back={() => go('home')} />
  return (
    <Home
      facts={facts}
      model={model}
      openTalk={(lane) => go({ lane })}
      startTalk={() => go('fresh')}
    />
  )
}

/** Somebody with one conversation going on wants to see that; everybody else what there is. */
function firstPlace(model: Model): Exclude<Where, null> {
  const live: readonly Talk[] = talksIn(model).filter(isLive)
  const [only] = live
  return only !== undefined && live.length === 1 ? { lane: only.lane } : 'home'
}

function Closed({ text }: { text: string }): JSX.Element {
  return (
    <>
      <Header title="" />
      <main class="closed">
        <p>{text}</p>
      </main>
    </>
  )
}
