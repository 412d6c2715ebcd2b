import { bytesOf } from '@fermata/base/ids'
import type { WriteTx } from '@fermata/storage/port'
import { noPauses } from './conversation.ts'
import type { Mover } from './moves.access.ts'
import { piecesOf, type Order, type Piece, type Which } from './moves.layout.ts'
import { ownTogether, type Lengths } from './moves.own.ts'
import { movePieces, saveOwns, type Said } from './moves.save.ts'
import { deleteConversation } from './moves.sql.ts'
import type { Moment } from './moves.was.ts'
import type { ConversationRecord } from './record.ts'
import { save, saveTimers } from './save.ts'
import type { ParticipantTable } from './tables.ts'

/** Where the messages of two conversations go, and how many there were and are. */
interface Layout {
  readonly to: Which
  readonly ids: Readonly<Record<Which, Uint8Array>>
  readonly pieces: readonly Piece[]
  readonly was: Lengths
  readonly length: number
}

/** What two conversations become that are to be one. */
export interface Carrying {
  /** Which of them stays. */
  readonly to: Which
  readonly order: Order
  /** The messages of both, as they stand before. */
  readonly said: Readonly<Record<Which, readonly Said[]>>
  /** What it is in then. */
  readonly state: ConversationRecord['state']
  readonly by: Mover['id']
  readonly at: number
}

/** What everybody has of their own in two conversations, in the one that all messages go to. */
function ownsTogether({ owns }: Moment, { to, ids, ...layout }: Layout): ParticipantTable[] {
  const actors = new Set([...owns.source, ...owns.target].map(({ actor }) => actor))
  const ownOf = (rows: readonly ParticipantTable[], actor: string) =>
    rows.find((row) => row.actor === actor) ?? null
  return [...actors].flatMap((actor) => {
    const both = { source: ownOf(owns.source, actor), target: ownOf(owns.target, actor) }
    return ownTogether(actor, ids[to], both, { ...layout, to }) ?? []
  })
}

/**
 * Moves everything of one conversation into the other, which is in `state` then, and removes it. Answers the
 * other as it is, and whose own state of it has changed.
 */
export async function carryOver(
  tx: WriteTx,
  both: Readonly<Record<Which, ConversationRecord>>,
  before: Moment,
  { to, order, said, state, by, at }: Carrying,
): Promise<{ readonly record: ConversationRecord; readonly changed: readonly string[] }> {
  const gone = to === 'target' ? 'source' : 'target'
  const ids = { source: bytesOf(both.source.id), target: bytesOf(both.target.id) }
  const pieces = piecesOf(said, order)
  const was = { source: said.source.length, target: said.target.length }
  const length = was.source + was.target
  const owns = ownsTogether(before, { to, ids, pieces, was, length })
  await movePieces(tx, ids, pieces)
  await saveTimers(tx, both[gone], { pauses: noPauses })
  const { workspace } = both[to]
  await saveOwns(tx, { workspace, conversation: ids[gone] }, before.owns[gone], [])
  const changed = await saveOwns(tx, { workspace, conversation: ids[to] }, before.owns[to], owns)
  await tx.run(deleteConversation, { id: ids[gone] })
  const record = await save(tx, both[to], { state, happenings: [] }, { by, at })
  return { record, changed }
}
