import { limits } from '@fermata/base/limits'
import type { AnyEvent } from '@fermata/contract/events.schema'

/**
 * The newest events, kept so that an answer that was true at an earlier position can be brought up to
 * date: a fetch overlaps with the feed, and either may be ahead.
 */
export class RecentEvents {
  #events: AnyEvent[] = []
  /** Every later event is still here. */
  #complete: number

  /** Begins after a position. */
  constructor(position: number) {
    this.#complete = position
  }

  /** Takes the next events of the feed, in order. */
  add(events: readonly AnyEvent[]): void {
    this.#events.push(...events)
    const excess = this.#events.length - limits.recentEventsMax
    if (excess <= 0) return
    this.#complete = this.#events[excess - 1]!.position
    this.#events = this.#events.slice(excess)
  }

  /** The events after a position, or null when some of them are no longer kept. */
  after(position: number): readonly AnyEvent[] | null {
    if (position < this.#complete) return null
    return this.#events.filter((event) => event.position > position)
  }
}
