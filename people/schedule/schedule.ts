import type { Cancel, Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type { Storage, WriteTx } from '@fermata/storage/port'
import type { TimerKind, TimerName } from './actions.ts'
import { dueTimers, nextTimer, putTimer, takeTimer, type TimerRow } from './store.sql.ts'

/** A timer whose time has come. */
export interface DueTimer extends TimerName {
  readonly workspace: Uint8Array
  /** When it was due, in ms; long ago if the server was stopped. */
  readonly at: number
}

/** Does what a timer is for, in the transaction that removes it. */
export type TimerHandler = (tx: WriteTx, timer: DueTimer) => Promise<void>

/** The running timetable. */
export interface Schedule {
  /** Runs what is overdue, then whatever comes due, until `stop`. */
  start(): void
  /** Tells that a timer may have been set to this time (ms); call it after the commit. */
  wake(at: number): void
  /** Runs everything that is due now; answers how many timers ran. */
  runDue(): Promise<number>
  stop(): void
}

/**
 * Runs timers when their time has come. The database is the only truth: a wait in memory is never
 * longer than `scheduleLookMsMax`, so that a clock that steps, another server's timers or a lost
 * wake-up delay a timer but cannot lose it.
 */
export function schedule(deps: {
  readonly storage: Storage
  readonly clock: Clock
  readonly handlers: Readonly<Record<TimerKind, TimerHandler>>
  /** Hears of a step that failed; it is tried again after the next look. */
  readonly failed: (error: unknown) => void
}): Schedule {
  const { storage, clock, handlers } = deps
  let cancel: Cancel | undefined
  let armedAt = Infinity
  let running: Promise<number> | undefined
  let started = false

  function arm(at: number): void {
    if (!started) return
    cancel?.()
    armedAt = at
    const waitMs = Math.min(Math.max(0, at - clock.now()), limits.scheduleLookMsMax)
    cancel = clock.after(waitMs, () => void look())
  }

  async function look(): Promise<void> {
    armedAt = Infinity
    try {
      await runDue()
      const next = await storage.read((tx) => tx.get(nextTimer, {}))
      // A wake-up during the look may have armed an earlier time already.
      arm(Math.min(armedAt, next?.at ?? Infinity))
    } catch (error) {
      deps.failed(error)
      arm(clock.now() + limits.scheduleLookMsMax)
    }
  }

  /** Runs one timer; one that fails is put off, so that those behind it are not held up. */
  async function runOne(row: TimerRow, now: number): Promise<number> {
    const kind = row.kind as TimerKind
    try {
      return await storage.write(async (tx) => {
        const taken = await tx.run(takeTimer, row)
        if (taken === 1) await handlers[kind](tx, { ...row, kind })
        return taken
      })
    } catch (error) {
      deps.failed(error)
      await storage.write((tx) => tx.run(putTimer, { ...row, at: now + limits.scheduleLookMsMax }))
      return 0
    }
  }

  async function runStep(): Promise<number> {
    const now = clock.now()
    const due = await storage.read((tx) => tx.all(dueTimers, { now, limit: limits.timersPerStep }))
    let ran = 0
    for (const row of due) ran += await runOne(row, now)
    return ran
  }

  async function runAll(): Promise<number> {
    let total = 0
    for (let ran = await runStep(); ran > 0; ran = await runStep()) total += ran
    return total
  }

  function runDue(): Promise<number> {
    running ??= runAll().finally(() => (running = undefined))
    return running
  }

  return {
    start() {
      started = true
      arm(clock.now())
    },
    wake(at) {
      if (at < armedAt) arm(at)
    },
    runDue,
    stop() {
      started = false
      cancel?.()
    },
  }
}
