import type { AnyEvent } from '@fermata/contract/events.schema'
import { applyAll } from '@fermata/contract/apply'
import { emptyState, type State } from '@fermata/contract/state'
import { RecentEvents } from './store.recent.ts'

/** Something fetched: the position it was true at, and how a state takes it over. */
export interface Fetched {
  readonly position: number
  into(state: State): State
}

/** What the server has told: fetched answers and the events after them, brought together. */
export class Truth {
  #state: State
  #recent: RecentEvents

  constructor(me: string, position: number) {
    this.#state = emptyState(me, position)
    this.#recent = new RecentEvents(position)
  }

  get state(): State {
    return this.#state
  }

  /** Takes the events of a frame, and how far it scanned. */
  hear(events: readonly AnyEvent[], position: number): void {
    this.#recent.add(events)
    this.#state = applyAll(this.#state, events, position)
  }

  /**
   * Takes answers over, each brought up to date by the events heard since it was true. False when
   * some of those events are no longer kept: then nothing is changed, and it must be fetched again.
   */
  take(fetched: readonly Fetched[]): boolean {
    const next = this.#with(this.#state, fetched)
    if (next !== null) this.#state = next
    return next !== null
  }

  /** Like `take`, but forgets everything else that was known. */
  replace(fetched: readonly Fetched[]): boolean {
    const next = this.#with(emptyState(this.#state.me, this.#state.position), fetched)
    if (next !== null) this.#state = next
    return next !== null
  }

  /** Changes what is held without anything having happened, to forget what nobody looks at. */
  forget(change: (state: State) => State): void {
    this.#state = change(this.#state)
  }

  /** The feed could not tell what happened up to here: no event of before joins what is fetched now. */
  reset(position: number): void {
    this.#recent = new RecentEvents(position)
    this.#state = { ...this.#state, position }
  }

  #with(before: State, fetched: readonly Fetched[]): State | null {
    let next = before
    for (const one of fetched) {
      const since = this.#recent.after(one.position)
      if (since === null) return null
      next = applyAll(one.into(next), since, before.position)
    }
    return next
  }
}
