import type { InboxId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ConnectionFailed, type Client } from './client.ts'
import type { Counts } from './store.model.ts'

/** Which counts: of one inbox, or of all. */
export type CountsKey = InboxId | '*'

/**
 * Keeps the counts that a screen shows. No event tells a count, so they are fetched again when events
 * touch conversations, but at most once in limits.countsMsMin.
 */
export class CountsKeeper {
  readonly #client: Client
  readonly #signal: AbortSignal
  readonly #tell: (key: CountsKey, counts: Counts) => void
  readonly #shown = new Map<CountsKey, number>()
  #isPlanned = false
  #isFetching = false
  #isTouched = false

  constructor(client: Client, signal: AbortSignal, tell: (key: CountsKey, counts: Counts) => void) {
    this.#client = client
    this.#signal = signal
    this.#tell = tell
  }

  /** Keeps some counts fresh until the answered function is called. */
  show(key: CountsKey): () => void {
    const users = this.#shown.get(key) ?? 0
    this.#shown.set(key, users + 1)
    if (users === 0) this.#soon(0)
    let isShown = true
    return () => {
      if (!isShown) return
      isShown = false
      const left = (this.#shown.get(key) ?? 1) - 1
      if (left === 0) this.#shown.delete(key)
      else this.#shown.set(key, left)
    }
  }

  /** The counts may have changed. */
  touch(): void {
    if (this.#shown.size > 0) this.#soon(limits.countsMsMin)
  }

  #soon(delayMs: number): void {
    if (this.#isFetching) {
      this.#isTouched = true
      return
    }
    if (this.#isPlanned) return
    this.#isPlanned = true
    this.#client.connection.clock.after(delayMs, () => {
      this.#isPlanned = false
      void this.#fetch()
    })
  }

  async #fetch(): Promise<void> {
    if (this.#signal.aborted) return
    this.#isFetching = true
    this.#isTouched = false
    try {
      await Promise.all([...this.#shown.keys()].map((key) => this.#fetchOne(key)))
    } catch (error) {
      // Unreachable: the feed is, too, and touches the counts again once it is live.
      if (!(error instanceof ConnectionFailed) && !this.#signal.aborted) throw error
    } finally {
      this.#isFetching = false
      if (this.#isTouched) this.#soon(limits.countsMsMin)
    }
  }

  async #fetchOne(key: CountsKey): Promise<void> {
    const query = key === '*' ? {} : { inbox: key }
    const answer = await this.#client.conversations.counts({ query }, { signal: this.#signal })
    if (answer.ok) this.#tell(key, answer.value.counts)
  }
}
