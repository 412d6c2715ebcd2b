import type { ConversationId } from '@fermata/base/ids'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { standsOnFloor } from '@fermata/contract/floor'
import type { State } from '@fermata/contract/state'

/**
 * The conversations that events have brought, and of which my own state is not known: events carry the
 * row, which all readers share, but not what each of them has read, archived or snoozed; my own post tells
 * no more than that I have read. A conversation that has just been opened has no such state yet.
 */
export function strangers(
  before: State,
  after: State,
  events: readonly AnyEvent[],
): readonly ConversationId[] {
  const brought = new Set<ConversationId>()
  for (const { conversation } of events) {
    if (conversation === null || isKnown(before, conversation)) continue
    if (isKnown(after, conversation)) brought.add(conversation)
  }
  for (const { type, conversation } of events) {
    const isTold = type === 'conversation.opened' || type === 'mine.changed'
    if (isTold && conversation !== null) brought.delete(conversation)
  }
  return [...brought]
}

function isKnown({ rows, floor }: State, id: ConversationId): boolean {
  return rows[id] !== undefined || floor[id] !== undefined
}

/** Whether a conversation stands anywhere on a screen: in a list, or as a thread. */
export function stands(state: State, id: ConversationId): boolean {
  if (state.threads[id] !== undefined || standsOnFloor(state, id)) return true
  return Object.values(state.windows).some((window) => window?.ids.includes(id))
}

/** The state without these conversations, which must stand nowhere. */
export function without(state: State, ids: readonly ConversationId[]): State {
  if (ids.length === 0) return state
  const rows = { ...state.rows }
  const floor = { ...state.floor }
  const mine = { ...state.mine }
  for (const id of ids) {
    delete rows[id]
    delete floor[id]
    delete mine[id]
  }
  return { ...state, rows, floor, mine }
}
