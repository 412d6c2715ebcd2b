import { newEntry, type Catalogue } from './catalogue.ts'
import { defaultConfig } from './defaults.ts'
import { lastOffsetOf } from './batch.ts'
import { DiskFailure, type DiskEntry } from './disk.ts'
import {
  activeSegment,
  partitionsFolder,
  rollSegment,
  type FilePartition,
  type LogParts,
} from './partition.file.ts'
import { setAside } from './quarantine.ts'
import { applyStored, isEmpty } from './partition.stored.ts'
import { setHigh } from './partition.ts'
import { addToSegment, parseSegmentName, type Segment, type SegmentName } from './segment.ts'
import { findValidBatch, walkFile } from './walk.ts'

/**
 * Goes on reading a partition's segment files where what is known of them ends, and takes over every valid
 * batch. In the last file a walk ends at the first place that is invalid: what is behind it the journal has.
 * `start` is where the partition began, for all that the catalogue knows.
 */
export async function walkOn(
  parts: LogParts,
  partition: FilePartition,
  start: number,
): Promise<void> {
  const names = await filesOnDisk(parts, partition)
  const [first] = names
  if (first === undefined) return
  if (isEmpty(partition) && partition.state.end === 0) beginAt(parts, partition, first, start)
  const known = activeSegment(partition)
  for (const name of names) {
    if (name.base < known.base) continue
    const segment = name.base === known.base ? known : startSegment(parts, partition, name)
    if (segment === undefined) continue
    segment.isMade = true
    partition.isMade = true
    await walkSegment(parts, partition, segment, name !== names.at(-1))
  }
  setHigh(partition.state, partition.state.end)
}

/** Nothing is known of the partition: it begins with the first file that is there. */
function beginAt(
  parts: LogParts,
  partition: FilePartition,
  { base, generation }: SegmentName,
  start: number,
): void {
  partition.state.start = base
  partition.state.end = base
  partition.state.high = base
  rollSegment(partition, base, parts.clock.now(), generation)
  if (base <= start) return
  partition.gaps.push({ from: start, to: base, reason: 'the first segments are missing' })
}

/** The segment of a file that follows; undefined where it cannot follow, since its offsets are known already. */
function startSegment(
  parts: LogParts,
  partition: FilePartition,
  { base, generation }: SegmentName,
): Segment | undefined {
  if (base < partition.state.end) return undefined
  if (base > partition.state.end && partition.config.compaction === undefined) {
    partition.gaps.push({
      from: partition.state.end,
      to: base,
      reason: 'the segment before ends too early',
    })
  }
  partition.state.end = base
  return rollSegment(partition, base, parts.clock.now(), generation)
}

async function walkSegment(
  parts: LogParts,
  partition: FilePartition,
  segment: Segment,
  isPastDamage: boolean,
): Promise<void> {
  const { sizes } = parts
  await parts.files.use(segment.path, async (file) => {
    const end = await file.size()
    const walkSizes = { chunkBytes: sizes.copyBytes, batchBytesMax: sizes.batchBytesMax }
    const isDense = partition.config.compaction === undefined
    segment.isCompacted = !isDense
    for (;;) {
      const start = { position: segment.bytes, offset: partition.state.end, isDense }
      for await (const { header, chunk, at } of walkFile(file, start, end, walkSizes)) {
        applyStored(partition, chunk.subarray(at, at + header.bytes))
        const { baseOffset: base, bytes, maxTimestamp } = header
        const added = { base, last: lastOffsetOf(header), bytes, maxTimestamp }
        addToSegment(segment, added, sizes.indexEveryBytes)
        segment.settled = segment.bytes
        // Nobody knows whether it was flushed.
        segment.isDirty = true
      }
      if (!isPastDamage || segment.bytes >= end) return
      const found = await findValidBatch(file, segment.bytes, end, {
        offsetMin: partition.state.end,
        offsetMax: Number.MAX_SAFE_INTEGER,
        batchBytesMax: sizes.batchBytesMax,
      })
      if (found === undefined) return
      const { end: from } = partition.state
      partition.gaps.push({ from, to: found.offset, reason: 'a batch was damaged in its segment' })
      await setAside(parts.disk, segment.path, {
        at: segment.bytes,
        bytes: found.position - segment.bytes,
      })
      partition.holes.push({
        segment,
        fromPosition: segment.bytes,
        toPosition: found.position,
        fromOffset: from,
        toOffset: found.offset,
      })
      segment.bytes = found.position
      segment.settled = found.position
      partition.state.end = found.offset
    }
  })
}

/** Which of a partition's files are there: one that was deleted after the checkpoint has none. */
export async function lookAtFiles(parts: LogParts, partition: FilePartition): Promise<void> {
  const entries = await listOrNone(parts, partition.folder)
  const found = new Set(entries.map(({ name }) => `${partition.folder}/${name}`))
  const vouched = new Set<string>()
  for (const segment of partition.segments) {
    if (segment.bytes > 0) vouched.add(segment.path)
    segment.isMade = found.has(segment.path)
  }
  partition.isMade = entries.length > 0
  // A name that no checkpoint counted on may be in memory only, as after a kill.
  partition.isFolderDirty = entries.some(
    ({ name }) =>
      parseSegmentName(name) !== undefined && !vouched.has(`${partition.folder}/${name}`),
  )
}

/** The segment files of a partition by base. Of several with one base the newest generation counts: it is whole. */
async function filesOnDisk(parts: LogParts, partition: FilePartition): Promise<SegmentName[]> {
  const newest = new Map<number, SegmentName>()
  for (const { name } of await listOrNone(parts, partition.folder)) {
    const found = parseSegmentName(name)
    if (found === undefined) continue
    const other = newest.get(found.base)
    if (other === undefined || other.generation < found.generation) newest.set(found.base, found)
  }
  return [...newest.values()].toSorted((a, b) => a.base - b.base)
}

async function listOrNone(parts: LogParts, folder: string): Promise<readonly DiskEntry[]> {
  try {
    return await parts.disk.list(folder)
  } catch (error) {
    if (error instanceof DiskFailure && error.code === 'absent') return []
    throw error
  }
}

/**
 * Cuts off what lies in a partition's folder behind what is known: the torn end of the active segment, and
 * files that a crash has left. While that knowledge is in doubt, a copy is set aside first.
 */
export async function cutBehind(
  parts: LogParts,
  partition: FilePartition,
  isDoubtful: boolean,
): Promise<void> {
  const known = new Set(partition.segments.map(({ path }) => path))
  for (const { name, bytes } of await listOrNone(parts, partition.folder)) {
    const path = `${partition.folder}/${name}`
    const found = parseSegmentName(name)
    const isLeft = found === undefined ? name.endsWith('.next') : !known.has(path)
    if (!isLeft) continue
    // What lies before the start was dropped; what lies behind the end was replayed into other files.
    if (isDoubtful && found !== undefined && found.base >= partition.state.start) {
      await setAside(parts.disk, path, { at: 0, bytes })
    }
    await parts.files.forget(path)
    await parts.disk.remove(path)
    partition.isFolderDirty = true
  }
  const active = activeSegment(partition)
  if (!active.isMade) return
  await parts.files.use(active.path, async (file) => {
    const size = await file.size()
    if (size <= active.settled) return
    const rest = { at: active.settled, bytes: size - active.settled }
    if (isDoubtful) await setAside(parts.disk, active.path, rest)
    await file.truncate(active.settled)
    active.isDirty = true
  })
}

/**
 * Reads all batches of a partition's files, in their order. Answers whether it found all of them; what is
 * damaged is passed over.
 */
export async function readWhole(
  parts: LogParts,
  partition: FilePartition,
  onBatch: (batch: Uint8Array) => void,
): Promise<boolean> {
  let isWhole = partition.gaps.length === 0
  for (const segment of partition.segments) {
    const isRead = segment.isMade
      ? await readSegmentWhole(parts, segment, onBatch)
      : segment.settled === 0
    isWhole &&= isRead
  }
  return isWhole
}

async function readSegmentWhole(
  parts: LogParts,
  { path, base, settled }: Segment,
  onBatch: (batch: Uint8Array) => void,
): Promise<boolean> {
  const { copyBytes: chunkBytes, batchBytesMax } = parts.sizes
  return parts.files.use(path, async (file) => {
    let start = { position: 0, offset: base, isDense: false }
    let isWhole = true
    for (;;) {
      for await (const stored of walkFile(file, start, settled, { chunkBytes, batchBytesMax })) {
        const { header, chunk, at, position } = stored
        onBatch(chunk.subarray(at, at + header.bytes))
        const offset = lastOffsetOf(header) + 1
        start = { position: position + header.bytes, offset, isDense: false }
      }
      if (start.position >= settled) return isWhole
      isWhole = false
      const found = await findValidBatch(file, start.position, settled, {
        offsetMin: start.offset,
        offsetMax: Number.MAX_SAFE_INTEGER,
        batchBytesMax,
      })
      if (found === undefined) return false
      start = { ...found, isDense: false }
    }
  })
}

interface Folder {
  readonly id: number
  readonly name: string
}

async function foldersOf(parts: LogParts): Promise<Folder[]> {
  const entries = await parts.disk.list(partitionsFolder)
  return entries.flatMap(({ name, isFolder }) => {
    const found = /^(\d+)-([A-Za-z0-9._-]+)$/.exec(name)
    const said = found?.[2]
    return isFolder && said !== undefined ? [{ id: Number(found?.[1]), name: said }] : []
  })
}

/** The numbers of the folders that the catalogue does not know. */
export async function lostFolders(parts: LogParts, catalogue: Catalogue): Promise<number[]> {
  const folders = await foldersOf(parts)
  return folders.map(({ id }) => id).filter((id) => !catalogue.partitions.has(id))
}

/** Takes a partition into the catalogue whose entry was lost. Its folder knows its name. */
export async function adoptFolder(
  parts: LogParts,
  catalogue: Catalogue,
  id: number,
): Promise<void> {
  const folder = (await foldersOf(parts)).find((one) => one.id === id)
  const name = folder?.name ?? `recovered-${id}`
  catalogue.partitions.set(id, newEntry(name, defaultConfig))
  catalogue.nextPartition = Math.max(catalogue.nextPartition, id + 1)
}
