import type { ChannelId, InboxId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ConnectionFailed, type Client } from './client.ts'
import type { Counts } from './store.model.ts'

/** Which counts: of one inbox, or of all. */
export type CountsKey = InboxId | '*'

/** How many conversations of each channel hold something unread. */
export type Unread = Readonly<Partial<Record<ChannelId, number>>>

/**
 * Fetches again what no event tells, when events touch it, but at most once in limits.countsMsMin. Nothing is
 * fetched while nobody looks.
 */
class Fresh {
  readonly #client: Client
  readonly #signal: AbortSignal
  readonly #get: () => Promise<unknown>
  #isPlanned = false
  #isFetching = false
  #isTouched = false

  constructor(client: Client, signal: AbortSignal, get: () => Promise<unknown>) {
    this.#client = client
    this.#signal = signal
    this.#get = get
  }

  soon(delayMs: number): void {
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
      await this.#get()
    } catch (error) {
      // Unreachable: the feed is, too, and touches this again once it is live.
      if (!(error instanceof ConnectionFailed) && !this.#signal.aborted) throw error
    } finally {
      this.#isFetching = false
      if (this.#isTouched) this.soon(limits.countsMsMin)
    }
  }
}

/** Keeps the counts that a screen shows. */
export class CountsKeeper {
  readonly #client: Client
  readonly #signal: AbortSignal
  readonly #tell: (key: CountsKey, counts: Counts) => void
  readonly #fresh: Fresh
  readonly #shown = new Map<CountsKey, number>()

  constructor(client: Client, signal: AbortSignal, tell: (key: CountsKey, counts: Counts) => void) {
    this.#client = client
    this.#signal = signal
    this.#tell = tell
    this.#fresh = new Fresh(client, signal, () =>
      Promise.all([...this.#shown.keys()].map((key) => this.#fetchOne(key))),
    )
  }

  /** Keeps some counts fresh until the answered function is called. */
  show(key: CountsKey): () => void {
    const users = this.#shown.get(key) ?? 0
    this.#shown.set(key, users + 1)
    if (users === 0) this.#fresh.soon(0)
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
    if (this.#shown.size > 0) this.#fresh.soon(limits.countsMsMin)
  }

  async #fetchOne(key: CountsKey): Promise<void> {
    const query = key === '*' ? {} : { inbox: key }
    const answer = await this.#client.conversations.counts({ query }, { signal: this.#signal })
    if (answer.ok) this.#tell(key, answer.value.counts)
  }
}

/** Keeps fresh how much is unread in my channels. */
export class UnreadKeeper {
  readonly #fresh: Fresh
  #users = 0

  constructor(client: Client, signal: AbortSignal, tell: (unread: Unread) => void) {
    this.#fresh = new Fresh(client, signal, async () => {
      const answer = await client.channels.unread({}, { signal })
      if (!answer.ok) return
      const { channels } = answer.value
      tell(Object.fromEntries(channels.map(({ channel, count }) => [channel, count])))
    })
  }

  /** Keeps it fresh until the answered function is called. */
  show(): () => void {
    this.#users += 1
    if (this.#users === 1) this.#fresh.soon(0)
    let isShown = true
    return () => {
      if (isShown) this.#users -= 1
      isShown = false
    }
  }

  /** It may have changed. */
  touch(): void {
    if (this.#users > 0) this.#fresh.soon(limits.countsMsMin)
  }
}
