import { assert } from '@fermata/base/assert'

/** Frames and whatever else must never be written over twice begin at multiples of this. */
export const pageBytes = 4_096

/**
 * Memory in which groups are built, flown from and, until their batches stand in segments, read from.
 * It is shared memory, so that the thread that writes the journal needs no copy.
 */
export interface Arena {
  readonly bytes: Uint8Array
  /** Where the next group begins; a multiple of `pageBytes`. */
  used: number
  /** How many batches and groups need it. */
  holds: number
  /** No further group begins in it. */
  isClosed: boolean
  /** Called when nobody needs a closed one any more. */
  readonly onFree: (arena: Arena) => void
}

/** Needs an arena until `releaseArena`. */
export function holdArena(arena: Arena): void {
  arena.holds += 1
}

/** Gives a hold back; the last one of a closed arena frees it. */
export function releaseArena(arena: Arena): void {
  arena.holds -= 1
  assert(arena.holds >= 0, 'an arena is released as often as it is held')
  if (arena.isClosed && arena.holds === 0) arena.onFree(arena)
}

/** Lets no further group begin in an arena. */
export function closeArena(arena: Arena): void {
  assert(!arena.isClosed, 'an arena is closed once')
  arena.isClosed = true
  if (arena.holds === 0) arena.onFree(arena)
}

/** Bytes that were read from a file, as an arena that nobody has to give back. */
export function arenaOver(bytes: Uint8Array): Arena {
  return { bytes, used: bytes.length, holds: 0, isClosed: true, onFree: () => undefined }
}

/** Hands out arenas, up to a number of bytes in all. */
export interface ArenaPool {
  /** An arena with room for so many bytes; undefined while too many are in use. */
  take(bytes: number): Arena | undefined
  /** Bytes in arenas that are in use. */
  bytesInUse(): number
}

/** Makes a pool of arenas of one size; a batch that is larger gets an arena for itself. `onRelease` runs when there is room again. */
export function arenaPool(options: {
  readonly arenaBytes: number
  readonly bytesMax: number
  readonly onRelease: () => void
}): ArenaPool {
  const free: Arena[] = []
  let inUse = 0
  const onFree = (arena: Arena): void => {
    inUse -= arena.bytes.length
    if (arena.bytes.length === options.arenaBytes) free.push(arena)
    options.onRelease()
  }
  const make = (size: number): Arena => ({
    bytes: new Uint8Array(new SharedArrayBuffer(size)),
    used: 0,
    holds: 0,
    isClosed: false,
    onFree,
  })
  return {
    take(bytes) {
      const size = bytes <= options.arenaBytes ? options.arenaBytes : roundUp(bytes)
      // A batch as large as all of it must still get through when nothing else is in use.
      if (inUse > 0 && inUse + size > options.bytesMax) return undefined
      const arena = (size === options.arenaBytes ? free.pop() : undefined) ?? make(size)
      arena.used = 0
      arena.isClosed = false
      inUse += size
      return arena
    },
    bytesInUse: () => inUse,
  }
}

/** The next multiple of `pageBytes`. */
export function roundUp(bytes: number): number {
  return Math.ceil(bytes / pageBytes) * pageBytes
}
