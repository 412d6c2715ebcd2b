import { present } from '@fermata/base/assert'
import type { ArenaPool } from './arena.ts'
import { rowsOf, saveCheckpoint, type PartitionRow } from './checkpoint.ts'
import type { Committer, Group } from './committer.ts'
import { DiskFailure } from './disk.ts'
import type { Health } from './health.ts'
import type { Journal, JournalPlace, JournalSalt } from './journal.ts'
import type { FilePartition, LogParts } from './partition.file.ts'
import { flushAll, settleAll } from './settle.ts'

/** Brings what the journal holds into segments, and frees the journal by checkpoints. Works only when there is cause. */
export interface Settler {
  /** A partition has got batches. */
  touched(partition: FilePartition): void
  /** A group is complete: what was decided until now is in it or before it. */
  sealed(group: Group): void
  /** Looks whether there is something to do. */
  wake(): void
  /** Brings what a partition has in memory, up to the high watermark, into its segments. Only within `alone`. */
  settleNow(partition: FilePartition): Promise<void>
  /** Removes files once a checkpoint is on disk that does not name them, which is made soon. */
  discard(paths: readonly string[]): void
  /** Does something while nothing else changes files of segments. Rejects where the log ends before. */
  alone(work: () => Promise<void>): Promise<void>
  /** Resolves when nothing is to be done any more. */
  idle(): Promise<void>
  /** Everything into segments, and a last checkpoint. All groups must be on disk. */
  finish(): Promise<void>
  /** Stops looking. */
  stop(): void
}

/** What a checkpoint is to say, as it was when the last group before it was complete. */
interface Captured {
  readonly through: number
  /** Known once the group is on disk. */
  readonly place: () => JournalPlace
  readonly rows: readonly PartitionRow[]
  /** Files that it does not name any more. */
  readonly discarded: readonly string[]
}

/** Something that is to be done while nothing else changes files of segments. */
interface Job {
  readonly run: () => Promise<void>
  /** Called instead where the log ends before its turn. */
  readonly giveUp: () => void
}

/** Makes the settler of a log. `number` is that of the newest checkpoint. */
export function openSettler(options: {
  readonly parts: LogParts
  readonly partitions: ReadonlyMap<number, FilePartition>
  readonly committer: Committer
  readonly journal: Journal
  readonly arenas: ArenaPool
  readonly health: Health
  readonly salt: JournalSalt
  readonly number: number
  /** Whether somebody waits for an arena. */
  readonly isWaitedFor: () => boolean
}): Settler {
  const { parts, partitions, committer, journal, arenas, health } = options
  /** Partitions with batches in memory. */
  const unsettled = new Set<FilePartition>()
  /** Partitions whose files were written to since they were flushed. */
  const unflushed = new Set<FilePartition>()
  const jobs: Job[] = []
  const discarded: string[] = []
  const idlers: (() => void)[] = []
  let number = options.number
  let captured: Captured | undefined
  let isRunning = false
  let isStopped = false
  /** After a failure nothing is tried before the health's retry. */
  let isTroubled = false

  const isCheckpointDue = (): boolean => {
    const { checkpointBytes, checkpointBytesPerPartition, journalFileBytes, journalFilesMax } =
      parts.sizes
    const wanted = checkpointBytes + checkpointBytesPerPartition * unflushed.size
    // Late enough that a flush serves many batches, and early enough that the journal does not run full.
    return journal.bytesHeld() > Math.min(wanted, (journalFileBytes * journalFilesMax) / 2)
  }
  const settle = async (through: number): Promise<void> => {
    const list = [...unsettled]
    await settleAll(parts, list, through)
    for (const partition of list) if (partition.tail.size === 0) unsettled.delete(partition)
  }
  const capture = (through: number, place: () => JournalPlace): Captured => {
    const rows = rowsOf(partitions.values())
    return { through, place, rows, discarded: discarded.splice(0) }
  }
  const checkpoint = async (ready: Captured): Promise<void> => {
    await settle(ready.through)
    const list = [...unflushed].filter((partition) => !partition.isDeleted)
    await flushAll(parts, list)
    const place = ready.place()
    number += 1
    const { rows: rowsThen } = ready
    await saveCheckpoint(parts.disk, { number, salt: options.salt, place, partitions: rowsThen })
    unflushed.clear()
    for (const partition of unsettled) unflushed.add(partition)
    captured = undefined
    journal.recycle(place.sequence)
    for (const path of ready.discarded) {
      await parts.files.forget(path)
      await parts.disk.remove(path)
    }
  }
  const isCrowded = (): boolean =>
    options.isWaitedFor() || arenas.bytesInUse() > parts.sizes.arenasBytesMax / 2
  const canSettle = (): boolean => {
    const flushed = committer.flushed()
    for (const { tail } of unsettled) if ((tail.first()?.group ?? Infinity) <= flushed) return true
    return false
  }
  const next = (): (() => Promise<void>) | undefined => {
    const job = jobs.shift()
    if (job !== undefined) return job.run
    // While nothing is on its way, what is known is what is on disk.
    if (discarded.length > 0 && captured === undefined && committer.isIdle()) {
      const place = journal.place()
      captured = capture(committer.flushed(), () => place)
    }
    const ready = captured
    if (ready !== undefined && ready.through <= committer.flushed()) return () => checkpoint(ready)
    return isCrowded() && canSettle() ? () => settle(committer.flushed()) : undefined
  }
  const run = async (): Promise<void> => {
    if (isRunning || isStopped || isTroubled) return
    isRunning = true
    try {
      for (let work = next(); work !== undefined && !isStopped; work = next()) await work()
      health.over('segments')
    } catch (error) {
      isTroubled = true
      health.trouble('segments', error)
    } finally {
      isRunning = false
    }
    if (captured === undefined || isTroubled) for (const idler of idlers.splice(0)) idler()
  }

  const alone = (work: () => Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => reject(new DiskFailure('failed', 'the log has ended'))
      if (isStopped) return giveUp()
      jobs.push({ run: () => work().then(resolve, reject), giveUp })
      void run()
    })

  return {
    touched(partition) {
      unsettled.add(partition)
      unflushed.add(partition)
    },
    sealed(group) {
      if (captured !== undefined || !(isCheckpointDue() || discarded.length > 0)) return
      captured = capture(group.number, () => present(group.place, 'the place of a group on disk'))
    },
    wake() {
      isTroubled = false
      void run()
    },
    discard(paths) {
      discarded.push(...paths)
      void run()
    },
    settleNow: (partition) => settleAll(parts, [partition], committer.flushed()),
    alone,
    idle() {
      if (!isRunning && (captured === undefined || isTroubled)) return Promise.resolve()
      return new Promise((resolve) => void idlers.push(resolve))
    },
    finish: () =>
      alone(async () => {
        await settle(committer.flushed())
        await flushAll(
          parts,
          [...unflushed].filter((partition) => !partition.isDeleted),
        )
        const rows = rowsOf(partitions.values())
        const checkpointed = { number: number + 1, salt: options.salt, place: journal.place() }
        await saveCheckpoint(parts.disk, { ...checkpointed, partitions: rows })
      }),
    stop() {
      isStopped = true
      for (const job of jobs.splice(0)) job.giveUp()
      for (const idler of idlers.splice(0)) idler()
    },
  }
}
