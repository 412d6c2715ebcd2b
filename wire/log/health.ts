import type { Cancel, Clock } from '@fermata/base/clock'
import { DiskFailure } from './disk.ts'
import type { LogRefusal, LogState } from './store.ts'

/** Which part of the log met trouble; each says by itself when it is over. */
export type TroubleSource = 'journal' | 'segments'

/** What the log can do, and what it does about what it cannot. */
export interface Health {
  state(): LogState
  /** Why nothing may be appended now; undefined while it may. */
  refusal(): LogRefusal | undefined
  /**
   * Hears of an error. One that passes by itself has appends refused by its name until `over`, and
   * `retry` called after a while; any other ends the log, because what is on disk is no longer known.
   */
  trouble(source: TroubleSource, error: unknown): void
  over(source: TroubleSource): void
  end(reason: string): void
}

type Passing = Extract<LogState, { readonly kind: 'refusing' }>

/** Watches over a log. `onEnd` is called once. */
export function watchHealth(options: {
  readonly clock: Clock
  readonly retryMs: number
  readonly retry: () => void
  readonly onEnd: (reason: string) => void
}): Health {
  const troubles = new Map<TroubleSource, Passing>()
  let ended: string | undefined
  let cancel: Cancel | undefined

  const end = (reason: string): void => {
    if (ended !== undefined) return
    ended = reason
    cancel?.()
    options.onEnd(reason)
  }
  const arm = (): void => {
    cancel ??= options.clock.after(options.retryMs, () => {
      cancel = undefined
      if (ended !== undefined || troubles.size === 0) return
      arm()
      options.retry()
    })
  }
  const state = (): LogState => {
    if (ended !== undefined) return { kind: 'ended', reason: ended }
    const [first] = troubles.values()
    return first ?? { kind: 'serving' }
  }

  return {
    state,
    refusal() {
      const now = state()
      if (now.kind === 'serving') return undefined
      return now.kind === 'ended' ? { code: 'ended', reason: now.reason } : { code: now.code }
    },
    trouble(source, error) {
      const passing = passingTrouble(error)
      if (passing === undefined) return end(error instanceof Error ? error.message : String(error))
      if (ended !== undefined) return
      troubles.set(source, passing)
      arm()
    },
    over(source) {
      if (!troubles.delete(source) || troubles.size > 0) return
      cancel?.()
      cancel = undefined
    },
    end,
  }
}

function passingTrouble(error: unknown): Passing | undefined {
  if (!(error instanceof DiskFailure)) return undefined
  const { code, message: reason } = error
  const isPassing = code === 'disk_full' || code === 'files_exhausted' || code === 'disk_read_only'
  return isPassing ? { kind: 'refusing', code, reason } : undefined
}
