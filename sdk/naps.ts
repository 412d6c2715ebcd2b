import type { Clock } from '@fermata/base/clock'

/** Pauses between attempts, all of which a sign of life cuts short. */
export class Naps {
  readonly #clock: Clock
  readonly #sleepers = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves after a delay, or as soon as `wake` is called or the signal aborts. */
  sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const rise = (): void => {
        cancel()
        signal?.removeEventListener('abort', rise)
        this.#sleepers.delete(rise)
        resolve()
      }
      const cancel = this.#clock.after(delayMs, rise)
      signal?.addEventListener('abort', rise)
      this.#sleepers.add(rise)
      if (signal?.aborted === true) rise()
    })
  }

  /** Wakes all sleepers. */
  wake(): void {
    for (const rise of this.#sleepers) rise()
  }
}
