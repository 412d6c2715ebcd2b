import { frameHeaderBytes, readFrame, readFrameHeader } from './journal.frame.ts'
import { pageBytes } from './arena.ts'
import type { ReadingDisk } from './disk.reading.ts'
import { journalFolder, type JournalPlace, type JournalSalt } from './journal.ts'

/** A frame as the scan found it. */
export interface ScannedFrame {
  readonly path: string
  /** Where its header begins in the file. */
  readonly at: number
  readonly sequence: number
  readonly chain: number
  readonly checksum: number
  readonly salt: JournalSalt
  /** Of its body. */
  readonly bytes: number
}

/** A place in the journal where a frame should stand and does not. */
export interface DamagedFrames {
  /** The sequences that are missing: from, and to exclusive. */
  readonly from: number
  readonly to: number
}

/** What the journal holds after a checkpoint. */
export interface ScannedJournal {
  /** In the order of their sequences. */
  readonly frames: readonly ScannedFrame[]
  /** Missing frames in front of others that are there: they were on disk once. */
  readonly damaged: readonly DamagedFrames[]
  /** A frame at the end that was begun and never acknowledged; it is cut off. */
  readonly torn: { readonly path: string; readonly at: number; readonly bytes: number } | undefined
  /** How many files the journal has. */
  readonly files: number
  /** The highest sequence that was ever seen, -1 where none was. */
  readonly sequenceMax: number
}

/**
 * Looks through all files of the journal for the frames that follow a checkpoint. A frame is written only
 * when the one before is on disk; so a frame that is missing in front of a valid one is damage, and whatever is
 * broken behind the last valid one was never acknowledged. Without a checkpoint's salt, frames of all runs count.
 */
export async function scanJournal(
  disk: ReadingDisk,
  from: { readonly place: JournalPlace; readonly salt: JournalSalt | undefined },
): Promise<ScannedJournal> {
  const found: ScannedFrame[] = []
  const broken: BrokenFrame[] = []
  const entries = await disk.list(journalFolder)
  const paths = entries
    .filter(({ name }) => name.endsWith('.journal'))
    .map(({ name }) => `${journalFolder}/${name}`)
  for (const path of paths) await scanFile(disk, path, found, broken)
  const frames = found
    .filter(({ sequence, salt }) => sequence >= from.place.sequence && isOf(salt, from.salt))
    .toSorted((a, b) => a.sequence - b.sequence)
  const damaged: DamagedFrames[] = []
  let expected = from.place.sequence
  for (const frame of frames) {
    if (frame.sequence > expected) damaged.push({ from: expected, to: frame.sequence })
    expected = frame.sequence + 1
  }
  const torn = broken.find(({ sequence, salt }) => sequence === expected && isOf(salt, from.salt))
  return {
    frames: inChain(frames, from.place),
    damaged,
    torn,
    files: paths.length,
    sequenceMax: found.reduce((max, { sequence }) => Math.max(max, sequence), expected - 1),
  }
}

/** What seems to be a frame, and is not whole. */
interface BrokenFrame {
  readonly path: string
  readonly at: number
  readonly bytes: number
  readonly sequence: number
  readonly salt: JournalSalt
}

/** Takes out whatever does not follow the frame in front of it: it was left behind by an earlier use of its file. */
function inChain(frames: readonly ScannedFrame[], start: JournalPlace): ScannedFrame[] {
  let { sequence, chain } = start
  return frames.filter((frame) => {
    if (frame.sequence === sequence && frame.chain !== chain) return false
    sequence = frame.sequence + 1
    chain = frame.checksum
    return true
  })
}

function isOf(salt: JournalSalt, wanted: JournalSalt | undefined): boolean {
  return wanted === undefined || (salt.high === wanted.high && salt.low === wanted.low)
}

async function scanFile(
  disk: ReadingDisk,
  path: string,
  found: ScannedFrame[],
  broken: BrokenFrame[],
): Promise<void> {
  const bytes = await readJournalFile(disk, path)
  for (let at = 0; at + frameHeaderBytes <= bytes.length;) {
    const frame = readFrame(bytes, at)
    const header = frame ?? readFrameHeader(bytes, at)
    if (header !== undefined) {
      const { sequence, chain } = header
      const salt = { high: header.saltHigh, low: header.saltLow }
      if (frame === undefined) broken.push({ path, at, bytes: header.bytes, sequence, salt })
      else {
        found.push({
          path,
          at,
          sequence,
          chain,
          checksum: frame.checksum,
          salt,
          bytes: frame.bytes,
        })
      }
    }
    at += frame?.paddedBytes ?? pageBytes
  }
}

/** A journal file, whole. One is in memory at a time. */
export async function readJournalFile(disk: ReadingDisk, path: string): Promise<Uint8Array> {
  const file = await disk.open(path)
  try {
    return await file.read(0, await file.size())
  } finally {
    await file.close()
  }
}
