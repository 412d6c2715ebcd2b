import { frameHeaderBytes } from './journal.frame.ts'
import { lastOffsetOf, readBatchHeader } from './batch.ts'
import {
  applyChange,
  changeOfRecord,
  newCatalogue,
  newEntry,
  ownConfig,
  ownPartition,
  type Catalogue,
} from './catalogue.ts'
import { newestOf, readCheckpoints, type Checkpoint, type CheckpointFile } from './checkpoint.ts'
import { DiskFailure, type DiskEntry } from './disk.ts'
import type { ReadingDisk } from './disk.reading.ts'
import { readEntries } from './entries.ts'
import { journalFolder } from './journal.ts'
import { readJournalFile, scanJournal, type ScannedJournal } from './journal.scan.ts'
import { partitionsFolder } from './partition.file.ts'
import { restoreState } from './partition.snapshot.ts'
import { applyStored, markerOf } from './partition.stored.ts'
import { newPartitionState } from './partition.ts'
import { quarantineFolder } from './quarantine.ts'
import { decodeRecords } from './records.ts'
import { readFolders } from './recover.folders.ts'
import { indexPath, parseSegmentName, segmentOfRow, type Segment } from './segment.ts'
import { logSizes, type LogSizes } from './sizes.ts'
import type { Finding, PartitionReport, VerifyReport } from './verify.findings.ts'
import { openEnd, verifySegment, type Walked, type Walking } from './verify.segment.ts'

/** A look at a log that is under way. */
interface Verification extends Walking {
  readonly checkpoint: Checkpoint | undefined
  readonly journal: ScannedJournal
  readonly catalogue: Catalogue
  /** The folders of partitions by number. */
  readonly folders: ReadonlyMap<number, string>
  readonly reports: Map<number, PartitionReport>
  /** What the journal holds of each partition. */
  readonly waiting: Map<number, Uint8Array[]>
}

/**
 * Reads everything of a log that nobody has open, and says what is not as it should be. Changes nothing: it
 * holds the files against each other as a start would, and does nothing about what it finds.
 */
export async function verifyLog(
  disk: ReadingDisk,
  sizes: LogSizes = logSizes,
): Promise<VerifyReport> {
  const findings: Finding[] = []
  const find = (finding: Finding): void => void findings.push(finding)
  const files = await readCheckpoints(disk)
  const checkpoint = newestOf(files)
  for (const { path, bytes, checkpoint: found } of files) {
    if (bytes === 0 || found !== undefined) continue
    const what = 'it holds no whole checkpoint; there are four files for that reason'
    find({ kind: 'checkpoint_damaged', file: path, position: 0, what, isLoss: false })
  }
  const journal = await scanned(disk, checkpoint)
  const looked: Verification = {
    disk,
    sizes,
    find,
    checkpoint,
    journal,
    catalogue: newCatalogue(),
    folders: await foldersOf(disk),
    reports: new Map(),
    waiting: await readFrames(disk, journal),
  }
  tellJournal(looked, files)
  looked.catalogue.partitions.set(ownPartition, newEntry('log', ownConfig))
  await verifyPartition(looked, ownPartition)
  for (const id of looked.catalogue.partitions.keys()) {
    if (id !== ownPartition) await verifyPartition(looked, id)
  }
  await tellLeftovers(looked)
  const partitions = [...looked.reports.values()].toSorted((a, b) => a.partition - b.partition)
  const quarantined = await listOrNone(disk, quarantineFolder)
  return {
    partitions,
    checkpoint: checkpoint?.number,
    journal: {
      files: journal.files,
      frames: journal.frames.length,
      bytes: journal.frames.reduce((sum, frame) => sum + frame.bytes, 0),
    },
    quarantined: quarantined.map(({ name, bytes }) => ({
      file: `${quarantineFolder}/${name}`,
      bytes,
    })),
    bytes: partitions.reduce((sum, partition) => sum + partition.bytes, 0),
    findings,
  }
}

async function scanned(
  disk: ReadingDisk,
  checkpoint: Checkpoint | undefined,
): Promise<ScannedJournal> {
  const place = checkpoint?.place ?? { sequence: 0, chain: 0 }
  try {
    return await scanJournal(disk, { place, salt: checkpoint?.salt })
  } catch (error) {
    if (!(error instanceof DiskFailure) || error.code !== 'absent') throw error
    return { frames: [], damaged: [], torn: undefined, files: 0, sequenceMax: -1 }
  }
}

function tellJournal(
  { find, journal, checkpoint, folders }: Verification,
  files: readonly CheckpointFile[],
): void {
  if (checkpoint === undefined && (folders.size > 0 || files.some(({ bytes }) => bytes > 0))) {
    const what = 'a start would have to read all segments'
    find({ kind: 'checkpoint_missing', file: journalFolder, position: 0, what, isLoss: false })
  }
  for (const { from, to } of journal.damaged) {
    const what = `the frames ${from} to ${to - 1} are missing in front of others`
    find({ kind: 'frame_damaged', file: journalFolder, position: 0, what, isLoss: true })
  }
  if (journal.torn === undefined) return
  const { path: file, at: position, bytes } = journal.torn
  const what = `a frame of ${bytes} bytes that was begun and never acknowledged`
  find({ kind: 'frame_torn', file, position, what, isLoss: false })
}

/** The batches that frames hold, by partition; markers among them. */
async function readFrames(
  disk: ReadingDisk,
  { frames }: ScannedJournal,
): Promise<Map<number, Uint8Array[]>> {
  const waiting = new Map<number, Uint8Array[]>()
  const add = (partition: number, batch: Uint8Array): void => {
    const batches = waiting.get(partition)
    if (batches === undefined) waiting.set(partition, [batch])
    else batches.push(batch)
  }
  let path: string | undefined
  let bytes = new Uint8Array()
  for (const frame of frames) {
    if (frame.path !== path) {
      path = frame.path
      bytes = Uint8Array.from(await readJournalFile(disk, path))
    }
    const from = frame.at + frameHeaderBytes
    for (const entry of readEntries(bytes.subarray(from, from + frame.bytes))) {
      if (entry.kind === 'append') add(entry.partition, entry.batch)
      else for (const place of entry.markers) add(place.partition, markerOf(entry, place))
    }
  }
  return waiting
}

async function verifyPartition(looked: Verification, id: number): Promise<void> {
  const { catalogue, folders, find, checkpoint } = looked
  const entry = catalogue.partitions.get(id) ?? newEntry('', ownConfig)
  const folder = `${partitionsFolder}/${folders.get(id) ?? `${id}-${entry.name}`}`
  const row = checkpoint?.partitions.find((one) => one.id === id)
  // Of a partition that was made after the checkpoint the journal holds everything.
  const segments =
    checkpoint === undefined
      ? await segmentsOnDisk(looked, folder, entry.config.compaction !== undefined)
      : (row?.segments.map((segment) => segmentOfRow(folder, segment)) ?? [])
  const isOwn = id === ownPartition
  const learn = (batch: Uint8Array): void => learnBatch(looked, folder, batch)
  const walked: Walked = {
    state: newPartitionState(segments[0]?.base ?? 0),
    bytes: 0,
    batches: 0,
    records: 0,
    gaps: entry.gaps,
    start: entry.start,
    onBatch: isOwn ? learn : undefined,
  }
  for (const segment of segments) await verifySegment(looked, walked, segment)
  const stored = row === undefined ? undefined : restoreState(row.state)
  if (stored !== undefined) {
    const end = (segments.at(-1)?.last ?? -1) + 1
    if (stored.end !== end) {
      const what = `partition ${id} ends at ${stored.end}, its segments at ${end}`
      find({ kind: 'checkpoint_wrong', file: journalFolder, position: 0, what, isLoss: true })
    }
    // It also knows producers whose batches were dropped.
    walked.state = stored
  }
  const journalBatches = replay(looked, walked, id)
  looked.reports.set(id, {
    partition: id,
    name: entry.name,
    start: Math.min(Math.max(entry.start, stored?.start ?? 0), walked.state.end),
    end: walked.state.end,
    segments: segments.filter(({ bytes }) => bytes > 0).length,
    bytes: walked.bytes,
    batches: walked.batches,
    records: walked.records,
    journalBatches,
    producers: walked.state.producers.size,
    openTransactions: walked.state.transactions.open.size,
    gaps: entry.gaps,
  })
}

/** Without a checkpoint the files say themselves what they are. */
async function segmentsOnDisk(
  { disk }: Verification,
  folder: string,
  isCompacted: boolean,
): Promise<Segment[]> {
  const found = (await listOrNone(disk, folder)).flatMap(({ name, bytes }) => {
    const named = parseSegmentName(name)
    return named === undefined ? [] : [{ ...named, bytes }]
  })
  return found.map(({ base, generation, bytes }, index) => {
    const last = (found[index + 1]?.base ?? openEnd) - 1
    const compacted = isCompacted ? 1 : 0
    return segmentOfRow(folder, [base, bytes, last, 0, -1, compacted, null, generation])
  })
}

/** What the journal holds behind the segments; answers how many batches. */
function replay(looked: Verification, walked: Walked, id: number): number {
  let count = 0
  for (const batch of looked.waiting.get(id) ?? []) {
    const header = readBatchHeader(batch, 0)
    const { baseOffset } = header
    if (lastOffsetOf(header) < walked.state.end) continue
    if (baseOffset !== walked.state.end) {
      const what = `the journal goes on with ${baseOffset} in partition ${id}, which ends at ${walked.state.end}`
      const file = journalFolder
      looked.find({ kind: 'offset_wrong', file, position: 0, what, isLoss: true })
      walked.state = newPartitionState(Math.max(baseOffset, walked.state.end))
    }
    count += 1
    applyStored(walked, batch)
    walked.onBatch?.(batch)
  }
  return count
}

/** Takes a batch of the log's own partition into the catalogue. */
function learnBatch({ catalogue, find }: Verification, file: string, batch: Uint8Array): void {
  const records = decodeRecords(batch, 0)
  try {
    if (!records.ok) throw new Error(records.refusal.reason)
    for (const record of records.value) applyChange(catalogue, changeOfRecord(record))
  } catch (error) {
    const what = `the batch at ${readBatchHeader(batch, 0).baseOffset}: ${String(error)}`
    find({ kind: 'catalogue_damaged', file, position: 0, what, isLoss: true })
  }
}

/** Files and folders that nothing names. */
async function tellLeftovers(looked: Verification): Promise<void> {
  const { disk, catalogue, checkpoint, folders, find } = looked
  const tell = (file: string, what: string): void =>
    find({ kind: 'leftover', file, position: 0, what, isLoss: false })
  for (const [id, name] of folders) {
    const folder = `${partitionsFolder}/${name}`
    if (!catalogue.partitions.has(id)) {
      tell(folder, 'no partition of the catalogue')
      continue
    }
    const row = checkpoint?.partitions.find((one) => one.id === id)
    if (row === undefined) continue
    const named = new Set(row.segments.map((segment) => segmentOfRow(folder, segment).path))
    const known = new Set([...named, ...[...named].map(indexPath)])
    for (const { name: file } of await listOrNone(disk, folder)) {
      if (!known.has(`${folder}/${file}`)) tell(`${folder}/${file}`, 'not named by the checkpoint')
    }
  }
}

async function foldersOf(disk: ReadingDisk): Promise<Map<number, string>> {
  const isThere = (await disk.list('')).some(({ name }) => name === partitionsFolder)
  return isThere ? readFolders({ disk }) : new Map()
}

async function listOrNone(disk: ReadingDisk, folder: string): Promise<readonly DiskEntry[]> {
  try {
    return await disk.list(folder)
  } catch (error) {
    if (error instanceof DiskFailure && error.code === 'absent') return []
    throw error
  }
}
