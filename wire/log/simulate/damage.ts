import { decodeCheckpoint, type Checkpoint } from '../checkpoint.ts'
import { crc32c } from '../crc32c.ts'
import { readEntries } from '../entries.ts'
import { frameHeaderBytes, readFrame } from '../journal.frame.ts'
import type { PartitionId } from '../store.ts'
import type { DiskImage } from './disk.ts'
import { filesBelow } from './folders.ts'
import type { Rot } from './rot.ts'

/** What may be gone with what has gone bad; nothing else. */
export interface Damage {
  readonly rot: Rot
  /** Offsets, by partition. */
  readonly ranges: ReadonlyMap<PartitionId, readonly Range[]>
  /** Something that the log knows of itself: settings, cursors, starts. */
  readonly isOwn: boolean
  /** It was in the journal, whose damaged end cannot be told from one that was never acknowledged. */
  readonly isJournal: boolean
}

/** Offsets from one, inclusive, to another, exclusive. */
type Range = readonly [from: number, to: number]

/** What rot will take, looked at before it comes. */
export function damageOf(image: DiskImage, rot: Rot): Damage {
  const { path } = rot
  const bytes = filesBelow(image.root).get(path)!.content.bytes
  if (path.endsWith('.journal')) return damageInJournal(image, rot, bytes)
  const id = Number(/^partitions\/(\d+)-.*\.log$/.exec(path)?.[1] ?? -1)
  const ranges = id > 0 ? new Map([[id, hitBatches(rot, bytes)]]) : new Map<PartitionId, Range[]>()
  return { rot, ranges, isOwn: id === 0, isJournal: false }
}

/** Whether there is a stored batch of which nothing is hit but what no checksum covers: its offset and epoch. */
export function isUnnoticed(image: DiskImage, { path, from, to }: Rot): boolean {
  if (!path.endsWith('.log')) return false
  const bytes = filesBelow(image.root).get(path)!.content.bytes
  return [...storedBatches(bytes)].some(({ at }) => from < at + 16 && to > at && to <= at + 16)
}

function hitBatches(rot: Rot, bytes: Buffer): Range[] {
  const ranges: Range[] = []
  for (const { at, length, range } of storedBatches(bytes)) {
    if (at < rot.to && at + length > rot.from) ranges.push(range)
  }
  return ranges
}

/** The batches of a segment, up to the first place where there is none. */
function* storedBatches(
  bytes: Buffer,
): Generator<{ readonly at: number; readonly length: number; readonly range: Range }> {
  for (let at = 0; at + 61 <= bytes.length;) {
    const length = 12 + bytes.readInt32BE(at + 8)
    const isWhole = length >= 61 && at + length <= bytes.length
    if (!isWhole || bytes.readUInt32BE(at + 17) !== crc32c(bytes.subarray(at + 21, at + length))) {
      return
    }
    const base = Number(bytes.readBigInt64BE(at))
    yield { at, length, range: [base, base + bytes.readInt32BE(at + 23) + 1] }
    at += length
  }
}

/** Of the frames that are still needed, those that are hit, and what they say. */
function damageInJournal(image: DiskImage, rot: Rot, bytes: Buffer): Damage {
  const checkpoint = newestCheckpoint(image)
  const ranges = new Map<PartitionId, Range[]>()
  let isOwn = false
  const add = (partition: PartitionId, from: number, to: number): void => {
    if (partition === 0) isOwn = true
    else ranges.set(partition, [...(ranges.get(partition) ?? []), [from, to]])
  }
  for (let at = 0; at < bytes.length; at += 4_096) {
    const frame = readFrame(bytes, at)
    if (!frame || frame.sequence < (checkpoint?.place.sequence ?? 0)) continue
    const isOld =
      checkpoint &&
      (frame.saltHigh !== checkpoint.salt.high || frame.saltLow !== checkpoint.salt.low)
    const body = at + frameHeaderBytes
    if (isOld === true || at >= rot.to || body + frame.bytes <= rot.from) continue
    for (const entry of readEntries(bytes.subarray(body, body + frame.bytes))) {
      if (entry.kind === 'append') {
        const batch = Buffer.from(entry.batch)
        const base = Number(batch.readBigInt64BE(0))
        add(entry.partition, base, base + batch.readInt32BE(23) + 1)
      } else {
        for (const { partition, offset } of entry.markers) add(partition, offset, offset + 1)
      }
    }
  }
  return { rot, ranges, isOwn, isJournal: true }
}

function newestCheckpoint(image: DiskImage): Checkpoint | undefined {
  const found = [...filesBelow(image.root)].flatMap(([path, { content }]) =>
    path.startsWith('journal/checkpoint') ? (decodeCheckpoint(content.bytes) ?? []) : [],
  )
  return found.toSorted((a, b) => a.number - b.number).at(-1)
}
