import { assert, present } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import type { Disk, FlushedFile } from './disk.ts'
import { sealFrame } from './journal.frame.ts'

/** Where a journal goes on: what the next frame's header says. */
export interface JournalPlace {
  readonly sequence: number
  readonly chain: number
}

/** What the frames of one run of the log have in common. */
export interface JournalSalt {
  readonly high: number
  readonly low: number
}

/** How large a journal is. */
export interface JournalSizes {
  /** Of each file; no frame may be larger. */
  readonly fileBytes: number
  readonly filesMax: number
}

/**
 * The one file sequence that is flushed before anything is acknowledged: files of one size, written
 * full of zeros when they are made and used again and again, because overwriting blocks that the disk knows
 * takes a fifth of the time of a growing file. A frame is written only when the one before is on disk, so
 * whatever stands behind a damaged frame proves that the damaged one was on disk once.
 */
export interface Journal {
  /** Whether a frame of so many bytes has a place now. If not, `onRoom` is called when it may have one. */
  hasRoom(bytes: number): boolean
  /**
   * Puts the next frame on disk. `frame` is padded to whole pages and has room for the header in front of
   * the body. One call at a time; one that failed for want of room may be repeated.
   */
  write(frame: Uint8Array, bodyBytes: number): Promise<void>
  /** Where the frame after the last written one will stand. */
  place(): JournalPlace
  /** All frames below this one stand elsewhere, on disk: files that hold no other are free again. */
  recycle(before: number): void
  /** Bytes of frames that were not given to `recycle`. */
  bytesHeld(): number
  close(): Promise<void>
}

interface Slot {
  readonly file: FlushedFile
  /** The sequence of its last frame; -1 while it is free. */
  last: number
  used: number
}

/** The folder of the journal's files. */
export const journalFolder = 'journal'

/** The path of a journal file. */
export function journalPath(index: number): string {
  return `${journalFolder}/${String(index).padStart(4, '0')}.journal`
}

/**
 * Opens a journal whose files hold nothing that is still needed. `files` says how many there are;
 * at least two are made. `onFailure` hears why a further file could not be made.
 */
export async function openJournal(options: {
  readonly disk: Disk
  readonly files: number
  readonly sizes: JournalSizes
  readonly salt: JournalSalt
  readonly start: JournalPlace
  readonly onRoom: () => void
  readonly onFailure: (error: unknown) => void
}): Promise<Journal> {
  const { disk, sizes } = options
  const slots: Slot[] = []
  const entries = await disk.list(journalFolder)
  const bytesOf = new Map(entries.map(({ name, bytes }) => [`${journalFolder}/${name}`, bytes]))
  for (let index = 0; index < options.files; index++) {
    const path = journalPath(index)
    // A crash may have come while it was made, or its name did not reach the disk and that of a later one did.
    const isWhole = bytesOf.get(path) === sizes.fileBytes
    slots.push(
      isWhole ? slotOf(await disk.openFlushed(path)) : await makeSlot(disk, index, sizes.fileBytes),
    )
  }
  while (slots.length < 2) slots.push(await makeSlot(disk, slots.length, sizes.fileBytes))
  return startJournal(slots, options)
}

function slotOf(file: FlushedFile): Slot {
  return { file, last: -1, used: 0 }
}

/** Makes a file of zeros, so that no block of it is new to the disk when a frame comes. */
async function makeSlot(disk: Disk, index: number, fileBytes: number): Promise<Slot> {
  const path = journalPath(index)
  // What an earlier attempt left behind when the disk was full.
  await disk.remove(path)
  const file = await disk.open(path, { create: true })
  try {
    const zeros = new Uint8Array(Math.min(fileBytes, limits.wireCopyBytes))
    for (let at = 0; at < fileBytes; at += zeros.length) {
      await file.write(at, [zeros.subarray(0, Math.min(zeros.length, fileBytes - at))])
    }
    await file.flush()
  } finally {
    await file.close()
  }
  await disk.flushFolder(journalFolder)
  return slotOf(await disk.openFlushed(path))
}

function startJournal(slots: Slot[], options: Parameters<typeof openJournal>[0]): Journal {
  const { disk, sizes, salt } = options
  let { sequence, chain } = options.start
  let current = present(slots[0], 'a journal file')
  let recycled = sequence
  let making: Promise<void> | undefined

  const freeSlot = (): Slot | undefined =>
    slots.find((slot) => slot !== current && slot.last < recycled)
  const makeMore = (): void => {
    if (making !== undefined || slots.length >= sizes.filesMax) return
    making = makeSlot(disk, slots.length, sizes.fileBytes).then(
      (slot) => {
        slots.push(slot)
        making = undefined
        options.onRoom()
      },
      (error: unknown) => {
        making = undefined
        options.onFailure(error)
      },
    )
  }
  /** The file that takes a frame of so many bytes. */
  const slotFor = (bytes: number): Slot | undefined =>
    current.used + bytes <= sizes.fileBytes ? current : freeSlot()

  return {
    hasRoom(bytes) {
      assert(bytes <= sizes.fileBytes, 'a frame fits into a journal file')
      const found = slotFor(bytes)
      // The next file is made while this one fills, so that nobody waits for it.
      const isHalfFull = current.used + bytes > sizes.fileBytes / 2
      if (found === undefined || (isHalfFull && freeSlot() === undefined)) makeMore()
      return found !== undefined
    },
    async write(frame, bodyBytes) {
      const slot = present(slotFor(frame.length), 'room in the journal')
      if (slot !== current) {
        slot.used = 0
        slot.last = -1
        current = slot
      }
      const header = { saltHigh: salt.high, saltLow: salt.low, sequence, chain, bytes: bodyBytes }
      const checksum = sealFrame(frame, header)
      await slot.file.put(slot.used, [frame])
      slot.used += frame.length
      slot.last = sequence
      chain = checksum
      sequence += 1
    },
    place: () => ({ sequence, chain }),
    recycle(before) {
      assert(before >= recycled && before <= sequence, 'a journal is recycled in its order')
      recycled = before
      options.onRoom()
    },
    bytesHeld: () => slots.reduce((sum, slot) => sum + (slot.last >= recycled ? slot.used : 0), 0),
    async close() {
      await making
      for (const slot of slots) await slot.file.close()
    },
  }
}
