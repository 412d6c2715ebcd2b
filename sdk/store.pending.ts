import type { ConversationId } from '@fermata/base/ids'
import { whereIs, type State } from '@fermata/contract/state'
import { laneOf, type Entry } from './outbox.entries.ts'
import type { Pending } from './store.model.ts'

/** An entry that the server has accepted, and that the feed has not shown yet. */
export interface Settling {
  readonly entry: Entry
  readonly conversation: ConversationId
  /** When it is no longer shown although no thread has it, in monotonic milliseconds. */
  readonly until: number
}

/** Whether the message is still to be shown below the thread. */
function isMissing(state: State, { entry, conversation }: Settling): boolean {
  const messages = state.threads[conversation]?.messages ?? []
  return !messages.some((message) => message.client === entry.id)
}

/** Those of the accepted entries that no thread shows yet. */
export function stillSettling(
  state: State,
  settling: readonly Settling[],
  nowMs: number,
): readonly Settling[] {
  const left = settling.filter((one) => one.until > nowMs && isMissing(state, one))
  return left.length === settling.length ? settling : left
}

/**
 * What to show below each thread: what was accepted first, then what waits, in order. What was written in a
 * conversation that became part of another is shown there.
 */
export function pendingOf(
  entries: readonly Entry[],
  settling: readonly Settling[],
  moved: State['moved'] = {},
): Readonly<Partial<Record<string, readonly Pending[]>>> {
  const lanes: Record<string, Pending[]> = {}
  const put = (to: string, pending: Pending): void => {
    const lane = whereIs({ moved }, to as ConversationId)
    const known = lanes[lane] ?? []
    lanes[lane] = [...known, pending]
  }
  for (const { entry, conversation } of settling) put(conversation, { entry, state: 'sent' })
  for (const entry of entries) put(laneOf(entry), { entry, state: entry.state })
  return lanes
}
