import type { Cancel, Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type { CheckpointAnswer, CheckpointThread } from './checkpoint.thread.ts'
import { StorageFull } from './port.ts'

/** Keeps the WAL short. */
export interface Checkpoints {
  /** Looks at the WAL's length; called after each commit, which it must not slow down. */
  look(): void
  /** Why nothing can be written now: the WAL is too long and cannot be shortened. */
  refusal(): Error | undefined
  figures(): Readonly<Record<string, number>>
  /** Waits for the checkpoint that runs; none starts afterwards. */
  close(): Promise<void>
}

/** What checkpoints need. */
export interface CheckpointsOptions {
  readonly clock: Clock
  readonly thread: CheckpointThread
  /** Bytes of the WAL that hold commits; the file may be longer. */
  readonly walBytes: () => number
  /** Bytes of the WAL file. */
  readonly walFileBytes: () => number
  /** Makes the writer stand still; actions queue, and the answer lets them go on. */
  readonly takeTurn: () => Promise<() => void>
  readonly fatal: (error: Error) => void
}

/** SQLite's extended result codes for a flush that failed: SQLITE_IOERR_FSYNC and _DIR_FSYNC. */
const flushFailures: ReadonlySet<number | undefined> = new Set([1034, 1290])

/**
 * Keeps the WAL short. Beyond `walBytesSoftMax` a passive checkpoint copies pages beside the
 * writer; since commits keep coming, it alone would never let the WAL begin anew, so the writer then
 * stands still for the few frames that are left. The file is kept and written over, because
 * flushing new blocks costs 2-5 times as much; only one that a long reader made very long is cut.
 * Beyond `walBytesHardMax` the writer stands still until the WAL is short, and when even that fails
 * (the disk is full), actions are refused.
 */
export function openCheckpoints(options: CheckpointsOptions): Checkpoints {
  const { clock, thread, walBytes, walFileBytes, takeTurn, fatal } = options
  let running: Promise<void> | undefined
  let hold: Promise<() => void> | undefined
  let notBeforeMs = 0
  let refusal: Error | undefined
  let cancelRetry: Cancel | undefined
  let closed = false
  let done = 0
  let failed = 0

  const tooLong = (): boolean => walBytes() >= limits.walBytesHardMax

  const letGo = async (): Promise<void> => {
    const held = hold
    hold = undefined
    if (held !== undefined) (await held)()
  }

  const finish = async (): Promise<CheckpointAnswer> => {
    await (hold ??= takeTurn())
    try {
      const mode = walFileBytes() > limits.walFileBytesKeptMax ? 'truncate' : 'restart'
      // Whoever reads is cut off at its own limit, so that a WAL at its hard limit can wait for it.
      const waitMs = tooLong() ? limits.readTransactionMsMax : limits.walRestartWaitMs
      return await thread.checkpoint({ mode, waitMs })
    } finally {
      await letGo()
    }
  }

  const run = async (): Promise<void> => {
    const passive = await thread.checkpoint({ mode: 'passive', waitMs: 0 })
    const answer = passive.error === undefined ? await finish() : passive
    if (answer.error !== undefined && flushFailures.has(answer.error.code)) {
      return fatal(new Error(`a checkpoint could not be flushed: ${answer.error.message}`))
    }
    if (answer.done) {
      done += 1
      refusal = undefined
      return
    }
    failed += 1
    notBeforeMs = clock.monotonic() + limits.walRetryMs
    if (!tooLong()) return
    refusal = new StorageFull(
      `the write-ahead log has ${limits.walBytesHardMax} bytes (walBytesHardMax) and cannot be shortened: ${answer.error?.message ?? 'it is being read'}`,
    )
    // Refused actions make no commits, and without commits nobody would look again.
    cancelRetry ??= clock.after(limits.walRetryMs, () => {
      cancelRetry = undefined
      start()
    })
  }

  const start = (): void => {
    if (closed || running !== undefined) return
    running = run()
      .catch((cause: unknown) => fatal(new Error('the checkpoint thread was lost', { cause })))
      .finally(() => {
        void letGo()
        running = undefined
      })
  }

  return {
    look() {
      const bytes = walBytes()
      if (closed) return
      if (bytes > limits.walBytesAwake) thread.wake()
      if (bytes < limits.walBytesSoftMax) return
      const hard = bytes >= limits.walBytesHardMax
      if (hard || clock.monotonic() >= notBeforeMs) start()
      if (hard) hold ??= takeTurn()
    },
    refusal: () => refusal,
    figures: () => ({
      wal_bytes: walBytes(),
      wal_file_bytes: walFileBytes(),
      checkpoints_total: done,
      checkpoints_failed_total: failed,
    }),
    async close() {
      closed = true
      cancelRetry?.()
      await running
    },
  }
}
