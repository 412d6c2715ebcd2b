import type { Caller } from '@fermata/contract/actors'

/** Where a live reader's frames go: a socket or an event stream. */
export interface Sink {
  /** Sends one frame: the UTF-8 bytes of its JSON text, shared between readers, so never changed. */
  send(frame: Buffer): void
  /** How many bytes wait to be sent; a reader over limits.socketBufferedBytesMax is closed. */
  buffered(): number
  /**
   * Whether the credentials that the connection came with still stand for its caller. Asked once it is
   * followed and now and then after that, because not every end of access is an event.
   */
  entitled(): Promise<boolean>
  /** Ends the connection. `ended`: access is over; `slow`: it did not keep up; `stopping`: the server stops. */
  close(why: 'ended' | 'slow' | 'stopping'): void
}

/** The live side of the feed. */
export interface LiveFeed {
  /**
   * Follows the feed for a caller from after `since` (null: from now on): first what was missed, in
   * frames, then what comes. Answers a function that ends it.
   */
  follow(caller: Caller, since: number | null, sink: Sink): () => void
  /** How many readers follow. */
  readers(): number
  /** Sends every reader its end, for a server that stops. */
  stop(): void
}
