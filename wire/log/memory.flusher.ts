/** Takes what is to be flushed together, as a log on a disk would. */
export interface Flusher {
  /** `settle` is called once it is flushed, or with false once that cannot be any more. */
  add(bytes: number, settle: (isFlushed: boolean) => void): void
  /** There is something that `beforeFlight` will add. */
  wake(): void
  /** The bytes that were added and are not flushed. */
  waiting(): number
  /** Resolves when nothing waits. */
  idle(): Promise<void>
}

interface Waiting {
  readonly bytes: number
  readonly settle: (isFlushed: boolean) => void
}

/** Makes a flusher. Like a disk, it takes one group at a time: what comes meanwhile is the next. */
export function openFlusher(options: {
  /** Resolves when a group is flushed; a failure is for good. */
  readonly flush: () => Promise<void>
  /** What waits to be put together may be added now. */
  readonly beforeFlight: () => void
  readonly onFailure: (cause: unknown) => void
}): Flusher {
  let coming: Waiting[] = []
  let bytes = 0
  let flying: Promise<void> | undefined
  let hasFailed = false

  const fly = async (): Promise<void> => {
    // What else is asked in this turn of the event loop goes with it.
    await Promise.resolve()
    options.beforeFlight()
    while (coming.length > 0) {
      const group = coming
      coming = []
      if (!hasFailed) await options.flush().catch(fail)
      for (const one of group) {
        bytes -= one.bytes
        one.settle(!hasFailed)
      }
      options.beforeFlight()
    }
    flying = undefined
  }
  const fail = (cause: unknown): void => {
    hasFailed = true
    options.onFailure(cause)
  }
  const wake = (): void => {
    flying ??= fly()
  }

  return {
    add(size, settle) {
      coming.push({ bytes: size, settle })
      bytes += size
      wake()
    },
    wake,
    waiting: () => bytes,
    async idle() {
      while (flying !== undefined) await flying
    },
  }
}
