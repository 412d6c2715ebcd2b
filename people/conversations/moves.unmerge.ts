import { bytesOf, type ContactId } from '@fermata/base/ids'
import { resumeLease } from '../leases/index.ts'
import { noPauses } from './conversation.ts'
import { answerer } from './lease.actions.ts'
import type { Mover } from './moves.access.ts'
import { piecesOf, whole, type Stretch, type Which } from './moves.layout.ts'
import type { Both } from './moves.note.ts'
import { ownApart } from './moves.own.ts'
import { movePieces, saidAfter, saidIn, saveOwns, tellOwners } from './moves.save.ts'
import { deleteRedirect, ownRowsIn } from './moves.sql.ts'
import { takenBack } from './moves.state.ts'
import type { Undoing } from './moves.undo.ts'
import { recordIn } from './moves.was.ts'
import { rowOfRecord, type ConversationRecord } from './record.ts'
import { save, saveTimers } from './save.ts'
import { insertConversation } from './store.sql.ts'
import type { ParticipantTable } from './tables.ts'

/**
 * The source as it was before it was merged, with whom the target is now. A pause whose time has come since
 * is ended by its timer.
 */
async function formerSource(
  { tx, was, at }: Undoing,
  target: ConversationRecord,
): Promise<ConversationRecord> {
  const former = { ...recordIn(was.before, 'source'), contact: target.contact }
  const state = { ...former.state, lease: null }
  const free = { ...former, state }
  const holder = was.lease?.holder ?? null
  if (was.lease === null || holder === null || former.state.lease === null) return free
  if ((await answerer(tx, free, holder as Mover['id'])) === null) return free
  const place = { workspace: former.workspace, subject: bytesOf(former.id) }
  const isResumed = await resumeLease(tx, place, was.lease, at)
  return isResumed ? { ...free, state: { ...state, lease: former.state.lease } } : free
}

/** Rows by whose they are; the contact may have turned out to be another meanwhile. */
function byActor(
  rows: readonly ParticipantTable[],
  from: ContactId,
  to: ContactId,
): ReadonlyMap<string, ParticipantTable> {
  const named = rows.map((own) => (own.actor === from ? { ...own, actor: to } : own))
  return new Map(named.map((own) => [own.actor, own]))
}

/** What everybody has of their own in the two again. */
function ownsApart(
  { was }: Undoing,
  now: readonly ParticipantTable[],
  contact: ContactId,
  layout: Parameters<typeof ownApart>[3] & { readonly ids: Readonly<Record<Which, Uint8Array>> },
): Record<Which, ParticipantTable[]> {
  const { contact: former } = recordIn(was.before, 'target')
  const { source: inSource, target: inTarget } = was.before.owns
  const source = byActor(inSource, former, contact)
  const target = byActor(inTarget, former, contact)
  const after = byActor(was.after.owns.target, former, contact)
  const known = byActor(now, former, contact)
  const apart: Record<Which, ParticipantTable[]> = { source: [], target: [] }
  for (const actor of new Set([...source.keys(), ...target.keys(), ...known.keys()])) {
    const before = { source: source.get(actor) ?? null, target: target.get(actor) ?? null }
    const own = { before, after: after.get(actor) ?? null, now: known.get(actor) ?? null }
    const both = ownApart(actor, layout.ids, own, layout)
    if (both.source !== null) apart.source.push(both.source)
    if (both.target !== null) apart.target.push(both.target)
  }
  return apart
}

/** Takes a merge apart: what came goes back, what was said since stays where it was said. */
export async function unmerge(doing: Undoing, record: ConversationRecord): Promise<Both> {
  const { tx, was, at, by, row } = doing
  const ids = { source: row.source, target: row.target }
  const before = recordIn(was.before, 'target').state
  const said = { source: [], target: await saidIn(tx, ids.target) }
  const length = said.target.length
  const first = before.lastNumber + 1
  const came: Stretch = { in: 'target', first, last: before.lastNumber + row.messages }
  const stays = [...whole('target', before.lastNumber), ...whole('target', length, came.last + 1)]
  const pieces = piecesOf(said, { source: [came], target: stays })
  const source = await formerSource(doing, record)
  const course = { before, after: recordIn(was.after, 'target').state, now: record.state }
  const state = takenBack(course, saidAfter(said, pieces, 'target'))
  const now = await tx.all(ownRowsIn, { conversation: ids.target })
  const layout = { pieces, was: length, length: state.lastNumber, ids }
  const owns = ownsApart(doing, now, record.contact, layout)

  await tx.run(deleteRedirect, { id: ids.source })
  await tx.run(insertConversation, rowOfRecord(source))
  await saveTimers(tx, { ...source, state: { ...source.state, pauses: noPauses } }, source.state)
  await movePieces(tx, ids, pieces)
  const { workspace } = record
  const back = await saveOwns(tx, { workspace, conversation: ids.source }, [], owns.source)
  const changed = await saveOwns(tx, { workspace, conversation: ids.target }, now, owns.target)
  const deed = { by: by.caller.id, at }
  const target = await save(tx, record, { state, happenings: [] }, deed)
  tellOwners(tx, source, deed, back)
  tellOwners(tx, target, deed, changed)
  return { source, target }
}
