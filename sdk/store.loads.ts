import { limits } from '@fermata/base/limits'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import { ConnectionFailed, type Client } from './client.ts'
import { fraction } from './connection.ts'
import { Naps } from './naps.ts'
import { backOffMs } from './retry.ts'
import type { Load } from './store.model.ts'

/** A fetch under a name, tried until it is answered or no longer wanted. */
export interface Loading<T> {
  readonly name: string
  /** Whether anybody still wants it. */
  isWanted(): boolean
  fetch(signal: AbortSignal): Promise<Result<T, Refusal>>
  /** Takes the answer over; false asks to fetch again at once. */
  take(value: T): boolean
}

/** Fetches that go on until they are answered, and how each goes. */
export class Loads {
  readonly #client: Client
  readonly #signal: AbortSignal
  readonly #changed: () => void
  readonly #naps: Naps
  readonly #busy = new Set<string>()
  #all: Readonly<Partial<Record<string, Load>>> = {}

  constructor(client: Client, signal: AbortSignal, changed: () => void) {
    this.#client = client
    this.#signal = signal
    this.#changed = changed
    this.#naps = new Naps(client.connection.clock)
  }

  /** How each load goes, by name. */
  get all(): Readonly<Partial<Record<string, Load>>> {
    return this.#all
  }

  /** The network may be back: what waits is tried at once. */
  wake(): void {
    this.#naps.wake()
  }

  /** Says how a load goes. */
  say(name: string, state: Load['state'], refusal: Refusal | null = null): void {
    const known = this.#all[name]
    if (known?.state === state && known.refusal === refusal) return
    this.#all = { ...this.#all, [name]: { state, refusal } }
    this.#changed()
  }

  /** Fetches; does nothing when a fetch under this name is on its way. Resolves when it is over. */
  async run<T>(loading: Loading<T>): Promise<void> {
    const { name } = loading
    if (this.#busy.has(name)) return
    this.#busy.add(name)
    try {
      this.say(name, 'loading')
      let failures = 0
      while (loading.isWanted() && !this.#signal.aborted) {
        const result = await this.#tried(loading)
        if (result === null) {
          this.say(name, 'failed')
          failures += 1
          await this.nap(failures)
        } else if (!result.ok) {
          this.say(name, 'refused', result.refusal)
          return
        } else if (loading.take(result.value)) {
          this.say(name, 'loaded')
          return
        }
      }
      this.#forget(name)
    } finally {
      this.#busy.delete(name)
    }
  }

  /** Waits as long as after the nth failure, or until something wakes it. */
  async nap(failures: number): Promise<void> {
    const delayMs = backOffMs(
      Math.max(failures, limits.requestAttemptsMax),
      fraction(this.#client.connection.random),
    )
    await this.#naps.sleep(delayMs, this.#signal)
  }

  #forget(name: string): void {
    const left = { ...this.#all }
    delete left[name]
    this.#all = left
    this.#changed()
  }

  async #tried<T>(loading: Loading<T>): Promise<Result<T, Refusal> | null> {
    try {
      return await loading.fetch(this.#signal)
    } catch (error) {
      if (error instanceof ConnectionFailed || this.#signal.aborted) return null
      throw error
    }
  }
}
