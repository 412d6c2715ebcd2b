import { hash } from 'node:crypto'
import { bytesOf, idText, uuidBytes, type ConversationId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { MoveView, SplitBody } from '@fermata/contract/moves.schema'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import type { By } from '../audit/index.ts'
import { accessConversation } from './access.ts'
import { conflict, heldByOther, moveView, tooLarge, type Mover } from './moves.access.ts'
import { piecesOf, stretchesOf, type Piece, type Which } from './moves.layout.ts'
import { momentOf, noteMove, rowOf, type MovesDeps } from './moves.note.ts'
import { ownInPart } from './moves.own.ts'
import { movePieces, saidAfter, saidIn, saveOwns, tellOwners, type Said } from './moves.save.ts'
import { moveByClient } from './moves.sql.ts'
import { parted } from './moves.state.ts'
import type { MoveTable } from './moves.tables.ts'
import { rowOfRecord, type ConversationRecord } from './record.ts'
import { save } from './save.ts'
import { insertConversation, messageById } from './store.sql.ts'
import type { ParticipantTable } from './tables.ts'

/** What whoever split is told: the new conversation, and what is left of the old one. */
export interface Split {
  readonly conversation: ConversationRow
  readonly rest: ConversationRow
  readonly move: MoveView
}

function hashOf(source: ConversationId, { subject, from, messages }: SplitBody): Uint8Array {
  const asked = JSON.stringify([source, subject, from ?? null, messages ?? null])
  return hash('sha256', asked, 'buffer')
}

function wrong(field: string, message: string): { ok: false; refusal: Refusal } {
  return refused(refusal('invalid_field', { field, message }))
}

/** Answers a repeat with what the first one made, as it is now. */
async function repeated(
  tx: ReadTx,
  caller: Mover,
  first: MoveTable,
  sentHash: Uint8Array,
): Promise<Result<Split, Refusal>> {
  if (first.sent_hash === null || Buffer.compare(first.sent_hash, sentHash) !== 0) {
    return refused(refusal('repeated_differently', { field: 'body.client' }))
  }
  const target = await accessConversation(tx, caller, idText('cnv', first.target))
  if (!target.ok) return target
  const source = await accessConversation(tx, caller, idText('cnv', first.source))
  if (!source.ok) return source
  return ok({
    conversation: await rowOf(tx, target.value.record),
    rest: await rowOf(tx, source.value.record),
    move: moveView(first),
  })
}

/** The numbers of the messages that are to go. */
async function chosen(
  tx: ReadTx,
  { id, state }: ConversationRecord,
  { from, messages }: SplitBody,
): Promise<Result<ReadonlySet<number>, Refusal>> {
  if ((from === undefined) === (messages === undefined)) {
    return wrong('body.from', 'Say from which message on, or which messages.')
  }
  const numbers = new Set<number>()
  for (const message of messages ?? (from === undefined ? [] : [from])) {
    const row = await tx.get(messageById, { id: bytesOf(message) })
    if (row === undefined || idText('cnv', row.conversation) !== id) {
      const field = from === undefined ? 'body.messages' : 'body.from'
      return wrong(field, 'There is no such message in this conversation.')
    }
    numbers.add(row.number)
  }
  if (messages !== undefined) return ok(numbers)
  const [first = 1] = numbers
  return ok(new Set(Array.from({ length: state.lastNumber - first + 1 }, (_, i) => first + i)))
}

/** A conversation begins with a reply, or its contact would be shown an empty one: so do both parts. */
function whyNot(said: readonly Said[], numbers: ReadonlySet<number>): Refusal | null {
  const replies = said.filter(({ reply }) => reply > 0)
  const going = replies.filter(({ number }) => numbers.has(number)).length
  if (going > 0 && going < replies.length) return null
  const message =
    going === 0
      ? 'A conversation needs a reply; notes alone cannot be split off.'
      : 'A reply must be left in the old conversation.'
  return refusal('conflict', { message })
}

interface Parts {
  readonly both: Readonly<Record<Which, ConversationRecord>>
  readonly owns: readonly ParticipantTable[]
  readonly pieces: readonly Piece[]
  readonly at: number
  readonly by: Mover['id']
}

/** Writes the two parts; answers whose own state of either has changed. */
async function savePart(
  tx: WriteTx,
  to: Which,
  { both, owns, pieces, at, by }: Parts,
  { state, was }: { readonly state: ConversationRecord['state']; readonly was: number },
): Promise<ConversationRecord> {
  const record = both[to]
  const conversation = bytesOf(record.id)
  const { workspace } = record
  const layout = { pieces, was, to, length: state.lastNumber }
  const after = owns.flatMap((own) => ownInPart(own.actor, conversation, own, layout) ?? [])
  const before = to === 'source' ? owns : []
  const changed = await saveOwns(tx, { workspace, conversation }, before, after)
  const saved =
    to === 'source' ? await save(tx, record, { state, happenings: [] }, { by, at }) : record
  tellOwners(tx, saved, { by, at }, changed)
  return saved
}

/** Splits messages off a conversation, in a transaction. */
export async function splitOff(
  tx: WriteTx,
  deps: MovesDeps,
  by: By<Mover>,
  id: ConversationId,
  asked: SplitBody,
): Promise<Result<Split, Refusal>> {
  const { caller } = by
  const sentHash = hashOf(id, asked)
  const client = uuidBytes(asked.client)
  const first = await tx.get(moveByClient, { by_id: caller.id, client })
  if (first !== undefined) return repeated(tx, caller, first, sentHash)
  const accessed = await accessConversation(tx, caller, id, 'toChange')
  if (!accessed.ok) return accessed
  const { record, inbox } = accessed.value
  const at = deps.clock.now()
  const numbers = await chosen(tx, record, asked)
  if (!numbers.ok) return numbers
  const not = heldByOther(caller, record, at) ?? tooLarge(record.state.lastNumber)
  if (not !== null) return refused(not)
  const ids = { source: bytesOf(record.id), target: bytesOf(deps.ids.next('cnv')) }
  const said = { source: await saidIn(tx, ids.source), target: [] }
  const empty = whyNot(said.source, numbers.value)
  if (empty !== null) return conflict(empty.message)

  const before = await momentOf(tx, ids)
  const was = said.source.length
  const went = stretchesOf('source', was, (number) => numbers.value.has(number))
  const stays = stretchesOf('source', was, (number) => !numbers.value.has(number))
  const pieces = piecesOf(said, { source: stays, target: went })
  const spoken = (to: Which) => saidAfter(said, pieces, to)
  const { subject } = asked
  const promised = { subject, answer: inbox.answerMinutes }
  const states = parted(record.state, spoken('source'), spoken('target'), promised)
  const made: ConversationRecord = {
    ...{ ...record, id: idText('cnv', ids.target), createdAt: at, state: states.goes },
  }
  await tx.run(insertConversation, rowOfRecord(made))
  await movePieces(tx, ids, pieces)
  const parts = {
    both: { source: record, target: made },
    owns: before.owns.source,
    pieces,
    at,
    by: caller.id,
  }
  const source = await savePart(tx, 'source', parts, { state: states.stays, was })
  const target = await savePart(tx, 'target', parts, { state: states.goes, was })
  const move = await noteMove(tx, deps, by, at, {
    ...{ kind: 'split', both: { source, target }, ids, messages: numbers.value.size },
    ...{ before, lease: null, went, client: asked.client, sentHash },
  })
  return ok({ conversation: await rowOf(tx, target), rest: await rowOf(tx, source), move })
}
