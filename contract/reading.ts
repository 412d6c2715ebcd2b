import type { MineView } from './conversations.schema.ts'

/** Numbers without a gap, both ends included. */
export interface Run {
  readonly from: number
  readonly to: number
}

/**
 * What somebody has read: everything up to the cursor and, after two conversations became one, runs beyond it.
 * The runs stand in order and touch neither each other nor the cursor.
 */
export interface Read {
  readonly cursor: number
  readonly beyond: readonly Run[]
}

/** What my own state says that I have read. */
export function readOf(mine: Pick<MineView, 'cursor' | 'beyond'> | undefined): Read {
  return { cursor: mine?.cursor ?? 0, beyond: mine?.beyond ?? [] }
}

/** The same as runs alone. */
export function runsOf({ cursor, beyond }: Read): readonly Run[] {
  return cursor === 0 ? beyond : [{ from: 1, to: cursor }, ...beyond]
}

/** What was read of all these runs together, in whatever order they come. */
export function readOfRuns(runs: readonly Run[]): Read {
  const joined: Run[] = []
  for (const run of runs.toSorted((a, b) => a.from - b.from)) {
    if (run.to < run.from) continue
    const last = joined.at(-1)
    if (last !== undefined && run.from <= last.to + 1) {
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, run.to) }
    } else joined.push(run)
  }
  const [first, ...rest] = joined
  return first?.from === 1 ? { cursor: first.to, beyond: rest } : { cursor: 0, beyond: joined }
}

/**
 * What is read after somebody said "up to this number". A number before the cursor, or inside of what was
 * read beyond it, marks unread from there on; any other reads on, and takes in what it meets.
 */
export function readUpTo(read: Read, number: number): Read {
  if (number === read.cursor) return read
  const isInside = read.beyond.some(({ from, to }) => from <= number && number < to)
  if (number < read.cursor || isInside) return { cursor: number, beyond: [] }
  return readOfRuns([{ from: 1, to: number }, ...read.beyond])
}

/** The number to say for "I have seen the messages up to here": inside of what was read, its end. */
export function seenUpTo(read: Read, number: number): number {
  return read.beyond.find(({ from, to }) => from <= number && number <= to)?.to ?? number
}

/** How many messages of those up to the last are not read. */
export function unreadOf(read: Read, last: number): number {
  let count = last - read.cursor
  for (const { from, to } of read.beyond) count -= to - from + 1
  return Math.max(0, count)
}

/** The fields of my own state that say what is read: `beyond` only where there is something. */
export function readFields({ cursor, beyond }: Read): Pick<MineView, 'cursor' | 'beyond'> {
  return beyond.length === 0 ? { cursor } : { cursor, beyond: [...beyond] }
}
