import { assert, present } from '@fermata/base/assert'
import { arenaOver } from './arena.ts'
import { readBatchHeader } from './batch.ts'
import {
  applyChange,
  changeOfRecord,
  newCatalogue,
  newEntry,
  ownConfig,
  ownPartition,
  type Catalogue,
} from './catalogue.ts'
import {
  loadCheckpoint,
  makeCheckpointFiles,
  rowsOf,
  saveCheckpoint,
  type Checkpoint,
} from './checkpoint.ts'
import { readEntries, type Entry } from './entries.ts'
import { frameHeaderBytes } from './journal.frame.ts'
import { journalFolder, type JournalPlace, type JournalSalt } from './journal.ts'
import { readJournalFile, scanJournal, type ScannedJournal } from './journal.scan.ts'
import {
  makePartition,
  partitionsFolder,
  placeBatch,
  type FilePartition,
  type LogParts,
} from './partition.file.ts'
import { dropBefore, setHigh } from './partition.ts'
import { restoreState } from './partition.snapshot.ts'
import { applyStored, markerOf, skipTo } from './partition.stored.ts'
import { decodeRecords } from './records.ts'
import { setAside } from './quarantine.ts'
import { adoptEntry, readFolders } from './recover.folders.ts'
import { cutBehind, lookAtFiles, readWhole, walkOn } from './recover.segments.ts'
import { segmentOfRow } from './segment.ts'
import { callsAtOnce, eachOf, flushAll, settleAll } from './settle.ts'

/** What a start found and did. */
export interface RecoveryReport {
  /** Batches that the journal held and the segments did not. */
  readonly replayedBatches: number
  /** Bytes of a frame that was begun and never acknowledged. */
  readonly cutBytes: number
  /** Frames of the journal that were on disk once and are damaged. */
  readonly damagedFrames: number
  /** The state was rebuilt by reading segments, because no checkpoint could be trusted. */
  readonly isRebuilt: boolean
  /** Partitions whose folders were there while the catalogue had lost them. */
  readonly adopted: readonly number[]
}

/** A log that can be served. */
export interface Recovered {
  readonly partitions: Map<number, FilePartition>
  readonly catalogue: Catalogue
  readonly journalFiles: number
  readonly checkpoint: number
  readonly salt: JournalSalt
  readonly place: JournalPlace
  readonly report: RecoveryReport
}

interface Recovery {
  readonly parts: LogParts
  readonly partitions: Map<number, FilePartition>
  readonly catalogue: Catalogue
  readonly checkpoint: Checkpoint | undefined
  /** The names of the folders that were there, by the numbers of their partitions. */
  readonly folders: ReadonlyMap<number, string>
  /** Something was lost of what says what there is: files may hold more than is known. */
  isDoubtful: boolean
  /** The catalogue itself may have lost something. */
  isOwnDamaged: boolean
  /** Numbers whose partitions were deleted in what was replayed. */
  readonly deleted: Set<number>
  readonly touched: Set<FilePartition>
  replayed: number
  readonly adopted: Set<number>
}

/**
 * Brings a log back: the newest checkpoint, then what the journal holds after it. Ends with everything in
 * segments, flushed, and a new checkpoint, so that the journal begins anew. It always comes to an end that can be
 * served: what is damaged is set aside, never deleted, and shown as a gap.
 */
export async function recover(parts: LogParts, randomU32: () => number): Promise<Recovered> {
  const { disk } = parts
  await disk.makeFolder(journalFolder)
  await disk.makeFolder(partitionsFolder)
  const checkpoint = await loadCheckpoint(disk)
  const place = checkpoint?.place ?? { sequence: 0, chain: 0 }
  const journal = await scanJournal(disk, { place, salt: checkpoint?.salt })
  const recovery: Recovery = {
    parts,
    partitions: new Map(),
    catalogue: newCatalogue(),
    checkpoint,
    folders: await readFolders(parts),
    isDoubtful: checkpoint === undefined || journal.damaged.length > 0,
    isOwnDamaged: false,
    deleted: new Set(),
    touched: new Set(),
    replayed: 0,
    adopted: new Set(),
  }
  await openOwn(recovery)
  await openOthers(recovery)
  if (recovery.isOwnDamaged) await adoptLost(recovery)
  await replayJournal(recovery, journal)
  if (recovery.isDoubtful) await lookFurther(recovery)
  if (journal.torn !== undefined) await setAside(disk, journal.torn.path, journal.torn)
  const next = { sequence: journal.sequenceMax + 1, chain: randomU32() }
  const newSalt = { high: randomU32(), low: randomU32() }
  const number = (checkpoint?.number ?? -1) + 1
  await finish(recovery, { number, salt: newSalt, place: next })
  return {
    partitions: recovery.partitions,
    catalogue: recovery.catalogue,
    journalFiles: journal.files,
    checkpoint: number,
    salt: newSalt,
    place: next,
    report: {
      replayedBatches: recovery.replayed,
      cutBytes: journal.torn?.bytes ?? 0,
      damagedFrames: journal.damaged.reduce((sum, { from, to }) => sum + to - from, 0),
      isRebuilt: recovery.isDoubtful && checkpoint !== undefined,
      adopted: [...recovery.adopted],
    },
  }
}

/** The log's own partition comes first, because it says which others there are. */
async function openOwn(recovery: Recovery): Promise<void> {
  const { catalogue, parts } = recovery
  catalogue.partitions.set(ownPartition, newEntry('log', ownConfig))
  const own = await openPartition(recovery, ownPartition)
  const gaps = await readWhole(parts, own, (batch) => learn(recovery, batch))
  own.gaps = mergeGaps(own.gaps, gaps)
  // Of those that were noted, the consequences were noted with them.
  const noted = catalogue.partitions.get(ownPartition)?.gaps ?? []
  if (own.gaps.every(({ from }) => noted.some((gap) => gap.from === from))) return
  // What it said about others may be lost: their folders are asked instead.
  recovery.isDoubtful = true
  recovery.isOwnDamaged = true
}

/** Takes a batch of the log's own partition into the catalogue. */
function learn(recovery: Recovery, batch: Uint8Array): void {
  const records = decodeRecords(batch, 0)
  assert(records.ok, 'a batch whose checksum is right and that the log wrote can be read')
  for (const record of records.value) applyChange(recovery.catalogue, changeOfRecord(record))
}

/** Opens the partitions that the catalogue knows and nobody has opened yet, and lets go of those that it does not. */
async function openOthers(recovery: Recovery): Promise<void> {
  const { catalogue, partitions } = recovery
  for (const id of catalogue.partitions.keys()) {
    if (!partitions.has(id)) await openPartition(recovery, id)
  }
  for (const [id, gone] of partitions) {
    if (catalogue.partitions.has(id)) continue
    partitions.delete(id)
    recovery.deleted.add(id)
    recovery.adopted.delete(id)
    recovery.touched.delete(gone)
  }
}

/** A partition as the checkpoint has it; without a checkpoint, as far as its segments go without a gap. */
async function openPartition(recovery: Recovery, id: number): Promise<FilePartition> {
  const { parts, checkpoint, catalogue, partitions, folders } = recovery
  const entry = present(catalogue.partitions.get(id), 'a partition of the catalogue')
  const { name, config } = entry
  // The folder keeps the name that it was made with, whatever the catalogue knows now.
  const partition = makePartition(parts, { id, name, config }, folders.get(id))
  partitions.set(id, partition)
  const row = checkpoint?.partitions.find((one) => one.id === id)
  const state = row === undefined ? undefined : restoreState(row.state)
  if (row !== undefined && state !== undefined) {
    partition.state = state
    setHigh(partition.state, partition.state.end)
    partition.leaderEpoch = row.leaderEpoch
    partition.cleanedTo = row.cleanedTo
    partition.segments = row.segments.map((segment) => segmentOfRow(partition.folder, segment))
  }
  await lookAtFiles(parts, partition)
  if (checkpoint !== undefined) return partition
  const order = { start: entry.start, before: Number.MAX_SAFE_INTEGER, passesGaps: false }
  await walkOn(parts, partition, order)
  return partition
}

/** After the journal, what it does not say: partitions and batches of which only the files know. */
async function lookFurther(recovery: Recovery): Promise<void> {
  await adoptLost(recovery)
  for (const partition of [...recovery.partitions.values()]) {
    await walkOver(recovery, partition, Number.MAX_SAFE_INTEGER)
  }
}

/** Takes from a partition's files what is missing before an offset, as far as it is there, and notes what is not. */
async function walkOver(
  recovery: Recovery,
  partition: FilePartition,
  before: number,
): Promise<void> {
  const { parts, catalogue } = recovery
  await settleAll(parts, [partition], 0)
  const start = catalogue.partitions.get(partition.id)?.start ?? 0
  const isOwn = partition.id === ownPartition
  const gaps = partition.gaps.length
  await walkOn(parts, partition, { start, before, passesGaps: true }, (batch) => {
    if (isOwn) learn(recovery, batch)
  })
  if (!isOwn) return
  if (partition.gaps.length > gaps) recovery.isOwnDamaged = true
  await openOthers(recovery)
}

/** Partitions that are there though the catalogue, damaged, does not know them. */
async function adoptLost(recovery: Recovery): Promise<void> {
  const { catalogue, checkpoint, deleted, folders, isOwnDamaged } = recovery
  const rows = checkpoint?.partitions ?? []
  const found = [...folders.keys(), ...rows.map(({ id }) => id)]
  for (const id of new Set(found)) {
    // A catalogue that is whole and knows that the number was used says that the partition was deleted.
    const isLost = (isOwnDamaged || id >= catalogue.nextPartition) && !deleted.has(id)
    if (isLost && !catalogue.partitions.has(id)) await adopt(recovery, id)
  }
}

async function adopt(recovery: Recovery, id: number): Promise<FilePartition> {
  adoptEntry(recovery.catalogue, recovery.folders, id)
  recovery.adopted.add(id)
  return openPartition(recovery, id)
}

async function replayJournal(recovery: Recovery, journal: ScannedJournal): Promise<void> {
  const { parts } = recovery
  let path: string | undefined
  let bytes = new Uint8Array()
  for (const frame of journal.frames) {
    if (frame.path !== path) {
      await settleTouched(recovery)
      path = frame.path
      bytes = Uint8Array.from(await readJournalFile(parts.disk, path))
    }
    const from = frame.at + frameHeaderBytes
    const body = bytes.subarray(from, from + frame.bytes)
    for (const entry of readEntries(body)) await replay(recovery, entry)
  }
  await settleTouched(recovery)
}

async function settleTouched({ parts, touched }: Recovery): Promise<void> {
  await settleAll(parts, touched, 0)
}

async function replay(recovery: Recovery, entry: Entry): Promise<void> {
  if (entry.kind === 'append') return replayBatch(recovery, entry.partition, entry.batch)
  for (const marker of entry.markers) {
    await replayBatch(recovery, marker.partition, markerOf(entry, marker))
  }
}

async function replayBatch(recovery: Recovery, id: number, batch: Uint8Array): Promise<void> {
  const { parts, partitions, catalogue } = recovery
  const known = partitions.get(id)
  // Deleted while it was written to; or the record that made it was damaged. Where there is a checkpoint, the
  // catalogue was no further than the journal.
  const isUnheardOf = recovery.checkpoint !== undefined || id >= catalogue.nextPartition
  const mayBeLost = recovery.isOwnDamaged || (recovery.isDoubtful && isUnheardOf)
  const isLost = mayBeLost && !recovery.deleted.has(id)
  const partition = known ?? (isLost ? await adopt(recovery, id) : undefined)
  if (partition === undefined) return
  const header = readBatchHeader(batch, 0)
  if (header.baseOffset > partition.state.end)
    await closeGap(recovery, partition, header.baseOffset)
  if (header.baseOffset < partition.state.end) return
  applyStored(partition, batch)
  setHigh(partition.state, partition.state.end)
  placeBatch(parts, partition, { header, arena: arenaOver(batch), at: 0, group: 0 })
  recovery.touched.add(partition)
  recovery.replayed += 1
  if (id !== ownPartition) return
  learn(recovery, batch)
  await openOthers(recovery)
}

/** The journal lacks what comes before an offset: perhaps the segment has it; otherwise it is lost, and said so. */
async function closeGap(
  recovery: Recovery,
  partition: FilePartition,
  offset: number,
): Promise<void> {
  await walkOver(recovery, partition, offset)
  const from = partition.state.end
  if (from >= offset) return
  partition.gaps.push({ from, to: offset, reason: 'a frame of the journal was damaged' })
  if (partition.id === ownPartition) recovery.isOwnDamaged = true
  skipTo(partition, offset, recovery.parts.clock.now())
}

async function finish(
  recovery: Recovery,
  next: Pick<Checkpoint, 'number' | 'salt' | 'place'>,
): Promise<void> {
  const { parts, partitions, catalogue } = recovery
  for (const [id, partition] of partitions) {
    const entry = present(catalogue.partitions.get(id), 'a partition of the catalogue')
    partition.name = entry.name
    partition.config = entry.config
    for (const [cursor, offset] of entry.cursors) partition.cursors.set(cursor, offset)
    // What stood before the start is lost; its offsets are not given again.
    if (entry.start > partition.state.high) skipTo(partition, entry.start, parts.clock.now())
    dropBefore(partition.state, entry.start)
    // What is missing before the start is no damage: it was dropped.
    const gaps = partition.gaps.filter(({ to }) => to > partition.state.start)
    partition.gaps = mergeGaps(entry.gaps, gaps)
  }
  await eachOf(partitions.values(), callsAtOnce, (partition) =>
    cutBehind(parts, partition, recovery.isDoubtful),
  )
  await removeDeleted(recovery)
  await flushAll(parts, partitions.values())
  await makeCheckpointFiles(parts.disk)
  await parts.disk.flushFolder(journalFolder)
  await parts.disk.flushFolder('')
  const rows = rowsOf(partitions.values())
  await saveCheckpoint(parts.disk, { ...next, partitions: rows })
}

function mergeGaps(
  known: FilePartition['gaps'],
  found: FilePartition['gaps'],
): FilePartition['gaps'] {
  const news = found.filter(({ from }) => !known.some((gap) => gap.from === from))
  return [...known, ...news].toSorted((a, b) => a.from - b.from)
}

/** Folders of partitions that were deleted before a crash could be stopped from keeping them. */
async function removeDeleted({ parts, partitions, isDoubtful }: Recovery): Promise<void> {
  // While the catalogue may be wrong, nothing is deleted on its word.
  if (isDoubtful) return
  const known = new Set(Array.from(partitions.values(), ({ folder }) => folder))
  for (const { name, isFolder } of await parts.disk.list(partitionsFolder)) {
    const folder = `${partitionsFolder}/${name}`
    if (isFolder && !known.has(folder)) await parts.disk.remove(folder)
  }
}
