import type { MessageKind, ScheduledState, ScheduledStop } from '@fermata/contract/words'

/** A draft's row. Ids are 16 bytes, times ms. */
export interface DraftTable {
  conversation: Uint8Array
  /** Whose it is, in text form; empty for the one that all share. */
  owner: string
  workspace: Uint8Array
  kind: MessageKind
  text: string
  /** The files that are to go with it, as a JSON list of their views. */
  files: string
  version: number
  at: number
  /** Who changed it last, in text form. */
  editor: string
  editor_name: string
  /** The conversation that it was begun in, when that became part of this one; null otherwise. */
  home: Uint8Array | null
}

/** A scheduled message's row. */
export interface ScheduledTable {
  id: Uint8Array
  workspace: Uint8Array
  conversation: Uint8Array
  /** Who is to say it, in text form. */
  sender: string
  /** The id that the message will have of its sender's client. */
  client: Uint8Array
  /** SHA-256 of what was asked with that id. */
  asked_hash: Uint8Array
  kind: MessageKind
  text: string
  files: string
  /** The prepared replies that it was made of, as a JSON list of their ids. */
  prepared: string
  /** When its timer stands, in ms. */
  at: number
  /** How that was said, as JSON; null for a moment. */
  wall: string | null
  /** 1 when it is sent only unless the other side answers first. */
  unless_answered: number
  /** The last message's number when it was scheduled: a later one of the other side is an answer. */
  since: number
  /**
   * An id that was new then: messages of a conversation that was merged or split have other numbers, but no other
   * ids. Null in rows of before there were marks.
   */
  mark: Uint8Array | null
  /** 1 when the conversation was resolved already when it was scheduled. */
  was_resolved: number
  state: ScheduledState
  stopped_why: ScheduledStop | null
  stopped_at: number
  stopped_by: string | null
  stopped_holder: string | null
  message: Uint8Array | null
  version: number
}

export interface DraftsTables {
  drafts: DraftTable
  scheduled: ScheduledTable
}
