import { present } from '@fermata/base/assert'
import { indexPath, type Segment } from './segment.ts'
import {
  activeSegment,
  partitionsFolder,
  type FilePartition,
  type LogParts,
} from './partition.file.ts'
import type { TailBatch } from './tail.ts'

/** How many partitions are written to at once; one thread writes for all of them. */
const settledAtOnce = 128

/** How many calls of the system are under way at once: as many as libuv has threads. */
export const callsAtOnce = 4

/** Writes what the journal holds of these partitions, up to a group, into their segments. Nothing is flushed. */
export function settleAll(
  parts: LogParts,
  partitions: Iterable<FilePartition>,
  throughGroup: number,
): Promise<void> {
  return eachOf(partitions, settledAtOnce, (partition) =>
    settlePartition(parts, partition, throughGroup),
  )
}

/** Does something with each, a few at a time; the first failure is thrown once none runs any more. */
export async function eachOf<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
      await work(next.value)
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}

async function settlePartition(
  parts: LogParts,
  partition: FilePartition,
  throughGroup: number,
): Promise<void> {
  for (;;) {
    const run = runOf(partition.tail.through(throughGroup), parts.sizes.copyBytes)
    const [first] = run
    if (first === undefined || partition.isDeleted) return
    await makeFile(parts, partition, first.segment)
    const bytes = run.reduce((sum, batch) => sum + batch.bytes, 0)
    const pieces = run.map(pieceOf)
    await parts.files.use(first.segment.path, (file) => file.write(first.position, pieces))
    // Deleted meanwhile: its tail is gone already.
    if (partition.isDeleted) return
    first.segment.settled = first.position + bytes
    first.segment.isDirty = true
    partition.tail.drop(run.length)
  }
}

/** The batches at the front that go into one segment in one piece. */
function runOf(batches: readonly TailBatch[], bytesMax: number): readonly TailBatch[] {
  const [first] = batches
  if (first === undefined) return []
  let bytes = 0
  let count = 0
  for (const batch of batches) {
    if (batch.segment !== first.segment || (count > 0 && bytes + batch.bytes > bytesMax)) break
    bytes += batch.bytes
    count += 1
  }
  return batches.slice(0, count)
}

function pieceOf({ arena, at, bytes }: TailBatch): Uint8Array {
  return arena.bytes.subarray(at, at + bytes)
}

async function makeFile(
  parts: LogParts,
  partition: FilePartition,
  segment: Segment,
): Promise<void> {
  if (!partition.isMade) {
    await parts.disk.makeFolder(partition.folder)
    partition.isMade = true
    partition.isFolderDirty = true
  }
  if (segment.isMade) return
  // An index of this name belongs to a segment that is gone.
  await parts.files.forget(indexPath(segment.path))
  await parts.disk.remove(indexPath(segment.path))
  await parts.files.create(segment.path)
  segment.isMade = true
  partition.isFolderDirty = true
}

/** Puts the segments of these partitions on disk as far as they are written, with the names of their files. */
export async function flushAll(
  parts: LogParts,
  partitions: Iterable<FilePartition>,
): Promise<void> {
  const all = [...partitions]
  const isAnyNew = all.some((partition) => partition.isFolderDirty)
  if (isAnyNew) await parts.disk.flushFolder(partitionsFolder)
  await eachOf(all, callsAtOnce, (partition) => flushPartition(parts, partition))
}

async function flushPartition(parts: LogParts, partition: FilePartition): Promise<void> {
  for (const segment of partition.segments) {
    if (partition.isDeleted) return
    if (!segment.isDirty) continue
    segment.isDirty = false
    try {
      if (segment.isMade) await parts.indexes.write(segment)
      await parts.files.use(segment.path, (file) => file.flush())
    } catch (error) {
      segment.isDirty = true
      throw error
    }
  }
  if (!partition.isFolderDirty || partition.isDeleted) return
  partition.isFolderDirty = false
  try {
    await parts.disk.flushFolder(partition.folder)
  } catch (error) {
    partition.isFolderDirty = true
    throw error
  }
}

/** Whether a partition has anything that is not on disk in its segments. */
export function isUnsettled(partition: FilePartition): boolean {
  const active = present(activeSegment(partition), 'a segment')
  return (
    partition.tail.size > 0 ||
    partition.isFolderDirty ||
    active.isDirty ||
    partition.segments.some((segment) => segment.isDirty)
  )
}
