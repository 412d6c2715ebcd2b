import { pendingOf } from '@fermata/sdk/store.pending'
import type { Model, Store } from '@fermata/sdk/store'
import type { Readable } from './cell.ts'
import type { Session } from './session.ts'

/**
 * What the screen shows: the live model and, before there is a visitor whom it could be of, the first
 * words that still wait to be sent.
 */
export function screenOf(store: Store, { outbox, facts }: Session): Readable<Model> {
  let made: { model: Model; entries: unknown; shown: Model } | undefined
  return {
    getState() {
      const model = store.getState()
      if (facts.getState().met) return model
      const entries = outbox.getState()
      if (made?.model !== model || made.entries !== entries) {
        made = {
          model,
          entries,
          shown: { ...model, pending: pendingOf(entries, [], model.state.moved) },
        }
      }
      return made.shown
    },
    subscribe(listener) {
      const ends = [store, outbox, facts].map((source) => source.subscribe(listener))
      return () => ends.forEach((end) => end())
    },
  }
}
