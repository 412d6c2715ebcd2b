import type { ChannelId, ConversationId, InboxId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { MeView } from '@fermata/contract/accounts.schema'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { Presence } from '@fermata/contract/events.schema'
import type { Answer } from '@fermata/contract/routes.schema'
import type { FloorKey, State, WindowKey } from '@fermata/contract/state'
import type { FeedState } from './feed.ts'
import type { Entry } from './outbox.entries.ts'

type Held<K extends string, V> = Readonly<Partial<Record<K, V>>>

/** How many conversations each list holds; 1,001 means "1,000+". */
export type Counts = Answer<'conversations.counts'>['counts']

/**
 * How the fetching of a window or thread goes. `failed`: the server could not be reached, it will be
 * tried again by itself; `refused`: it will not, `refusal` says why.
 */
export interface Load {
  readonly state: 'loading' | 'loaded' | 'failed' | 'refused'
  readonly refusal: Refusal | null
}

/** A message of ours that the thread does not show yet. */
export interface Pending {
  readonly entry: Entry
  /** `sent`: the server has it, and the feed is about to show it. */
  readonly state: Entry['state'] | 'sent'
}

/** Everything that a screen shows. Plain immutable data: the same object until something changes. */
export interface Model {
  /** Who I am; null until the server said so. */
  readonly me: MeView | null
  /** What the server told, guesses included. */
  readonly state: State
  readonly feed: FeedState
  /** Why the feed has ended: signed out, or not allowed. */
  readonly ended: Refusal | null
  /** Windows by `windowName(key)`, threads by the conversation's id; absent: never asked for. */
  readonly loads: Held<string, Load>
  /** By the inbox's id, or `*` for all inboxes. */
  readonly counts: Held<InboxId | '*', Counts>
  /** How many conversations of each channel of mine hold something unread. */
  readonly unread: Held<ChannelId, number>
  /** By the conversation's id, or by the client id of the open that will make it. In order. */
  readonly pending: Held<string, readonly Pending[]>
  /** Who else looks or writes at this moment. */
  readonly presence: Held<ConversationId, readonly Presence[]>
}

/** What somebody's act will have done to a conversation, shown before the server confirms it. */
export interface Guess {
  readonly conversation: ConversationId
  row?(row: ConversationRow): ConversationRow
  mine?(mine: MineView): MineView
}

/** The live model that a screen shows, and what a screen may ask of it. */
export interface Store {
  /** Fit for useSyncExternalStore: the same object until something changes. */
  getState(): Model
  /** Calls after every change; answers what ends that. */
  subscribe(listener: () => void): () => void
  /** Begins: who I am, the things beside conversations, then the feed. Tries until it succeeds. */
  start(): void
  /** Ends everything. */
  stop(): void
  /** The network may be back, or the page is visible again. */
  wake(): void
  /** Keeps the first page of a list loaded and fresh, until the answered function is called. */
  showWindow(key: WindowKey): () => void
  /** The same for a list of conversations among members. */
  showFloor(key: FloorKey): () => void
  /** Fetches the next page of such a list. */
  moreFloor(key: FloorKey): Promise<void>
  /** Keeps fresh how much is unread in my channels, until the answered function is called. */
  showUnread(): () => void
  /** Fetches the next page of a list that is shown. */
  moreRows(key: WindowKey): Promise<void>
  /** Keeps a conversation and its last messages loaded and fresh, until the answered function is called. */
  showThread(conversation: ConversationId): () => void
  /** Fetches the messages before the first one that is known. */
  olderMessages(conversation: ConversationId): Promise<void>
  /** Keeps the counts of all inboxes (null) or of one fresh, until the answered function is called. */
  showCounts(inbox: InboxId | null): () => void
  /**
   * Does something at the server and shows what it will have done at once; when the server refuses, or
   * cannot be reached, the guess is taken back.
   */
  act<T>(guess: Guess, call: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>>
}
