import type { ConversationRow, MineView } from './conversations.schema.ts'
import type { InboxId, TeamId } from '@fermata/base/ids'
import type { InboxView } from './places.schema.ts'
import { readOf, unreadOf } from './reading.ts'
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

/** Who looks at lists, as far as it matters for what they hold. */
export interface Looker {
  /** `mbr_…`, `ctc_…` or `app_…`. */
  readonly me: string
  /** Whether what nobody holds in an inbox is this looker's to do. */
  serves(inbox: InboxId): boolean
}

/**
 * Whether what lies in an inbox is somebody's to do: that of a team is its members', that of no team
 * everybody's who sees it, and an app works wherever it is let in.
 */
export function servesInbox(
  me: string,
  inbox: Pick<InboxView, 'team'>,
  isInTeam: (team: TeamId) => boolean,
): boolean {
  return inbox.team === null || me.startsWith('app_') || isInTeam(inbox.team)
}

/**
 * Whether it is my turn: an answer of ours is owed, and I hold the lease, or nobody does and it is the work
 * of a team of mine.
 */
export function isMyTurn(row: ConversationRow, looker: Looker): boolean {
  if (!owed(row)) return false
  return row.lease === null ? looker.serves(row.inbox) : row.lease.holder.id === looker.me
}

/** Whether a list holds this row for whoever looks and has this state of its own. */
export function inList(
  list: List,
  row: ConversationRow,
  mine: MineView | undefined,
  looker: Looker,
): boolean {
  switch (list) {
    case 'myTurn':
      return isMyTurn(row, looker) && !putAway(row, mine)
    case 'free':
      return owed(row) && row.lease === null && !putAway(row, mine)
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

/** Where a row stands in a list. What is owed: soonest due first, then the longest waiting. */
export function sortKey(list: List, row: ConversationRow): SortKey {
  switch (list) {
    case 'myTurn':
    case 'free':
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
  return unreadOf(readOf(mine), row.lastNumber)
}
