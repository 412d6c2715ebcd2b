import { bytesOf, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { setTimer } from '../schedule/index.ts'
import type { Piece, Placed, Which } from './moves.layout.ts'
import { sameOwn } from './moves.own.ts'
import {
  deleteOwn,
  placesIn,
  settledEdits,
  settledMessages,
  shiftEdits,
  shiftMessages,
} from './moves.sql.ts'
import type { Spoken } from './moves.state.ts'
import type { ConversationRecord } from './record.ts'
import { emitAbout, type Deed } from './save.ts'
import { putParticipant } from './store.sql.ts'
import type { ParticipantTable } from './tables.ts'

/** A message as far as its place and its side matter. */
export type Said = Placed & Spoken

/** All messages of a conversation in their order, at most one more than may be rearranged. */
export async function saidIn(tx: ReadTx, conversation: Uint8Array): Promise<readonly Said[]> {
  const limit = limits.messagesRearrangedMax + 1
  const rows = await tx.all(placesIn, { conversation, limit })
  return rows.map((row) => ({
    number: row.number,
    reply: row.reply_number,
    at: row.at,
    side: row.reply_number === 0 ? null : row.author.startsWith('ctc_') ? 'theirs' : 'ours',
    isSmallTalk: row.small_talk === 1,
  }))
}

/** The messages of one of the two after the pieces went where they go, numbered on. */
export function saidAfter(
  said: Readonly<Record<Which, readonly Said[]>>,
  pieces: readonly Piece[],
  to: Which,
): readonly Spoken[] {
  const there = pieces
    .filter((piece) => piece.to === to)
    .flatMap((piece) => said[piece.in].slice(piece.first - 1, piece.last))
  return there.map((one, index) => ({ ...one, number: index + 1 }))
}

/** Moves the messages and their former texts to where the pieces go. */
export async function movePieces(
  tx: WriteTx,
  ids: Readonly<Record<Which, Uint8Array>>,
  pieces: readonly Piece[],
): Promise<void> {
  for (const { in: from, first, last, to, at, replies } of pieces) {
    const by = at - first
    const replies_by = replies.at - replies.first
    if (from === to && by === 0) continue
    const shift = { from: ids[from], first, last, to: ids[to], by }
    await tx.run(shiftMessages, { ...shift, replies_by })
    await tx.run(shiftEdits, shift)
  }
  for (const conversation of [ids.source, ids.target]) {
    await tx.run(settledMessages, { conversation })
    await tx.run(settledEdits, { conversation })
  }
}

/** Writes what everybody has of their own in a conversation, in place of what they had, with their timers. */
export async function saveOwns(
  tx: WriteTx,
  at: { readonly workspace: WorkspaceId; readonly conversation: Uint8Array },
  before: readonly ParticipantTable[],
  after: readonly ParticipantTable[],
): Promise<readonly string[]> {
  const { conversation } = at
  const had = new Map(before.map((own) => [own.actor, own]))
  const has = new Map(after.map((own) => [own.actor, own]))
  const changed: string[] = []
  for (const actor of new Set([...had.keys(), ...has.keys()])) {
    const [was = null, is = null] = [had.get(actor), has.get(actor)]
    if (sameOwn(was, is)) continue
    changed.push(actor)
    if (is === null) await tx.run(deleteOwn, { conversation, actor })
    else await tx.run(putParticipant, is)
    if (was?.snoozed_until === is?.snoozed_until) continue
    const until = is?.snoozed_until ?? null
    const timer = { kind: 'snooze', subject: conversation, slot: actor } as const
    await setTimer(tx, { ...timer, workspace: bytesOf(at.workspace), at: until })
  }
  return changed
}

/** Tells each of these that what is their own has changed. */
export function tellOwners(
  tx: WriteTx,
  record: ConversationRecord,
  deed: Deed,
  actors: readonly string[],
): void {
  for (const only of actors) {
    const contacts = only.startsWith('ctc_')
    emitAbout(tx, record, deed, { type: 'mine.changed', body: {}, contacts, only })
  }
}
