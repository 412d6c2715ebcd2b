import type { Refusal } from '@fermata/contract/errors'
import type { Connection } from './connection.ts'

/** Why a carrier is over. */
export interface Closed {
  /** The server refused to serve the feed, and would do so again: signed out, or not allowed. */
  readonly refusal: Refusal | null
  /** How long the server asked to be left alone. */
  readonly retryAfterMs: number | null
}

/** Hears what a carrier brings. After `closed` nothing more comes. */
export interface Listener {
  /** The server has taken the connection. */
  opened(): void
  /** The JSON text of one frame. */
  heard(text: string): void
  closed(why: Closed): void
}

/** One connection that carries the feed. */
export interface Carrier {
  /** Ends it; the listener hears nothing more. */
  close(): void
}

/** Opens a connection to the feed, from after a position or (null) from now on. */
export type OpenCarrier = (
  connection: Connection,
  since: number | null,
  listener: Listener,
) => Carrier

/** Whether a refusal is an end: asking again would be refused again. */
export function isFinal(status: number): boolean {
  return status === 401 || status === 403 || status === 404
}
