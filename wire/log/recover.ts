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
  loadCheckpoints,
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
  partitionFolder,
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
import {
  adoptFolder,
  cutBehind,
  lookAtFiles,
  lostFolders,
  readWhole,
  walkOn,
} from './recover.segments.ts'
import { segmentOfRow } from './segment.ts'
import { eachOf, flushAll, settleAll } from './settle.ts'

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
  /** No checkpoint can be trusted: segments may hold more than it says. */
  isDoubtful: boolean
  /** The catalogue itself may have lost something. */
  isOwnDamaged: boolean
  /** Numbers whose partitions were deleted in what was replayed. */
  readonly deleted: Set<number>
  readonly touched: Set<FilePartition>
  replayed: number
  readonly adopted: number[]
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
  const found = await loadCheckpoints(disk)
  const checkpoint = found.newest
  const place = checkpoint?.place ?? { sequence: 0, chain: 0 }
  const salt = found.isDoubtful ? undefined : checkpoint?.salt
  const journal = await scanJournal(disk, { place, salt })
  // A checkpoint that was torn while it was written freed nothing: the one before it and the journal say all.
  const isDoubtful = checkpoint === undefined || journal.damaged.length > 0
  const recovery: Recovery = {
    parts,
    partitions: new Map(),
    catalogue: newCatalogue(),
    checkpoint,
    isDoubtful,
    isOwnDamaged: false,
    deleted: new Set(),
    touched: new Set(),
    replayed: 0,
    adopted: [],
  }
  await openOwn(recovery)
  for (const id of recovery.catalogue.partitions.keys()) await openPartition(recovery, id)
  await replayJournal(recovery, journal)
  if (recovery.isDoubtful) await adoptLost(recovery)
  if (journal.torn !== undefined) await setAside(disk, journal.torn.path, journal.torn)
  const next = { sequence: journal.sequenceMax + 1, chain: randomU32() }
  const newSalt = { high: randomU32(), low: randomU32() }
  const number = (checkpoint?.number ?? -1) + (found.isDoubtful ? 2 : 1)
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
      adopted: recovery.adopted,
    },
  }
}

/** The log's own partition comes first, because it says which others there are. */
async function openOwn(recovery: Recovery): Promise<void> {
  recovery.catalogue.partitions.set(ownPartition, newEntry('log', ownConfig))
  const own = await openPartition(recovery, ownPartition)
  const isWhole = await readWhole(recovery.parts, own, (batch) => learn(recovery, batch))
  // What it said about others may be lost: their folders are asked instead.
  if (!isWhole) {
    recovery.isDoubtful = true
    recovery.isOwnDamaged = true
  }
}

/** Takes a batch of the log's own partition into the catalogue. */
function learn(recovery: Recovery, batch: Uint8Array): void {
  const records = decodeRecords(batch, 0)
  assert(records.ok, 'a batch whose checksum is right and that the log wrote can be read')
  for (const record of records.value) applyChange(recovery.catalogue, changeOfRecord(record))
}

/** A partition as the checkpoint has it; where that is in doubt, as its segments go on. */
async function openPartition(recovery: Recovery, id: number): Promise<FilePartition> {
  const { parts, checkpoint, catalogue, partitions } = recovery
  const entry = present(catalogue.partitions.get(id), 'a partition of the catalogue')
  const partition = makePartition(parts, { id, name: entry.name, config: entry.config })
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
  if (recovery.isDoubtful) await walkOn(parts, partition, entry.start)
  return partition
}

/** Partitions whose folder is there though the catalogue, damaged, does not know them. */
async function adoptLost(recovery: Recovery): Promise<void> {
  const { catalogue, deleted, isOwnDamaged } = recovery
  for (const id of await lostFolders(recovery.parts, catalogue)) {
    // A catalogue that is whole and knows that the number was used says that the partition was deleted.
    const isLost = (isOwnDamaged || id >= catalogue.nextPartition) && !deleted.has(id)
    if (isLost) await adopt(recovery, id)
  }
}

async function adopt(recovery: Recovery, id: number): Promise<FilePartition> {
  await adoptFolder(recovery.parts, recovery.catalogue, id)
  recovery.adopted.push(id)
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
  // Either it was deleted later, or the record that made it was damaged.
  const isLost = recovery.isDoubtful && id >= catalogue.nextPartition && !recovery.deleted.has(id)
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
  for (const other of catalogue.partitions.keys()) {
    if (!partitions.has(other)) await openPartition(recovery, other)
  }
  for (const [other, gone] of partitions) {
    if (catalogue.partitions.has(other)) continue
    partitions.delete(other)
    recovery.deleted.add(other)
    recovery.touched.delete(gone)
  }
}

/** The journal lacks what comes before an offset: perhaps the segment has it; otherwise it is lost, and said so. */
async function closeGap(
  recovery: Recovery,
  partition: FilePartition,
  offset: number,
): Promise<void> {
  await settleAll(recovery.parts, [partition], 0)
  await walkOn(recovery.parts, partition, partition.state.start)
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
    partition.config = entry.config
    for (const [cursor, offset] of entry.cursors) partition.cursors.set(cursor, offset)
    partition.gaps = mergeGaps(entry.gaps, partition.gaps)
    dropBefore(partition.state, Math.min(entry.start, partition.state.high))
  }
  await eachOf(partitions.values(), (partition) => cutBehind(parts, partition, recovery.isDoubtful))
  await removeDeleted(recovery)
  await flushAll(parts, partitions.values())
  await makeCheckpointFiles(parts.disk)
  await parts.disk.flushFolder(journalFolder)
  await parts.disk.flushFolder('')
  await saveCheckpoint(parts.disk, { ...next, partitions: rowsOf(partitions.values()) })
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
  const known = new Set(
    Array.from(partitions.values(), ({ id, name }) => partitionFolder(id, name)),
  )
  for (const { name, isFolder } of await parts.disk.list(partitionsFolder)) {
    const folder = `${partitionsFolder}/${name}`
    if (isFolder && !known.has(folder)) await parts.disk.remove(folder)
  }
}
