import type { State } from '@fermata/contract/state'
import type { Entry } from './outbox.entries.ts'
import type { Echo } from './store.echo.ts'
import { withGuesses } from './store.guesses.ts'
import type { Model } from './store.model.ts'
import { pendingOf } from './store.pending.ts'
import { byConversation } from './store.presence.ts'

/** Remembers the last answer, so that the same input gives the same object. */
function remembered<Given extends readonly unknown[], T>(
  make: (...given: Given) => T,
): (...given: Given) => T {
  let last: { given: Given; made: T } | null = null
  return (...given) => {
    if (last === null || given.some((one, at) => one !== last?.given[at])) {
      last = { given, made: make(...given) }
    }
    return last.made
  }
}

/** What a screen shows of the truth, the outbox and the echo. */
export type View = (
  truth: State,
  entries: readonly Entry[],
  echo: Echo,
) => Pick<Model, 'state' | 'pending' | 'presence'>

/** Makes a view: each part of what it answers is the same object until that part changes. */
export function viewOf(): View {
  const state = remembered(withGuesses)
  const pending = remembered(pendingOf)
  const presence = remembered(byConversation)
  return (truth, entries, echo) => ({
    state: state(truth, echo.guesses),
    pending: pending(entries, echo.settling, truth.moved),
    presence: presence(echo.seen),
  })
}
