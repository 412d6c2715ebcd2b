import { present } from '@fermata/base/assert'
import { refused, type Result } from '@fermata/base/result'
import {
  applyChange,
  ownPartition,
  recordOfChange,
  type Catalogue,
  type CatalogueChange,
} from './catalogue.ts'
import { DiskFailure } from './disk.ts'
import { makePartition, type FilePartition, type Hole, type LogParts } from './partition.file.ts'
import { setAside } from './quarantine.ts'
import type { RecoveryReport } from './recover.ts'
import type { Settler } from './settler.ts'
import type { AppendRefusal, Appended } from './store.ts'
import type { Waiters } from './waiters.ts'
import type { Writer } from './writer.ts'

/** Keeps the catalogue: what the log knows of its partitions, each change durable before it counts. */
export interface Keeper {
  /** Writes changes in one batch and takes them over once they are on disk. */
  change(changes: readonly CatalogueChange[]): Promise<Result<Appended, AppendRefusal>>
  /** A number for a new partition, never given before. */
  nextPartition(): number
  /** Names in use, those of partitions that are being made among them. */
  readonly names: Set<string>
  /** Lets go of a deleted partition's memory and files. */
  remove(partition: FilePartition): void
  /** Sets damage aside that a read has met, and notes the gap. */
  noteHole(partition: FilePartition, hole: Hole): Promise<void>
  /** Notes durably what recovery has found. */
  writeDown(report: RecoveryReport): Promise<void>
  readonly catalogue: Catalogue
  stop(): void
}

/** Makes the keeper of a log's catalogue. */
export function openKeeper(options: {
  readonly parts: LogParts
  readonly partitions: Map<number, FilePartition>
  readonly catalogue: Catalogue
  readonly writer: Writer
  readonly settler: Settler
  readonly waiters: Waiters
}): Keeper {
  const { parts, partitions, catalogue, writer, settler, waiters } = options
  const own = present(partitions.get(ownPartition), "the log's own partition")
  const names = new Set(Array.from(partitions.values(), ({ name }) => name))
  let isStopped = false

  const take = (change: CatalogueChange): void => {
    applyChange(catalogue, change)
    if (change.kind !== 'partition') return
    const { partition: id, value } = change
    const partition = partitions.get(id)
    if (value === undefined) return
    if (partition === undefined) partitions.set(id, makePartition(parts, { id, ...value }))
    else partition.config = value.config
  }
  const change = async (
    changes: readonly CatalogueChange[],
  ): Promise<Result<Appended, AppendRefusal>> => {
    if (isStopped) return refused({ code: 'ended', reason: 'the log was closed' })
    const appended = await writer.outbox.addTogether(own, changes.map(recordOfChange))
    if (appended.ok) for (const one of changes) take(one)
    return appended
  }
  const remove = (partition: FilePartition): void => {
    partition.isDeleted = true
    partitions.delete(partition.id)
    names.delete(partition.name)
    partition.tail.clear()
    waiters.gone(partition.id)
    const removal = settler.alone(async () => {
      for (const segment of partition.segments) {
        parts.indexes.forget(segment)
        await parts.files.forget(segment.path)
      }
      await parts.disk.remove(partition.folder)
    })
    // What could not be removed now is removed at the next start, because the catalogue does not know it.
    removal.catch(ignoreFailure)
  }

  return {
    change,
    catalogue,
    names,
    remove,
    nextPartition() {
      const id = catalogue.nextPartition
      catalogue.nextPartition += 1
      return id
    },
    async noteHole(partition, hole) {
      const { fromOffset: from, toOffset: to, fromPosition, toPosition, segment } = hole
      if (from >= to) return
      // Deleted, or dropped by retention, while it was read: that is no damage.
      if (partition.isDeleted || !partition.segments.includes(segment)) return
      // The file may have been dropped before a crash, and made again for what came behind the start.
      if (to <= partition.state.start) return
      await setAside(parts.disk, segment.path, {
        at: fromPosition,
        bytes: toPosition - fromPosition,
      })
      const gap = { from, to, reason: 'a batch was damaged in its segment' }
      if (partition.gaps.some((known) => known.from === from)) return
      partition.gaps = [...partition.gaps, gap].toSorted((a, b) => a.from - b.from)
      const { id } = partition
      // Noted in memory already; a log that cannot write finds the damage again after its next start.
      void change([{ kind: 'gap', partition: id, from, value: { to, reason: gap.reason } }])
    },
    async writeDown(report) {
      const changes: CatalogueChange[] = []
      for (const id of report.adopted) {
        const { name, config } = present(catalogue.partitions.get(id), 'an adopted partition')
        changes.push({ kind: 'next', partition: id + 1 })
        changes.push({ kind: 'partition', partition: id, value: { name, config } })
      }
      for (const { id, gaps } of partitions.values()) {
        const known = catalogue.partitions.get(id)?.gaps ?? []
        for (const { from, to, reason } of gaps) {
          if (known.some((gap) => gap.from === from)) continue
          changes.push({ kind: 'gap', partition: id, from, value: { to, reason } })
        }
      }
      if (changes.length > 0) await change(changes)
    },
    stop() {
      isStopped = true
    },
  }
}

function ignoreFailure(error: unknown): void {
  if (!(error instanceof DiskFailure)) throw error
}
