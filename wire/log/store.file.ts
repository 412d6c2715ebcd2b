import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { arenaPool } from './arena.ts'
import type { Disk } from './disk.ts'
import { openCaretaker, type Caretaker } from './caretaker.ts'
import { openCommitter, type Group } from './committer.ts'
import { filePool } from './files.ts'
import { watchHealth, type Health } from './health.ts'
import { indexCache } from './index.cache.ts'
import { openJournal } from './journal.ts'
import { openKeeper } from './keeper.ts'
import type { FilePartition, LogParts } from './partition.file.ts'
import { lastStable, setHigh } from './partition.ts'
import { recover, type Recovered, type RecoveryReport } from './recover.ts'
import { openSettler } from './settler.ts'
import { logSizes, type LogSizes } from './sizes.ts'
import { fileStore } from './store.file.port.ts'
import type { LogStore } from './store.ts'
import { openWaiters, type Waiters } from './waiters.ts'
import { openWriter } from './writer.ts'

/** A log on a disk. */
export interface FileLog extends LogStore {
  /** What its start found. */
  readonly recovered: RecoveryReport
}

/** What a log on a disk is handed. */
export interface FileLogOptions {
  readonly disk: Disk
  readonly clock: Clock
  /** Whole numbers from 0 to 2^32 - 1 that nobody can guess. */
  readonly randomU32: () => number
  readonly sizes?: LogSizes
  /** Called once when the log ends, by itself or because it was closed, with the reason. */
  readonly onEnd?: (reason: string) => void
}

/**
 * Opens the log in a folder, which nobody else may have open. Recovers whatever a crash has left first;
 * rejects only where the disk cannot be used at all.
 */
export async function openFileLog(options: FileLogOptions): Promise<FileLog> {
  const { disk, clock, sizes = logSizes } = options
  const files = filePool(disk, sizes.filesMax)
  const parts: LogParts = { disk, clock, sizes, files, indexes: indexCache(files, sizes) }
  return assemble(options, parts, await recover(parts, options.randomU32))
}

/** Puts the parts of a log together that has recovered. */
async function assemble(
  options: FileLogOptions,
  parts: LogParts,
  recovered: Recovered,
): Promise<FileLog> {
  const { disk, clock, sizes } = parts
  const { partitions, catalogue } = recovered

  // The parts know of each other by what they are told here, never by import in a circle.
  const arenas = arenaPool({
    arenaBytes: sizes.arenaBytes,
    bytesMax: sizes.arenasBytesMax,
    onRelease: () => writer.retry(),
  })
  const health: Health = watchHealth({
    clock,
    retryMs: limits.wireRetryMs,
    retry() {
      committer.retry()
      settler.wake()
    },
    onEnd(reason) {
      committer.end()
      writer.end()
      settler.stop()
      caretaker.stop()
      keeper.stop()
      waiters.end()
      options.onEnd?.(reason)
    },
  })
  const journal = await openJournal({
    disk,
    files: recovered.journalFiles,
    sizes: { fileBytes: sizes.journalFileBytes, filesMax: sizes.journalFilesMax },
    salt: recovered.salt,
    start: recovered.place,
    onRoom: () => committer.retry(),
    onFailure(error) {
      // One more file would have been good; only where all are full must somebody wait for it.
      if (committer.isBlocked()) health.trouble('journal', error)
    },
  })
  const committer = openCommitter({
    journal,
    arenas,
    beforeFlight: () => writer.outbox.drain(),
    onSealed: (group) => settler.sealed(group),
    onFlushed(group) {
      health.over('journal')
      show(group, waiters, caretaker)
      settler.wake()
    },
    onFailure: (error) => health.trouble('journal', error),
  })
  const writer = openWriter({
    parts,
    committer,
    health,
    onPlaced: (partition) => settler.touched(partition),
    onWaiting: () => settler.wake(),
  })
  const shared = { parts, partitions, committer, journal, health }
  const settler = openSettler({
    ...shared,
    arenas,
    salt: recovered.salt,
    number: recovered.checkpoint,
    isWaitedFor: () => writer.isWaiting(),
  })
  const waiters = waitersOver(clock, partitions)
  const keeper = openKeeper({ parts, partitions, catalogue, writer, settler, waiters })
  const caretaker = openCaretaker({ parts, partitions, keeper, settler, health })
  await keeper.writeDown(recovered.report)
  return fileStore({
    ...shared,
    writer,
    settler,
    waiters,
    keeper,
    caretaker,
    recovered: recovered.report,
  })
}

function waitersOver(clock: Clock, partitions: ReadonlyMap<number, FilePartition>): Waiters {
  return openWaiters({
    clock,
    reachOf(id) {
      const state = partitions.get(id)?.state
      return state === undefined ? undefined : { high: state.high, stable: lastStable(state) }
    },
  })
}

/** What a group brought is on disk: readers may have it. */
function show({ ends }: Group, waiters: Waiters, caretaker: Caretaker): void {
  for (const [partition, end] of ends) {
    setHigh(partition.state, end)
    waiters.advanced(partition.id, end, lastStable(partition.state))
    caretaker.grown(partition)
  }
}
