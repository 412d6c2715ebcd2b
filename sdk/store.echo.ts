import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Result } from '@fermata/base/result'
import type { Clock } from '@fermata/base/clock'
import type { AnyEvent, Presence } from '@fermata/contract/events.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { State } from '@fermata/contract/state'
import type { Entry } from './outbox.entries.ts'
import { afterEvents, type ShownGuess } from './store.guesses.ts'
import type { Guess } from './store.model.ts'
import { stillSettling, type Settling } from './store.pending.ts'
import { afterPosts, seen, stillSeen, type Seen } from './store.presence.ts'

/**
 * What a screen shows although no fetch or event has told it for good: guesses, messages that were accepted
 * and are not in the feed yet, and who is here. All of it passes by itself.
 */
export class Echo {
  readonly #clock: Clock
  readonly #changed: () => void
  #guesses: readonly ShownGuess[] = []
  #settling: readonly Settling[] = []
  #seen: readonly Seen[] = []
  #cancelSweep: (() => void) | null = null

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
  }

  get guesses(): readonly ShownGuess[] {
    return this.#guesses
  }

  get settling(): readonly Settling[] {
    return this.#settling
  }

  get seen(): readonly Seen[] {
    return this.#seen
  }

  /** The feed has told events, and this is the state after them. */
  hear(events: readonly AnyEvent[], state: State): void {
    this.#guesses = afterEvents(this.#guesses, events, state.me)
    this.#seen = afterPosts(this.#seen, events)
    this.settle(state)
  }

  /** Lets go of what a thread shows by now. */
  settle(state: State): void {
    this.#settling = stillSettling(state, this.#settling, this.#clock.monotonic())
  }

  /** Somebody is here. */
  see(presence: Presence): void {
    this.#seen = seen(this.#seen, presence, this.#clock.monotonic())
    this.#sweepLater()
    this.#changed()
  }

  /** The server has accepted a send. */
  accept(entry: Entry, conversation: ConversationId): void {
    this.#settling = [...this.#settling, { entry, conversation, until: this.#passing() }]
    this.#sweepLater()
  }

  /** Shows what a call will have done, until the feed tells it or the call fails. */
  async act<T>(guess: Guess, call: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
    const shown: ShownGuess = { guess, isDone: false, isTold: false, until: Infinity }
    this.#guesses = [...this.#guesses, shown]
    this.#changed()
    let isDone = false
    try {
      const result = await call()
      isDone = result.ok
      return result
    } finally {
      this.#finish(guess, isDone)
    }
  }

  stop(): void {
    this.#cancelSweep?.()
  }

  #finish(guess: Guess, isDone: boolean): void {
    const until = this.#passing()
    this.#guesses = this.#guesses
      .map((one) => (one.guess === guess ? { ...one, isDone, until } : one))
      .filter((one) => one.guess !== guess || (isDone && !one.isTold))
    this.#sweepLater()
    this.#changed()
  }

  #passing(): number {
    return this.#clock.monotonic() + limits.guessMsMax
  }

  /** Lets go of what has lasted too long, when the next of it has. */
  #sweepLater(): void {
    this.#cancelSweep?.()
    this.#cancelSweep = null
    const all = [...this.#guesses, ...this.#settling, ...this.#seen].map(({ until }) => until)
    const next = Math.min(...all)
    if (!Number.isFinite(next)) return
    const delayMs = Math.max(0, next - this.#clock.monotonic())
    this.#cancelSweep = this.#clock.after(delayMs, () => this.#sweep())
  }

  #sweep(): void {
    const nowMs = this.#clock.monotonic()
    this.#guesses = this.#guesses.filter(({ until }) => until > nowMs)
    this.#settling = this.#settling.filter(({ until }) => until > nowMs)
    this.#seen = stillSeen(this.#seen, nowMs)
    this.#sweepLater()
    this.#changed()
  }
}
