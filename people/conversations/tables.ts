import type { Generated } from 'kysely'
import type { MessageKind, Side, Status, Turn, Urgency } from '@fermata/contract/words'

/** A conversation's row. Ids are 16 bytes, times ms, lists JSON text; `*_key` columns carry a list's order. */
export interface ConversationTable {
  id: Uint8Array
  workspace: Uint8Array
  /** Where a conversation with a customer is, and with whom; null among members. */
  inbox: Uint8Array | null
  contact: Uint8Array | null
  /** The channel that it is in, if any. */
  channel: Uint8Array | null
  /** Between whom a direct conversation is: the ids of its members, in order, joined by spaces. */
  direct: string | null
  subject: string
  urgency: Urgency
  labels: string
  status: Status
  turn: Turn
  turn_since: number
  due: number | null
  /** 1 while an answer of ours is owed and we have not said "later": the list `ours`. */
  owed: number
  due_key: number
  /** The two pauses as JSON, null while nobody paused: rarely there, never searched. */
  pauses: string | null
  pause_until_key: number
  pause_at_key: number
  resolved_by: string | null
  resolved_at: number
  last_number: number
  last_at: number
  reply_count: number
  last_reply: number
  last_reply_at: number
  last_reply_side: Side
  /** Who holds its lease, in text form: the lists are found by it. `people/leases` has the lease itself. */
  holder: string | null
  /** What lists show of the lease, as JSON; null while it is free. */
  lease: string | null
  token: number
  created_at: number
}

/** A message's row. `author` is an id in text form, because three kinds of actors write. */
export interface MessageTable {
  conversation: Uint8Array
  number: number
  id: Uint8Array
  workspace: Uint8Array
  kind: MessageKind
  author: string
  author_name: string
  text: string
  at: number
  revision: number
  edited_at: number | null
  deleted_at: number | null
  deleted_by: string | null
  /** How many replies there were with it; as a contact counts. 0 for a note. */
  reply_number: number
  client: Uint8Array
  /** SHA-256 of what was sent with the client id, so that a repeat is told from another message. */
  sent_hash: Uint8Array
  /** The files that it carries, as a JSON list of their views: they never change. Null when there are none. */
  files: string | null
  /** 1 for small talk that woke nobody. */
  small_talk: number
}

/** A former text of a message. */
export interface EditTable {
  conversation: Uint8Array
  number: number
  revision: number
  text: string
  until: number
}

/** Whoever has something of their own in a conversation: part in it, a cursor, put it away. */
export interface ParticipantTable {
  conversation: Uint8Array
  actor: string
  /** When they began to take part; null for somebody who only reads. */
  joined_at: number | null
  cursor: number
  /** What they have read beyond the cursor, as a JSON list of runs; null where there is nothing. */
  beyond: string | null
  archived_number: number | null
  snoozed_until: number | null
}

export interface ConversationTables {
  conversations: ConversationTable
  messages: MessageTable
  message_edits: EditTable
  /** `direct` is 1 for those between whom a direct conversation is: theirs are found by it. */
  participants: ParticipantTable & { direct: Generated<number> }
}
