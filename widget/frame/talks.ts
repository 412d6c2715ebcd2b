import type { ConversationId } from '@fermata/base/ids'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { unread } from '@fermata/contract/lists'
import { windowName, type State } from '@fermata/contract/state'
import type { Model, Pending } from '@fermata/sdk/store'
import { everything } from './live.ts'

/**
 * A conversation as the frame knows it. Its lane is the conversation's id or, as long as the server
 * has not made it, the client id of the message that opens it.
 */
export interface Talk {
  readonly lane: string
  readonly row: ConversationRow | null
  readonly pending: readonly Pending[]
  readonly unread: number
}

/** Whether a lane is a conversation that exists. */
export function isConversation(lane: string): lane is ConversationId {
  return lane.startsWith('cnv_')
}

/** Everything that was said or is about to be, the latest first. */
export function talksIn(model: Pick<Model, 'state' | 'pending'>): readonly Talk[] {
  const known = idsIn(model.state).flatMap((id) => talkOf(model, id) ?? [])
  const opening = Object.keys(model.pending)
    .filter((lane) => !isConversation(lane) && (model.pending[lane]?.length ?? 0) > 0)
    .flatMap((lane) => talkOf(model, lane) ?? [])
  return [...opening.toReversed(), ...known]
}

function idsIn(state: State): readonly ConversationId[] {
  return state.windows[windowName(everything)]?.ids ?? []
}

/** One of them, or null when nothing is known of it. */
export function talkOf(model: Pick<Model, 'state' | 'pending'>, lane: string): Talk | null {
  const row = isConversation(lane) ? (model.state.rows[lane] ?? null) : null
  const pending = model.pending[lane] ?? []
  if (row === null && pending.length === 0) return null
  const mine = isConversation(lane) ? model.state.mine[lane] : undefined
  return { lane, row, pending, unread: row === null ? 0 : unread(row, mine) }
}

/** Whether it goes on: neither side has closed it. */
export function isLive(talk: Talk): boolean {
  return talk.row === null || talk.row.status !== 'resolved'
}

/** The text of a pending message. */
export function textOf({ entry }: Pending): string {
  return entry.send.kind === 'open' ? entry.send.body.message.text : entry.send.body.text
}

/** How many files a pending message carries. */
export function filesOf({ entry }: Pending): number {
  const message = entry.send.kind === 'open' ? entry.send.body.message : entry.send.body
  return message.files?.length ?? 0
}
