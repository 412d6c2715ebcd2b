import type { ConversationId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { MessageBody } from '@fermata/contract/conversations.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { Answer } from '@fermata/contract/routes.schema'
import type { Client } from './client.ts'
import type { Entry, OpenSend } from './outbox.entries.ts'

/** Where entries survive a reload. `memoryStorage` is one that does not. */
export interface OutboxStorage {
  /** Every entry that was saved and not removed, in any order. */
  load(): Promise<readonly Entry[]>
  /** Keeps an entry, instead of a former one with its id. */
  save(entry: Entry): Promise<void>
  /** Forgets an entry; one that is not there is no fault. */
  remove(id: string): Promise<void>
}

/** What the server answers to a send. */
export type Said = Answer<'messages.post'>

/** How one attempt at sending goes; throws ConnectionFailed when it got no answer. */
export type SendEntry = (entry: Entry) => Promise<Result<Said, Refusal>>

/** Hears of an entry that the server has accepted, and where it now is. */
export type Accepted = (entry: Entry, conversation: ConversationId) => void

/** A message to be said; the outbox gives it its client id. */
export type NewPost = Omit<MessageBody, 'client'>

/** A conversation to be opened. */
export type NewOpen = Omit<OpenSend['body'], 'message'> & { readonly message: NewPost }

/** What an outbox needs. */
export interface OutboxOptions {
  readonly client: Client
  readonly storage: OutboxStorage
  /** Instead of `sendBy(client)`: for what must happen before, such as becoming a visitor. */
  readonly send?: SendEntry
  /** The storage failed: what is written now is sent, but would not survive a reload. */
  readonly onStorageFailed?: (error: unknown) => void
}

/** Sends that survive: kept until the server has accepted them, or somebody has discarded them. */
export interface Outbox {
  /** What waits, in the order of sending. The same array until something changes. */
  getState(): readonly Entry[]
  /** Calls after every change; answers what ends that. */
  subscribe(listener: () => void): () => void
  /** Hears of every send that was accepted, before the entry leaves the outbox. */
  onAccepted(listener: Accepted): () => void
  /** Opens a conversation. Refused only when the outbox is full. */
  open(body: NewOpen): Result<Entry, Refusal>
  /** Says something in a conversation, or in one that an entry of this outbox is about to open. */
  post(to: string, body: NewPost): Result<Entry, Refusal>
  /** Tries a refused entry again. */
  retry(id: string): void
  /** Gives an entry up, together with what waits for the conversation it would open. */
  discard(id: string): void
  /** The feed has shown a message: if it is one of ours, it has arrived. */
  confirm(client: string, conversation: ConversationId): void
  /** The conversation that an open made, once it is accepted. */
  conversationOf(opening: string): ConversationId | null
  /** The network may be back: tries everything at once. */
  wake(): void
  /** Sends nothing more; what is kept is kept. */
  stop(): void
  /** Resolves when what a former run left has been read. */
  readonly loaded: Promise<void>
}
