import { holdArena, releaseArena, type Arena } from './arena.ts'
import type { Segment } from './segment.ts'

/** A batch that stands in the journal and not yet in its segment. */
export interface TailBatch {
  readonly arena: Arena
  /** Where it begins in the arena. */
  readonly at: number
  readonly bytes: number
  readonly base: number
  readonly last: number
  readonly segment: Segment
  /** Where in the segment it will stand. */
  readonly position: number
  /** The number of the group that it came with. */
  readonly group: number
}

/** The batches of one partition that wait to be written to segments, in the order of their offsets. */
export interface Tail {
  push(batch: TailBatch): void
  /** The batches of groups up to this one, first first. */
  through(group: number): readonly TailBatch[]
  /** Forgets the first so many batches, which stand in their segments now. */
  drop(count: number): void
  /** Forgets all. */
  clear(): void
  first(): TailBatch | undefined
  readonly size: number
  /** The batches from the one that holds this offset on; from the first where the offset lies before it. */
  from(offset: number): readonly TailBatch[]
}

/** Batches at the front that were dropped stay in the array until there are so many. */
const droppedMax = 1_024

/** Makes an empty tail, which holds the arenas of its batches. */
export function makeTail(): Tail {
  let batches: TailBatch[] = []
  let head = 0
  const tail: Tail = {
    push(batch) {
      holdArena(batch.arena)
      batches.push(batch)
    },
    through(group) {
      return batches.slice(
        head,
        firstWhere(batches, head, (batch) => batch.group > group),
      )
    },
    drop(count) {
      for (let index = head; index < head + count; index++) {
        const batch = batches[index]
        if (batch !== undefined) releaseArena(batch.arena)
      }
      head += count
      if (head === batches.length || head > droppedMax) {
        batches = batches.slice(head)
        head = 0
      }
    },
    clear: () => tail.drop(batches.length - head),
    first: () => batches[head],
    get size() {
      return batches.length - head
    },
    from(offset) {
      return batches.slice(firstWhere(batches, head, (batch) => batch.last >= offset))
    },
  }
  return tail
}

/** The first place at or after `from` where a condition holds, which holds for all after it. */
function firstWhere<T>(list: readonly T[], from: number, holds: (item: T) => boolean): number {
  let low = from
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = list[middle]
    if (item !== undefined && holds(item)) high = middle
    else low = middle + 1
  }
  return low
}
