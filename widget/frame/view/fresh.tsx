import type { NewPost } from '@fermata/sdk/outbox'
import type { JSX } from 'preact'
import type { Facts } from '../facts.ts'
import { Composer } from './composer.tsx'
import { useSurround } from './context.ts'
import { Greeting } from './greeting.tsx'
import { Header } from './header.tsx'

/** What the screen of a new conversation shows and does. */
export interface FreshProps {
  readonly facts: Facts
  /** Absent when there is nothing to go back to. */
  readonly back?: () => void
  /** Opens a conversation; answers false when it could not be kept. */
  readonly begin: (message: NewPost) => boolean
}

/** Before the first word of a conversation. */
export function Fresh({ facts, back, begin }: FreshProps): JSX.Element {
  const { session, say } = useSurround()
  const title = back ? say('newConversation') : (facts.widget?.workspace ?? '')
  return (
    <>
      <Header title={title} {...(back ? { back } : {})} />
      <main class="fresh">
        <Greeting facts={facts} />
        {facts.named && !facts.met && (
          <button type="button" class="quiet" onClick={() => void session.findMine()}>
            {say('findMine')}
          </button>
        )}
        <p class="fresh-place">{say('place')}</p>
      </main>
      {facts.widget && <Composer name="new" send={begin} />}
    </>
  )
}
