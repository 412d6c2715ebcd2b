import type { ConversationId } from '@fermata/base/ids'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { applyAll } from '@fermata/contract/apply'
import { emptyState, type State } from '@fermata/contract/state'
import { RecentEvents } from './store.recent.ts'
import { stands, strangers, without } from './store.strangers.ts'

/** Something fetched: the position it was true at, and how a state takes it over. */
export interface Fetched {
  readonly position: number
  into(state: State): State
}

/** What the server has told: fetched answers and the events after them, brought together. */
export class Truth {
  #state: State
  #recent: RecentEvents
  readonly #strangers = new Set<ConversationId>()

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
    this.#state = this.#applied(this.#state, events, position)
  }

  /**
   * Takes answers over, each brought up to date by the events heard since it was true. False when the
   * events cannot do that, because some of them are no longer kept, or because access has changed, and no
   * event tells what lies in an inbox that was gained. Then nothing is changed, and it must be fetched again.
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

  /** Conversations on the screen of which my own state is not known. */
  get strangers(): readonly ConversationId[] {
    return [...this.#strangers]
  }

  /** My own state of these is known by now. */
  acquainted(conversations: readonly ConversationId[]): void {
    for (const conversation of conversations) this.#strangers.delete(conversation)
  }

  /**
   * The state after events. A stranger that stands nowhere is forgotten again, so that it is known as one
   * when it comes back.
   */
  #applied(before: State, events: readonly AnyEvent[], position: number): State {
    const after = applyAll(before, events, position)
    const brought = strangers(before, after, events)
    for (const id of brought) if (stands(after, id)) this.#strangers.add(id)
    return without(
      after,
      brought.filter((id) => !stands(after, id)),
    )
  }

  #with(before: State, fetched: readonly Fetched[]): State | null {
    let next = before
    for (const one of fetched) {
      const since = this.#recent.after(one.position)
      if (since === null || since.some(({ type }) => type === 'access.changed')) return null
      next = this.#applied(one.into(next), since, before.position)
    }
    return next
  }
}
