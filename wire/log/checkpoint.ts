import { present } from '@fermata/base/assert'
import { crc32c } from './crc32c.ts'
import { DiskFailure, type Disk } from './disk.ts'
import type { ReadingDisk } from './disk.reading.ts'
import type { JournalPlace, JournalSalt } from './journal.ts'
import { journalFolder } from './journal.ts'
import type { FilePartition } from './partition.file.ts'
import { snapshotState } from './partition.snapshot.ts'
import { rowOfSegment, type SegmentRow } from './segment.ts'

/** What the segments hold, on disk: recovery begins here and goes on with the journal from `place`. */
export interface Checkpoint {
  /** One more than that of the checkpoint before. */
  readonly number: number
  /** Of the frames that follow. */
  readonly salt: JournalSalt
  readonly place: JournalPlace
  readonly partitions: readonly PartitionRow[]
}

/** A partition as a checkpoint holds it. */
export interface PartitionRow {
  readonly id: number
  readonly leaderEpoch: number
  readonly cleanedTo: number
  readonly segments: readonly SegmentRow[]
  /** As `snapshotState` writes it. */
  readonly state: Uint8Array
}

const magic = 0x46434b31
const version = 1
const headBytes = 16

/**
 * Two pairs of files that take turns: while one pair is written, the other stays as it is; and both of a
 * pair say the same, because one may go bad.
 */
const pairs = [
  [`${journalFolder}/checkpoint-0`, `${journalFolder}/checkpoint-1`],
  [`${journalFolder}/checkpoint-2`, `${journalFolder}/checkpoint-3`],
] as const

/** What the partitions are at this moment, in memory and on disk. */
export function rowsOf(partitions: Iterable<FilePartition>): PartitionRow[] {
  return Array.from(partitions, (partition) => ({
    id: partition.id,
    leaderEpoch: partition.leaderEpoch,
    cleanedTo: partition.cleanedTo,
    segments: partition.segments.map(rowOfSegment),
    state: snapshotState(partition.state),
  }))
}

/** Makes the files of checkpoints where they are missing; the caller flushes the folder. */
export async function makeCheckpointFiles(disk: Disk): Promise<void> {
  for (const path of pairs.flat()) await (await disk.open(path, { create: true })).close()
}

/**
 * Puts a checkpoint on disk, twice. Whatever it says must be there already, and what the one before needs must
 * stay until this has resolved.
 */
export async function saveCheckpoint(disk: Disk, checkpoint: Checkpoint): Promise<void> {
  const bytes = encodeCheckpoint(checkpoint)
  for (const path of present(pairs[checkpoint.number % pairs.length], 'a pair of files')) {
    const file = await disk.open(path)
    try {
      await file.write(0, [bytes])
      await file.flush()
    } finally {
      await file.close()
    }
  }
}

/** A file of checkpoints as it was found. */
export interface CheckpointFile {
  readonly path: string
  /** 0 while nothing was written to it yet. */
  readonly bytes: number
  /** Undefined where there is not a whole one. */
  readonly checkpoint: Checkpoint | undefined
}

/** Reads all of them that are there. Fails if one was written by a newer version of Fermata. */
export async function readCheckpoints(disk: ReadingDisk): Promise<CheckpointFile[]> {
  const files: CheckpointFile[] = []
  for (const path of pairs.flat()) {
    const bytes = await readWhole(disk, path)
    if (bytes === undefined) continue
    files.push({ path, bytes: bytes.length, checkpoint: decodeCheckpoint(bytes) })
  }
  return files
}

/** The newest one that is whole. Fails if one was written by a newer version of Fermata. */
export async function loadCheckpoint(disk: Disk): Promise<Checkpoint | undefined> {
  return newestOf(await readCheckpoints(disk))
}

/** The newest checkpoint of all that were found. */
export function newestOf(files: readonly CheckpointFile[]): Checkpoint | undefined {
  let newest: Checkpoint | undefined
  for (const { checkpoint } of files) {
    if (checkpoint !== undefined && checkpoint.number > (newest?.number ?? -1)) newest = checkpoint
  }
  return newest
}

async function readWhole(disk: ReadingDisk, path: string): Promise<Uint8Array | undefined> {
  try {
    const file = await disk.open(path)
    try {
      return await file.read(0, await file.size())
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof DiskFailure && error.code === 'absent') return undefined
    throw error
  }
}

/**
 * Writes a checkpoint.
 *
 *     checkpoint = magic check version bytes text *state
 *     magic      = u32    ; "FCK1"
 *     check      = u32    ; CRC-32C of all that follows
 *     version    = u32
 *     bytes      = u32    ; of the text
 *     text       = JSON   ; all but the states, whose lengths it names
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { partitions, ...rest } = checkpoint
  const rows = partitions.map(({ state, ...row }) => ({ ...row, stateBytes: state.length }))
  const text = new TextEncoder().encode(JSON.stringify({ ...rest, partitions: rows }))
  const states = partitions.map(({ state }) => state)
  const head = new Uint8Array(headBytes)
  const bytes = Buffer.concat([head, text, ...states])
  bytes.writeUInt32BE(magic, 0)
  bytes.writeUInt32BE(version, 8)
  bytes.writeUInt32BE(text.length, 12)
  // A longer one may have stood in the file: the check ends where this one does.
  bytes.writeUInt32BE(crc32c(bytes.subarray(8)), 4)
  return bytes
}

interface CheckpointText extends Omit<Checkpoint, 'partitions'> {
  readonly partitions: readonly (Omit<PartitionRow, 'state'> & { readonly stateBytes: number })[]
}

/** Reads a checkpoint; undefined where there is not a whole one. Whatever lies behind it is passed over. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint | undefined {
  if (bytes.length < headBytes) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0) !== magic) return undefined
  const textEnd = headBytes + view.getUint32(12)
  if (textEnd > bytes.length) return undefined
  const text = readText(bytes.subarray(headBytes, textEnd))
  if (text === undefined) return undefined
  const end = text.partitions.reduce((at, row) => at + row.stateBytes, textEnd)
  if (end > bytes.length || crc32c(bytes.subarray(8, end)) !== view.getUint32(4)) return undefined
  if (view.getUint32(8) !== version) {
    const said = view.getUint32(8)
    throw new Error(`the log was written by a newer Fermata: format ${said}, here ${version}`)
  }
  let at = textEnd
  const partitions = text.partitions.map(({ stateBytes, ...row }) => {
    at += stateBytes
    return { ...row, state: bytes.slice(at - stateBytes, at) }
  })
  return { ...text, partitions }
}

/** The text is looked at before its checksum is, so it may be anything. */
function readText(bytes: Uint8Array): CheckpointText | undefined {
  try {
    const text = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown
    const rows = (text as Partial<CheckpointText> | null)?.partitions
    const isOne = Array.isArray(rows) && rows.every((row) => isLength(row as unknown))
    return isOne ? (text as CheckpointText) : undefined
  } catch {
    return undefined
  }
}

function isLength(row: unknown): boolean {
  const bytes = (row as { readonly stateBytes?: unknown } | null)?.stateBytes
  return typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 0
}
