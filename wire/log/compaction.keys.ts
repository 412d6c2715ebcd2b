import { createHash } from 'node:crypto'
import { limits } from '@fermata/base/limits'

/** The newest offset of each key, as far as one round of compaction knows it. */
export interface NewestOffsets {
  /** Notes a record. Later offsets come later. */
  note(key: Uint8Array, offset: number): void
  /** Where the newest record with this key lies; -1 where none was noted. */
  of(key: Uint8Array): number
  /** Whether so many more keys may be noted. The first always may, so that every round gets on. */
  hasRoomFor(keys: number): boolean
}

/** Keys of at most so many bytes are held as they are; of longer ones, a hash. */
const plainBytesMax = 64

/** Knows no key yet. Holds at most `keysMax`, each in about 65 bytes. */
export function newNewestOffsets(keysMax: number = limits.compactionKeysMax): NewestOffsets {
  const offsets = new Map<string, number>()
  return {
    note: (key, offset) => void offsets.set(nameOf(key), offset),
    of: (key) => offsets.get(nameOf(key)) ?? -1,
    hasRoomFor: (keys) => offsets.size === 0 || offsets.size + keys <= keysMax,
  }
}

/** A text for each key; a hashed one is longer than any that is not, so the two are never confused. */
function nameOf(key: Uint8Array): string {
  if (key.length <= plainBytesMax) {
    return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1')
  }
  return `#${createHash('sha512').update(key).digest('latin1')}`
}
