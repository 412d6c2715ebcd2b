import type { ConversationRow, MineView } from './conversations.schema.ts'
import type { List } from './words.ts'

/** Sorts after every time there is: where a list is ordered by a time that may be absent. */
export const farFuture = 8_640_000_000_000_000

/** Where a row stands in its list: compared part by part, smallest first. */
export type SortKey = readonly [number, number, string]

/** Whether an answer of ours is owed now: our turn, and we have not said "later". */
export function owed(row: Pick<ConversationRow, 'status' | 'turn' | 'pause'>): boolean {
  if (row.turn !== 'ours') return false
  return row.status === 'open' || (row.status === 'paused' && row.pause?.side === 'theirs')
}

/** Whether I put it away for myself: snoozed, or archived and nothing was said since. */
export function putAway(
  row: Pick<ConversationRow, 'lastNumber'>,
  mine: MineView | undefined,
): boolean {
  if (mine === undefined) return false
  if (mine.snoozedUntil !== null) return true
  return mine.archivedNumber !== null && row.lastNumber <= mine.archivedNumber
}

/** Whether a list holds this row for whoever has this state of its own. */
export function inList(list: List, row: ConversationRow, mine: MineView | undefined): boolean {
  switch (list) {
    case 'ours':
      return owed(row) && !putAway(row, mine)
    case 'paused':
      return row.status === 'paused' && !putAway(row, mine)
    case 'resolved':
      return row.status === 'resolved'
    case 'all':
      return true
  }
}

/** Where a row stands in a list. `ours`: soonest due first, then the longest waiting. */
export function sortKey(list: List, row: ConversationRow): SortKey {
  switch (list) {
    case 'ours':
      return [row.due ?? farFuture, row.turnSince, row.id]
    case 'paused':
      return [row.pause?.until ?? farFuture, row.pause?.at ?? 0, row.id]
    case 'resolved':
      return [-(row.resolution?.at ?? 0), 0, row.id]
    case 'all':
      return [-row.lastAt, 0, row.id]
  }
}

/** Orders two keys as a list does. */
export function compareKeys(a: SortKey, b: SortKey): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1
  if (a[1] !== b[1]) return a[1] < b[1] ? -1 : 1
  return a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0
}

/** How many messages I have not read. */
export function unread(
  row: Pick<ConversationRow, 'lastNumber'>,
  mine: MineView | undefined,
): number {
  return Math.max(0, row.lastNumber - (mine?.cursor ?? 0))
}
