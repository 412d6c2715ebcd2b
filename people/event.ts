import type { ActorId, Id } from '@fermata/base/ids'
import type { EventBody, EventType } from '@fermata/contract/events.schema'
import type { WriteTx } from '@fermata/storage/port'

/** Something that happened, before the feed has given it a position. */
export interface Happening<T extends EventType> {
  readonly workspace: Uint8Array
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Who did it; null for Fermata itself. */
  readonly actor: ActorId | null
  readonly type: T
  readonly body: EventBody<T>
  /** The place whose viewers hear of it; without one every member does. */
  readonly place?: Uint8Array | null
  readonly conversation?: Uint8Array | null
  /** The contact who hears of it too. */
  readonly contact?: Uint8Array | null
  /** The only one who hears of it. */
  readonly only?: Id | null
}

/** Puts an event into the feed, typed by the closed list of the contract. It leaves with the commit. */
export function emit<T extends EventType>(tx: WriteTx, event: Happening<T>): void {
  tx.emit({
    workspace: event.workspace,
    at: event.at,
    actor: event.actor,
    type: event.type,
    place: event.place ?? null,
    conversation: event.conversation ?? null,
    contact: event.contact ?? null,
    only: event.only ?? null,
    body: event.body,
  })
}
