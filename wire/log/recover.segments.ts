import { lastOffsetOf } from './batch.ts'
import { DiskFailure, type DiskEntry } from './disk.ts'
import { activeSegment, rollSegment, type FilePartition, type LogParts } from './partition.file.ts'
import { setAside } from './quarantine.ts'
import { applyStored, isEmpty } from './partition.stored.ts'
import { setHigh } from './partition.ts'
import type { Gap } from './store.ts'
import { addToSegment, parseSegmentName, type Segment, type SegmentName } from './segment.ts'
import { findValidBatch, walkFile } from './walk.ts'

/** How far a walk goes. */
export interface WalkOrder {
  /** Where the partition began, for all that the catalogue knows. */
  readonly start: number
  /** The offset before which it ends. */
  readonly before: number
  /**
   * Whether it passes over what is missing or damaged, and notes that as a gap. Otherwise it ends there, because
   * the journal may have what is missing.
   */
  readonly passesGaps: boolean
}

/**
 * Goes on reading a partition's segment files where what is known of them ends, and takes over every valid
 * batch, of which `onBatch` hears. All that is known must stand in its files.
 */
export async function walkOn(
  parts: LogParts,
  partition: FilePartition,
  order: WalkOrder,
  onBatch: (batch: Uint8Array) => void = () => undefined,
): Promise<void> {
  const names = await filesOnDisk(parts, partition)
  const [first] = names
  if (first === undefined) return
  if (isEmpty(partition) && partition.state.end === 0) beginAt(parts, partition, first, order)
  for (const name of names) {
    const segment = segmentFor(parts, partition, name, order)
    if (segment === undefined) continue
    segment.isMade = true
    partition.isMade = true
    await walkSegment(parts, partition, { segment, order, onBatch })
  }
  setHigh(partition.state, partition.state.end)
}

/** Nothing is known of the partition: it begins with the first file that is there. */
function beginAt(
  parts: LogParts,
  partition: FilePartition,
  { base, generation }: SegmentName,
  { start, before, passesGaps }: WalkOrder,
): void {
  if (base > start && (!passesGaps || base >= before)) return
  partition.state.start = base
  partition.state.end = base
  partition.state.high = base
  rollSegment(partition, base, parts.clock.now(), generation)
  if (base <= start) return
  partition.gaps.push({ from: start, to: base, reason: 'the first segments are missing' })
}

/** The segment of a file that goes on where the partition ends; undefined where it does not. */
function segmentFor(
  parts: LogParts,
  partition: FilePartition,
  name: SegmentName,
  { before, passesGaps }: WalkOrder,
): Segment | undefined {
  const { end } = partition.state
  const { base, generation } = name
  const known = activeSegment(partition)
  if (base === known.base && generation === known.generation) return known
  if (base < end || base >= before || (base > end && !passesGaps)) return undefined
  // Where a compaction has been, whole segments may have gone.
  if (base > end && isOriginal(known) && isOriginal(name)) {
    const reason = 'the segment before ends too early'
    partition.gaps.push({ from: end, to: base, reason })
  }
  partition.state.end = base
  return rollSegment(partition, base, parts.clock.now(), generation)
}

/** Whether nothing was ever compacted away there, so that offsets follow each other. */
function isOriginal({ generation }: SegmentName): boolean {
  return generation === 0
}

interface SegmentWalk {
  readonly segment: Segment
  readonly order: WalkOrder
  readonly onBatch: (batch: Uint8Array) => void
}

async function walkSegment(
  parts: LogParts,
  partition: FilePartition,
  { segment, order, onBatch }: SegmentWalk,
): Promise<void> {
  const { copyBytes: chunkBytes, indexEveryBytes, batchBytesMax } = parts.sizes
  const { state } = partition
  await parts.files.use(segment.path, async (file) => {
    const end = await file.size()
    const isDense = isOriginal(segment)
    segment.isCompacted = !isDense
    for (;;) {
      const start = { position: segment.bytes, offset: state.end, isDense }
      for await (const stored of walkFile(file, start, end, { chunkBytes, batchBytesMax })) {
        const { header, chunk, at } = stored
        if (header.baseOffset >= order.before) return
        const batch = chunk.subarray(at, at + header.bytes)
        applyStored(partition, batch)
        onBatch(batch)
        const { baseOffset: base, bytes, maxTimestamp } = header
        const added = { base, last: lastOffsetOf(header), bytes, maxTimestamp }
        addToSegment(segment, added, indexEveryBytes)
        segment.settled = segment.bytes
        // Nobody knows whether it was flushed.
        segment.isDirty = true
      }
      if (!order.passesGaps || segment.bytes >= end) return
      const bounds = { offsetMin: state.end, offsetMax: order.before, batchBytesMax }
      const found = await findValidBatch(file, segment.bytes, end, bounds)
      if (found === undefined) return
      await passDamage(parts, partition, segment, found)
    }
  })
}

/** Sets aside what is damaged in front of the next valid batch of a segment, and goes on there. */
async function passDamage(
  { disk }: LogParts,
  partition: FilePartition,
  segment: Segment,
  { position, offset }: { readonly position: number; readonly offset: number },
): Promise<void> {
  const { end: from } = partition.state
  const at = segment.bytes
  const reason = 'a batch was damaged in its segment'
  if (offset > from) partition.gaps.push({ from, to: offset, reason })
  await setAside(disk, segment.path, { at, bytes: position - at })
  const offsets = { fromOffset: from, toOffset: offset }
  partition.holes.push({ segment, fromPosition: at, toPosition: position, ...offsets })
  segment.bytes = position
  segment.settled = position
  partition.state.end = offset
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
 * Reads all batches of a partition's files, in their order. Answers the gaps between them; what is damaged is
 * passed over.
 */
export async function readWhole(
  parts: LogParts,
  partition: FilePartition,
  onBatch: (batch: Uint8Array) => void,
): Promise<Gap[]> {
  const gaps: Gap[] = []
  for (const segment of partition.segments) {
    if (segment.isMade) gaps.push(...(await readSegmentWhole(parts, segment, onBatch)))
    else if (segment.settled > 0) gaps.push(gapOf(segment, segment.base, segment.last + 1))
  }
  return gaps
}

function gapOf({ path }: Segment, from: number, to: number): Gap {
  return { from, to, reason: `damage in ${path}` }
}

async function readSegmentWhole(
  parts: LogParts,
  segment: Segment,
  onBatch: (batch: Uint8Array) => void,
): Promise<Gap[]> {
  const { path, base, settled, last } = segment
  const { copyBytes: chunkBytes, batchBytesMax } = parts.sizes
  const gaps: Gap[] = []
  await parts.files.use(path, async (file) => {
    let start = { position: 0, offset: base, isDense: false }
    for (;;) {
      for await (const stored of walkFile(file, start, settled, { chunkBytes, batchBytesMax })) {
        const { header, chunk, at, position } = stored
        onBatch(chunk.subarray(at, at + header.bytes))
        const offset = lastOffsetOf(header) + 1
        start = { position: position + header.bytes, offset, isDense: false }
      }
      if (start.position >= settled) return
      const found = await findValidBatch(file, start.position, settled, {
        offsetMin: start.offset,
        offsetMax: last + 1,
        batchBytesMax,
      })
      gaps.push(gapOf(segment, start.offset, found?.offset ?? last + 1))
      if (found === undefined) return
      start = { ...found, isDense: false }
    }
  })
  return gaps
}
