import type { MoveKind } from '@fermata/contract/words'
import type { ConversationTables } from './tables.ts'

/** A merge or a split. Ids are 16 bytes, times ms. */
export interface MoveTable {
  id: Uint8Array
  workspace: Uint8Array
  kind: MoveKind
  /** Higher than that of every move before it that its conversations had part in, however clocks are set. */
  nth: number
  source: Uint8Array
  target: Uint8Array
  messages: number
  /** Who did it, in text form. */
  by_id: string
  at: number
  /** The id that its client gave it, and the hash of what was asked; null for a merge. */
  client: Uint8Array | null
  sent_hash: Uint8Array | null
  /** All that there was before and right after, as JSON: what undoing it needs. */
  was: string
  undone_by: string | null
  undone_at: number | null
}

/** Where a conversation is found that became part of another. */
export interface RedirectTable {
  id: Uint8Array
  workspace: Uint8Array
  target: Uint8Array
  move: Uint8Array
}

export interface MovesTables extends ConversationTables {
  conversation_moves: MoveTable
  conversation_redirects: RedirectTable
}
