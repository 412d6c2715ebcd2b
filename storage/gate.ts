import type { DurabilityGate } from './port.ts'

/** A promise and its two ends. */
interface Waiting {
  readonly promise: Promise<void>
  readonly resolve: () => void
}

/** The gate, seen from the side that commits. */
export interface Gate extends DurabilityGate {
  /** Counts a commit. Called after the commit and before anybody is told of it. */
  committed(): void
  /** Flushes that succeeded since the start. */
  flushes(): number
  /** Commits since the start. */
  commits(): number
  /** Whether a flush has failed: nothing is acknowledged from then on. */
  failed(): boolean
}

/** What a gate needs. */
export interface GateOptions {
  /** Puts everything on disk that was committed before the call. At most one runs at a time. */
  readonly flush: () => Promise<void>
  /** Hears of a failed flush; the process must end. */
  readonly fatal: (error: Error) => void
}

/**
 * Makes the durability gate. A flush covers the commits made before it started and no others, so
 * that whoever asks while one runs for older commits waits for the next, together with all others
 * that came in the meantime. After a failed flush no promise of this gate is ever kept: what the
 * page cache holds may never reach the disk, and only a new start finds out what did.
 */
export function openGate({ flush, fatal }: GateOptions): Gate {
  let commits = 0
  let flushed = 0
  let flushes = 0
  let failure: Error | undefined
  /** The commits that the running flush covers, and who waits for it. */
  let running: { readonly covers: number; readonly waiting: Waiting } | undefined
  let next: Waiting | undefined

  const start = (waiting: Waiting): void => {
    const covers = commits
    running = { covers, waiting }
    flush().then(
      () => {
        flushed = covers
        flushes += 1
        running = undefined
        waiting.resolve()
        const following = next
        next = undefined
        if (following !== undefined) start(following)
      },
      (cause: unknown) => {
        // `running` stays set: whoever asks from now on joins those who wait for ever.
        failure = new Error('the flush of the database failed; the process must end', { cause })
        fatal(failure)
      },
    )
  }

  return {
    committed() {
      commits += 1
    },
    durable() {
      if (flushed === commits) return undefined
      if (running === undefined) {
        const waiting = Promise.withResolvers<void>()
        start(waiting)
        return waiting.promise
      }
      if (running.covers === commits) return running.waiting.promise
      next ??= Promise.withResolvers<void>()
      return next.promise
    },
    flushes: () => flushes,
    commits: () => commits,
    failed: () => failure !== undefined,
  }
}
