import { readOfRuns, runsOf, type Run } from '@fermata/contract/reading'
import { readAfter, type Piece, type Which } from './moves.layout.ts'
import { readOfRow, readColumns } from './reading.ts'
import type { ParticipantTable } from './tables.ts'

/** What somebody has of their own in each of two conversations; nothing where they have no row. */
export type Owns = Readonly<Record<Which, ParticipantTable | null>>

/** How many messages each of the two has. */
export type Lengths = Readonly<Record<Which, number>>

/** Whether somebody put a conversation of this length away. */
function isAway(own: ParticipantTable | null, length: number): own is ParticipantTable {
  if (own === null) return false
  if (own.snoozed_until !== null) return true
  return own.archived_number !== null && length <= own.archived_number
}

function runsIn(own: ParticipantTable | null): readonly Run[] {
  return own === null ? [] : runsOf(readOfRow(own))
}

/** What of one of the two somebody has read after the pieces went where they go. */
function readIn(
  owns: Owns,
  pieces: readonly Piece[],
  to: Which,
  actor: string,
): Pick<ParticipantTable, 'cursor' | 'beyond'> {
  // A contact counts replies only.
  const as = actor.startsWith('ctc_') ? 'replies' : 'messages'
  const read = { source: runsIn(owns.source), target: runsIn(owns.target) }
  return readColumns(readOfRuns(readAfter(pieces, read, to, as)))
}

function isNothing(own: ParticipantTable): boolean {
  const { joined_at, cursor, beyond, archived_number, snoozed_until } = own
  return (
    joined_at === null &&
    cursor === 0 &&
    beyond === null &&
    archived_number === null &&
    snoozed_until === null
  )
}

function earlier(a: number | null | undefined, b: number | null | undefined): number | null {
  const times = [a, b].filter((time) => typeof time === 'number')
  return times.length === 0 ? null : Math.min(...times)
}

/** How somebody put away what is one now: only what they had put away in both halves. */
function awayTogether(
  { source, target }: Owns,
  was: Lengths,
  length: number,
): Pick<ParticipantTable, 'archived_number' | 'snoozed_until'> {
  if (!isAway(source, was.source) || !isAway(target, was.target)) {
    return { archived_number: null, snoozed_until: null }
  }
  const snoozed_until = earlier(source.snoozed_until, target.snoozed_until)
  return { snoozed_until, archived_number: snoozed_until === null ? length : null }
}

/** What somebody has of their own in a conversation that all pieces went to. */
export function ownTogether(
  actor: string,
  conversation: Uint8Array,
  owns: Owns,
  {
    pieces,
    was,
    to,
    length,
  }: {
    readonly pieces: readonly Piece[]
    readonly was: Lengths
    readonly to: Which
    readonly length: number
  },
): ParticipantTable | null {
  const own: ParticipantTable = {
    conversation,
    actor,
    joined_at: earlier(owns.source?.joined_at, owns.target?.joined_at),
    ...readIn(owns, pieces, to, actor),
    ...awayTogether(owns, was, length),
  }
  return isNothing(own) ? null : own
}

/** What somebody has of their own in one part of what was one conversation, the source. */
export function ownInPart(
  actor: string,
  conversation: Uint8Array,
  own: ParticipantTable,
  {
    pieces,
    was,
    to,
    length,
  }: {
    readonly pieces: readonly Piece[]
    readonly was: number
    readonly to: Which
    readonly length: number
  },
): ParticipantTable | null {
  const away = isAway(own, was)
  const archived = away && own.snoozed_until === null
  const part: ParticipantTable = {
    conversation,
    actor,
    joined_at: own.joined_at,
    ...readIn({ source: own, target: null }, pieces, to, actor),
    archived_number: archived ? length : null,
    snoozed_until: away ? own.snoozed_until : null,
  }
  return isNothing(part) ? null : part
}

/** The same of the same conversation, apart from what says where it is. */
export function sameOwn(a: ParticipantTable | null, b: ParticipantTable | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a.cursor === b.cursor &&
    a.beyond === b.beyond &&
    a.archived_number === b.archived_number &&
    a.snoozed_until === b.snoozed_until &&
    a.joined_at === b.joined_at
  )
}

/**
 * What somebody has in the two when a merge is taken back: exactly what they had, where they have done
 * nothing since. Otherwise what they read is what they have read, and what they put away is put away in the
 * target; the source is as it was.
 */
export function ownApart(
  actor: string,
  ids: Readonly<Record<Which, Uint8Array>>,
  own: {
    readonly before: Owns
    readonly after: ParticipantTable | null
    readonly now: ParticipantTable | null
  },
  {
    pieces,
    was,
    length,
  }: { readonly pieces: readonly Piece[]; readonly was: number; readonly length: number },
): Owns {
  const { before, after, now } = own
  if (sameOwn(after, now)) return before
  const owns = { source: null, target: now }
  const source: ParticipantTable = {
    conversation: ids.source,
    actor,
    joined_at: before.source?.joined_at ?? null,
    ...readIn(owns, pieces, 'source', actor),
    archived_number: before.source?.archived_number ?? null,
    snoozed_until: before.source?.snoozed_until ?? null,
  }
  const isArchived = isAway(now, was) && now.snoozed_until === null
  const target: ParticipantTable = {
    conversation: ids.target,
    actor,
    joined_at:
      now?.joined_at === after?.joined_at
        ? (before.target?.joined_at ?? null)
        : (now?.joined_at ?? null),
    ...readIn(owns, pieces, 'target', actor),
    archived_number: isArchived ? length : null,
    snoozed_until: now?.snoozed_until ?? null,
  }
  return {
    source: isNothing(source) ? null : source,
    target: isNothing(target) ? null : target,
  }
}
