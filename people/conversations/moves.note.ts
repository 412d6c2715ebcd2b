import type { Clock } from '@fermata/base/clock'
import { bytesOf, uuidBytes, type Ids } from '@fermata/base/ids'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { EventBody } from '@fermata/contract/events.schema'
import type { moveEvents, MoveView } from '@fermata/contract/moves.schema'
import type { MoveKind } from '@fermata/contract/words'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { record as auditRecord, type By } from '../audit/index.ts'
import { previewOf } from './lookups.ts'
import { moveView, type Mover } from './moves.access.ts'
import type { Which } from './moves.layout.ts'
import { insertMove, insertRedirect, lastMoves, ownRowsIn } from './moves.sql.ts'
import type { MoveTable } from './moves.tables.ts'
import { wasText, type Moment, type Was } from './moves.was.ts'
import type { ConversationRecord } from './record.ts'
import { emitAbout, type Deed } from './save.ts'
import { conversationById } from './store.sql.ts'
import { rowView } from './views.ts'

/** What moves are built from. */
export interface MovesDeps {
  readonly clock: Clock
  readonly ids: Ids
  /** What belongs to a conversation in rooms downstream follows it into another, in the same transaction. */
  readonly onJoined: (tx: WriteTx, joined: Joined) => Promise<void>
  /** And comes back with it. */
  readonly onParted: (tx: WriteTx, joined: Joined) => Promise<void>
}

/** A conversation that became part of another, or that is itself again. */
export interface Joined {
  readonly from: ConversationRecord['id']
  readonly to: ConversationRecord['id']
  readonly inboxes: Readonly<Record<'from' | 'to', ConversationRecord['inbox']>>
  readonly by: Mover['id']
  readonly at: number
}

/** Two conversations of which one became part of the other, or no longer is. */
export function joinedOf(
  from: ConversationRecord,
  to: ConversationRecord,
  deed: Pick<Joined, 'by' | 'at'>,
): Joined {
  return { from: from.id, to: to.id, inboxes: { from: from.inbox, to: to.inbox }, ...deed }
}

/** Both conversations of a move. */
export type Both = Readonly<Record<Which, ConversationRecord>>

/** A conversation as our side sees it. */
export async function rowOf(tx: ReadTx, record: ConversationRecord): Promise<ConversationRow> {
  return rowView(record, await previewOf(tx, record, 'ours'), 'ours')
}

/** What both have at this moment, for whoever takes the move back one day. */
export async function momentOf(
  tx: ReadTx,
  ids: Readonly<Record<Which, Uint8Array>>,
): Promise<Moment> {
  const row = async (id: Uint8Array) => (await tx.get(conversationById, { id })) ?? null
  const owns = (conversation: Uint8Array) => tx.all(ownRowsIn, { conversation })
  return {
    rows: { source: await row(ids.source), target: await row(ids.target) },
    owns: { source: await owns(ids.source), target: await owns(ids.target) },
  }
}

/** What was done, for its record. */
export interface Noted extends Pick<Was, 'before' | 'lease' | 'went'> {
  readonly kind: MoveKind
  readonly both: Both
  readonly ids: Readonly<Record<Which, Uint8Array>>
  readonly messages: number
  readonly client: string | null
  readonly sentHash: Uint8Array | null
}

const told = { merge: 'conversation.merged', split: 'conversation.split' } as const

/** Keeps what a move was, in its transaction, and tells of it. */
export async function noteMove(
  tx: WriteTx,
  deps: MovesDeps,
  by: By<Mover>,
  at: number,
  noted: Noted,
): Promise<MoveView> {
  const { kind, both, ids, messages, before, lease, went, client } = noted
  const { id: by_id, workspace } = by.caller
  const id = deps.ids.next('mov')
  const former = [
    ...(await tx.all(lastMoves, { conversation: ids.source })),
    ...(await tx.all(lastMoves, { conversation: ids.target })),
  ]
  const row: Omit<MoveTable, 'undone_by' | 'undone_at'> = {
    ...{ id: bytesOf(id), workspace: bytesOf(workspace), kind, messages, by_id, at },
    ...{ source: ids.source, target: ids.target },
    nth: 1 + Math.max(...former.map(({ nth }) => nth ?? 0)),
    client: client === null ? null : uuidBytes(client),
    sent_hash: noted.sentHash,
    was: wasText({ before, after: await momentOf(tx, ids), lease, went }),
  }
  await tx.run(insertMove, row)
  if (kind === 'merge') {
    const { workspace: of, target } = row
    await tx.run(insertRedirect, { id: ids.source, workspace: of, target, move: row.id })
  }
  tellBoth(tx, both, { by: by_id, at }, (other, role) => ({
    type: told[kind],
    body: { move: id, other, role, messages },
  }))
  await auditRecord(tx, deps.ids, by, {
    ...{ workspace, at, action: told[kind], target: both.source.id },
    targetName: both.source.state.subject,
    changes: [{ field: 'into', from: '', to: both.target.id }],
  })
  return moveView({ ...row, undone_by: null, undone_at: null })
}

/** An event of a move, but for who hears it. */
type MoveEvent = {
  [T in keyof typeof moveEvents]: { readonly type: T; readonly body: EventBody<T> }
}[keyof typeof moveEvents]

/** Tells both conversations, and their contact, what became of their messages. */
export function tellBoth(
  tx: WriteTx,
  both: Both,
  deed: Deed,
  event: (other: ConversationRecord['id'], role: Which) => MoveEvent,
): void {
  for (const role of ['source', 'target'] as const) {
    const other = both[role === 'source' ? 'target' : 'source'].id
    emitAbout(tx, both[role], deed, { ...event(other, role), contacts: true })
  }
}
