import { assert, present } from '@fermata/base/assert'
import {
  closeArena,
  holdArena,
  releaseArena,
  roundUp,
  type Arena,
  type ArenaPool,
} from './arena.ts'
import type { Journal, JournalPlace } from './journal.ts'
import { frameHeaderBytes } from './journal.frame.ts'
import type { FilePartition } from './partition.file.ts'

/** Entries that go to disk together: what arrived while the group before was being flushed. */
export interface Group {
  readonly number: number
  readonly arena: Arena
  /** Where its frame begins in the arena. */
  readonly from: number
  /** Where its next entry goes. */
  at: number
  /** Called when it is on disk, in this order; or with false, when the log ends before. */
  readonly acknowledge: ((isOnDisk: boolean) => void)[]
  /** The end of each partition that it has batches for, behind the last of them. */
  readonly ends: Map<FilePartition, number>
  /** Where the journal goes on behind it, once it is on disk. */
  place: JournalPlace | undefined
}

/** Where an entry may be written. */
export interface Reserved {
  readonly group: Group
  readonly bytes: Uint8Array
  readonly at: number
}

/**
 * Group commit: as soon as one group is on disk, all that has come meanwhile is the next. There is no timer, so
 * that one producer waits for one flush, and a thousand share one.
 */
export interface Committer {
  /** Makes room for an entry in the group that is being built; undefined while no arena is free. */
  reserve(bytes: number): Reserved | undefined
  /** Sees to it that the group that is being built goes to disk, though nothing was reserved in it. */
  wake(): void
  /** Calls when all that was reserved until now is on disk; at once when it is. */
  afterAll(call: (isOnDisk: boolean) => void): void
  /** The number of the newest group that is on disk. */
  flushed(): number
  /** Whether everything that was reserved is on disk. */
  isIdle(): boolean
  /** Whether groups wait because the journal has no room. */
  isBlocked(): boolean
  /** The journal has room again, or whatever else held it back is over. */
  retry(): void
  /** Fails whatever waits. Nothing is written any more. */
  end(): void
}

/** Makes the committer of a journal. */
export function openCommitter(options: {
  readonly journal: Journal
  readonly arenas: ArenaPool
  /** Called before a group is sealed for its flight: what waits to be put together may reserve room in it. */
  readonly beforeFlight: () => void
  /** Called when a group is complete: all that was decided until now is in it or in one before. */
  readonly onSealed: (group: Group) => void
  /** Called after a group is on disk, before its own calls. */
  readonly onFlushed: (group: Group) => void
  /** Called with the error of a write that failed. Whether it was for good is not decided here. */
  readonly onFailure: (error: unknown) => void
}): Committer {
  const { journal, arenas } = options
  let arena: Arena | undefined
  let building: Group | undefined
  /** Groups that are complete and wait for their flight; the first one may be in the air. */
  const sealed: Group[] = []
  let newest = 0
  let flushed = 0
  let isFlying = false
  let isWoken = false
  let hasEnded = false
  let isBlocked = false

  const begin = (entryBytes: number): Group | undefined => {
    const least = roundUp(frameHeaderBytes + entryBytes)
    if (arena !== undefined && arena.used + least > arena.bytes.length) {
      closeArena(arena)
      arena = undefined
    }
    arena ??= arenas.take(least)
    if (arena === undefined) return undefined
    holdArena(arena)
    newest += 1
    building = {
      number: newest,
      arena,
      from: arena.used,
      at: arena.used + frameHeaderBytes,
      acknowledge: [],
      ends: new Map(),
      place: undefined,
    }
    return building
  }
  const seal = (): void => {
    const group = present(building, 'a group that is being built')
    building = undefined
    group.arena.used = group.from + roundUp(group.at - group.from)
    sealed.push(group)
    options.onSealed(group)
  }
  const fits = (group: Group, bytes: number): boolean =>
    group.from + roundUp(group.at + bytes - group.from) <= group.arena.bytes.length

  const nextGroup = (): Group | undefined => {
    if (sealed.length === 0) {
      options.beforeFlight()
      if (sealed.length === 0 && building !== undefined) seal()
    }
    return sealed[0]
  }
  const fly = async (): Promise<void> => {
    if (isFlying) return
    isFlying = true
    try {
      for (let group = nextGroup(); group !== undefined && !hasEnded; group = nextGroup()) {
        const frameBytes = roundUp(group.at - group.from)
        isBlocked = !journal.hasRoom(frameBytes)
        if (isBlocked) return
        const frame = group.arena.bytes.subarray(group.from, group.from + frameBytes)
        await journal.write(frame, group.at - group.from - frameHeaderBytes)
        land(group)
        // Whoever was answered just now may go on, so that what comes of it flies along.
        await Promise.resolve()
      }
    } catch (error) {
      options.onFailure(error)
    } finally {
      isFlying = false
    }
  }
  const land = (group: Group): void => {
    if (hasEnded) return
    assert(sealed.shift() === group, 'groups fly in their order')
    flushed = group.number
    group.place = journal.place()
    options.onFlushed(group)
    for (const call of group.acknowledge) call(true)
    releaseArena(group.arena)
  }
  const wake = (): void => {
    if (isWoken || isFlying || hasEnded) return
    isWoken = true
    // What else arrives in this turn of the loop goes with it.
    queueMicrotask(() => {
      isWoken = false
      void fly()
    })
  }

  return {
    reserve(bytes) {
      if (building !== undefined && !fits(building, bytes)) seal()
      const group = building ?? begin(bytes)
      if (group === undefined) return undefined
      const at = group.at
      group.at += bytes
      wake()
      return { group, bytes: group.arena.bytes, at }
    },
    wake,
    afterAll(call) {
      const last = building ?? sealed.at(-1)
      if (last === undefined) call(!hasEnded)
      else last.acknowledge.push(call)
    },
    flushed: () => flushed,
    isIdle: () => building === undefined && sealed.length === 0,
    isBlocked: () => isBlocked,
    retry: wake,
    end() {
      hasEnded = true
      const left = building === undefined ? sealed : [...sealed, building]
      for (const group of left) for (const call of group.acknowledge) call(false)
    },
  }
}
