import { limits } from '@fermata/base/limits'
import { bytesOf } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { eventsOfContact } from '@fermata/storage/feed'
import type { ReadTx, Storage, StoredEvent } from '@fermata/storage/port'
import { maySee, type Viewer } from './audience.ts'
import { floorOf } from './floor.ts'
import { withNow, type NowSource } from './now.ts'

/** A part of the feed, as one reader may see it. */
export interface FeedPage {
  readonly events: AnyEvent[]
  /** Scanned up to here. */
  readonly position: number
  /** Nothing more was there when this was read. */
  readonly end: boolean
  /** The position asked for is too old or was never reached: fetch afresh, go on from `position`. */
  readonly reset: boolean
}

/** What reading the feed needs. */
export interface FeedDeps {
  readonly storage: Storage
  readonly source: NowSource
}

/** Who reads, with what they may see in this snapshot. */
export async function viewerOf(tx: ReadTx, source: NowSource, caller: Caller): Promise<Viewer> {
  if (caller.kind === 'contact') return { caller, inboxes: new Set() }
  const inboxes = await source.inboxes(tx, caller)
  return { caller, inboxes: new Set(inboxes.map((inbox) => inbox.id)) }
}

/** A contact's events lie scattered among all others, so its own index finds them. */
async function contactStep(
  tx: ReadTx,
  caller: Caller & { kind: 'contact' },
  after: number,
  head: number,
  limit: number,
): Promise<{ events: StoredEvent[]; scanned: number }> {
  const workspace = bytesOf(caller.workspace)
  const contact = bytesOf(caller.id)
  const events = await tx.all(eventsOfContact, { workspace, contact, position: after, limit })
  const full = events.length === limit
  return { events, scanned: full ? events.at(-1)!.position : head }
}

/**
 * Reads on after a position: at most `limit` events of the reader's own, scanning at most
 * `limits.feedPageEventsMax` in one step, so that no reader holds the snapshot for long.
 */
export async function readPage(
  tx: ReadTx,
  { storage, source }: FeedDeps,
  viewer: Viewer,
  since: number | null,
  limit: number,
): Promise<FeedPage> {
  const { caller } = viewer
  const workspace = bytesOf(caller.workspace)
  const { head, tail } = await storage.bounds(tx, workspace)
  if (since === null) return { events: [], position: head, end: true, reset: false }
  if (since < tail || since > head) return { events: [], position: head, end: true, reset: true }
  if (caller.kind === 'contact') {
    const step = await contactStep(tx, caller, since, head, limit)
    const own = step.events.filter((event) => maySee(viewer, event, new Map()))
    const events = await withNow(tx, source, caller, own)
    return { events, position: step.scanned, end: step.scanned === head, reset: false }
  }
  const scan = limits.feedPageEventsMax
  const found = await storage.events(tx, { workspace, position: since, limit: scan })
  const floor = await floorOf(tx, source, [viewer], found)
  const own = found.filter((event) => maySee(viewer, event, floor))
  const kept = own.slice(0, limit)
  const all = kept.length === own.length
  const position = all ? (found.at(-1)?.position ?? since) : kept.at(-1)!.position
  const events = await withNow(tx, source, caller, kept)
  return { events, position, end: position >= head, reset: false }
}
