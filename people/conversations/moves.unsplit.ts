import { assert } from '@fermata/base/assert'
import type { AnswerMinutes } from '@fermata/contract/places.schema'
import { carryOver } from './moves.carry.ts'
import { piecesOf, whole, type Stretch } from './moves.layout.ts'
import { momentOf, type Both } from './moves.note.ts'
import { sameOwn } from './moves.own.ts'
import { saidAfter, saidIn, saveOwns, tellOwners } from './moves.save.ts'
import { insertRedirect, ownRowsIn } from './moves.sql.ts'
import { tallyOf, united } from './moves.state.ts'
import type { Undoing } from './moves.undo.ts'
import { recordIn, type Moment, type Was } from './moves.was.ts'
import type { Conversation } from './conversation.ts'
import type { ConversationRecord } from './record.ts'
import type { ParticipantTable } from './tables.ts'

/** Whether nobody has done anything to either part, but for who holds it. */
function isUntouched({ after }: Was, both: Both): boolean {
  const bare = (state: Conversation) => JSON.stringify({ ...state, lease: null, token: 0 })
  return (['source', 'target'] as const).every(
    (which) => bare(recordIn(after, which).state) === bare(both[which].state),
  )
}

/** The order in which everything stands that is at home again; what was said since comes last. */
function homeward(was: Was, both: Both): readonly Stretch[] {
  const { lastNumber: length } = recordIn(was.before, 'source').state
  const order: Stretch[] = []
  let [next, kept, back] = [1, 1, 1]
  const keep = (count: number): void => {
    if (count > 0) order.push({ in: 'source', first: kept, last: kept + count - 1 })
    kept += count
  }
  for (const { first, last } of was.went) {
    keep(first - next)
    const count = last - first + 1
    order.push({ in: 'target', first: back, last: back + count - 1 })
    back += count
    next = last + 1
  }
  keep(length - next + 1)
  assert(kept + back === length + 2, 'all that was split comes home')
  const { source, target } = both
  return [
    ...order,
    ...whole('source', source.state.lastNumber, kept),
    ...whole('target', target.state.lastNumber, back),
  ]
}

/** What somebody had before a split, if they have the same in both parts as right after it. */
function formerOwn({ before, after }: Was, now: Moment, actor: string): ParticipantTable | null {
  const own = (rows: readonly ParticipantTable[]) => rows.find((one) => one.actor === actor) ?? null
  const isSame = (['source', 'target'] as const).every((which) =>
    sameOwn(own(after.owns[which]), own(now.owns[which])),
  )
  return isSame ? own(before.owns.source) : null
}

/** Brings home what was split off, and behind it what was said there since. Answers the conversation. */
export async function unsplit(
  { tx, was, at, by, row }: Undoing,
  both: Both,
  answer: AnswerMinutes,
): Promise<ConversationRecord> {
  const ids = { source: row.source, target: row.target }
  const now = await momentOf(tx, ids)
  const order = { source: homeward(was, both), target: [] }
  const said = { source: await saidIn(tx, ids.source), target: await saidIn(tx, ids.target) }
  const { lastReply } = tallyOf(saidAfter(said, piecesOf(said, order), 'source'))
  const { lease, token } = both.source.state
  const isAsItWas = isUntouched(was, both)
  const state: Conversation = isAsItWas
    ? { ...recordIn(was.before, 'source').state, lease, token }
    : { ...united(both.source.state, both.target.state, answer), lastReply }
  const carrying = { to: 'source', order, said, state, by: by.caller.id, at } as const
  const { record, changed } = await carryOver(tx, both, now, carrying)
  const { workspace } = record
  const told = new Set(changed)
  if (isAsItWas) {
    // Whoever has done nothing since has exactly what they had.
    const owns = await tx.all(ownRowsIn, { conversation: ids.source })
    const known = new Map(owns.map((own) => [own.actor, own]))
    // Among them those who had put it away and read nothing: in neither part anything was left of that.
    const all = new Set([...known.keys(), ...was.before.owns.source.map(({ actor }) => actor)])
    const former = [...all].flatMap((one) => formerOwn(was, now, one) ?? known.get(one) ?? [])
    const again = await saveOwns(tx, { workspace, conversation: ids.source }, owns, former)
    for (const one of again) told.add(one)
  }
  const { id: move, workspace: of, source, target } = row
  await tx.run(insertRedirect, { id: target, workspace: of, target: source, move })
  tellOwners(tx, record, { by: by.caller.id, at }, [...told])
  return record
}
