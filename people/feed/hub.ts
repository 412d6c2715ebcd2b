import type { Cancel, Clock } from '@fermata/base/clock'
import { idText, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Presence } from '@fermata/contract/events.schema'
import { feedHeads } from '@fermata/storage/feed'
import type { ReadTx, StoredEvent } from '@fermata/storage/port'
import { floorOf } from './floor.ts'
import { deliveries, frameBytes } from './frames.ts'
import type { LiveFeed } from './live.ts'
import { readPage, viewerOf, type FeedDeps } from './page.ts'
import { mayTouch, touches } from './touches.ts'
import { join, leave, newStream, regroup, type Reader, type Stream } from './stream.ts'

/** What presence needs to know of the conversation that it is about. */
export interface PresenceAt {
  readonly workspace: WorkspaceId
  readonly place: Uint8Array
  readonly contact: Uint8Array
  readonly presence: Presence
}

/** The running live feed. */
export interface FeedHub extends LiveFeed {
  /** Tells those who may see a conversation what somebody does there; nothing is stored. */
  presence(at: PresenceAt): void
  /** Begins to listen to the storage; to be awaited once before anybody is served. */
  start(): Promise<void>
}

interface HubDeps extends FeedDeps {
  readonly clock: Clock
  /** Hears every event after its commit: where caches are emptied. */
  readonly heard: (event: StoredEvent) => void
  /** Hears of a reading that failed; its readers are closed and come again. */
  readonly failed: (error: unknown) => void
}

const ended = frameBytes({ type: 'ended' })

function heartbeatAt(position: number): Buffer {
  return frameBytes({ type: 'heartbeat', position })
}

/**
 * Whether an event tells that a visitor turned out to be another contact, whose their token is from
 * then on: that is all that one contact ever does to another.
 */
function merges({ type, actor, contact }: StoredEvent): boolean {
  if (type !== 'contact.changed' || contact === null || actor === null) return false
  return actor.startsWith('ctc_') && actor !== idText('ctc', contact)
}

/** Events that may change which inboxes somebody sees. */
const regrouping = new Set(['access.changed', 'inbox.added', 'inbox.changed'])

/** Who is in a channel is asked anew for every batch. */
function regroups({ type, body }: StoredEvent): boolean {
  return regrouping.has(type) && !(type === 'access.changed' && 'channel' in JSON.parse(body))
}

/** The live side of the feed. */
export function feedHub(deps: HubDeps): FeedHub {
  const { storage, source, clock } = deps
  const streams = new Map<WorkspaceId, Stream>()
  let following = 0
  let beats = 0
  let open = true
  let quiet: (() => void) | undefined
  let beat: Cancel | undefined

  /** A workspace that was not there at the start is new, so its feed is told from its beginning. */
  function streamOf(workspace: WorkspaceId): Stream {
    const known = streams.get(workspace)
    if (known !== undefined) return known
    const made = newStream(workspace, 0)
    streams.set(workspace, made)
    return made
  }

  function close(stream: Stream, reader: Reader, why: 'ended' | 'slow' | 'stopping'): void {
    if (!reader.open) return
    following -= 1
    leave(stream, reader)
    if (why === 'ended') reader.sink.send(ended)
    reader.sink.close(why)
  }

  function send(stream: Stream, reader: Reader, frame: Buffer): void {
    if (!reader.open) return
    if (reader.sink.buffered() > limits.socketBufferedBytesMax) close(stream, reader, 'slow')
    else reader.sink.send(frame)
  }

  function hear(stream: Stream, event: StoredEvent): void {
    deps.heard(event)
    if (!mayTouch(event) && !merges(event)) return
    for (const reader of stream.readers) {
      const touch = touches(event, reader.caller)
      if (touch !== 'no') close(stream, reader, touch === 'ends' ? 'ended' : 'slow')
    }
  }

  async function regroupAll(tx: ReadTx, stream: Stream): Promise<void> {
    for (const reader of [...stream.readers]) {
      regroup(stream, reader, await viewerOf(tx, source, reader.caller))
    }
  }

  /** Tells one batch; the flush comes between looking and telling. */
  async function tell(stream: Stream): Promise<void> {
    const limit = limits.feedPageEventsMax
    const { position, sends } = await storage.read(async (tx) => {
      const from = stream.scanned
      const events = await storage.events(tx, { workspace: stream.key, position: from, limit })
      const reached = events.at(-1)?.position ?? stream.head
      // From here on whoever joins must have got these events by itself.
      stream.scanned = reached
      for (const event of events) hear(stream, event)
      if (events.some(regroups)) await regroupAll(tx, stream)
      const floor = await floorOf(tx, source, [], events, stream.inboxes)
      const batch = { events, from, position: reached, floor }
      return { position: reached, sends: await deliveries(tx, source, stream, batch) }
    })
    await storage.durable()
    for (const { frame, readers } of sends) {
      for (const reader of readers) {
        // One that joined while this batch was looked up has got it already.
        if (reader.position !== null && reader.position >= position) continue
        reader.position = position
        send(stream, reader, frame)
      }
    }
  }

  /** Tells the live readers what has come since; one pump runs for a stream. */
  async function pump(stream: Stream): Promise<void> {
    if (stream.pumping) return
    stream.pumping = true
    try {
      while (open && stream.scanned < stream.head) await tell(stream)
    } catch (error) {
      deps.failed(error)
      // What could not be told must not be skipped: everybody comes again from where they were.
      for (const reader of [...stream.readers]) close(stream, reader, 'slow')
    } finally {
      stream.pumping = false
    }
  }

  /** Waits until a reader that catches up has taken what it was sent; false when it takes too long. */
  async function taken(reader: Reader): Promise<boolean> {
    let waitedMs = 0
    while (reader.sink.buffered() > limits.catchUpBufferedBytesMax) {
      if (waitedMs >= limits.catchUpMsMax) return false
      await new Promise<void>((resolve) => clock.after(limits.catchUpLookMs, resolve))
      waitedMs += limits.catchUpLookMs
    }
    return true
  }

  /** Catches up from the reader's position, then joins those who are told live. */
  async function begin(stream: Stream, reader: Reader): Promise<void> {
    while (reader.open && open) {
      const page = await storage.read(async (tx) => {
        regroup(stream, reader, await viewerOf(tx, source, reader.caller))
        return readPage(tx, deps, reader.viewer, reader.position, limits.feedPageEventsMax)
      })
      await storage.durable()
      if (!reader.open) return
      const { position, events } = page
      reader.position = position
      if (page.reset) send(stream, reader, frameBytes({ type: 'reset', position }))
      if (events.length > 0) send(stream, reader, frameBytes({ type: 'events', position, events }))
      if (!(await taken(reader))) return close(stream, reader, 'slow')
      if (!page.end || position < stream.scanned) continue
      send(stream, reader, heartbeatAt(position))
      if (!reader.open) return
      join(stream, reader)
      // An end of access that came between authenticating and joining was told to nobody.
      return recheck(stream, reader)
    }
  }

  async function recheck(stream: Stream, reader: Reader): Promise<void> {
    if (!(await reader.sink.entitled())) close(stream, reader, 'ended')
  }

  /** Asks a part of the readers with each heartbeat, so that all have been asked after some. */
  function recheckSome(stream: Stream): void {
    let place = 0
    for (const reader of stream.readers) {
      place += 1
      if ((place + beats) % limits.heartbeatsPerRecheck === 0) {
        recheck(stream, reader).catch(deps.failed)
      }
    }
  }

  function heartbeat(): void {
    beats += 1
    beat = clock.after(limits.heartbeatMs, heartbeat)
    for (const stream of streams.values()) {
      recheckSome(stream)
      const shared = heartbeatAt(stream.scanned)
      for (const reader of stream.readers) {
        const told = reader.position ?? 0
        // While a batch is being told, a reader has only got what it was sent last; and one that
        // joined ahead of the others must not be set back.
        const keeps = stream.pumping || told > stream.scanned
        if (!keeps) reader.position = stream.scanned
        send(stream, reader, keeps ? heartbeatAt(told) : shared)
      }
    }
  }

  return {
    async start() {
      quiet = storage.onHead((key, head) => {
        const stream = streamOf(idText('wsp', key))
        if (head > stream.head) stream.head = head
        void pump(stream)
      })
      for (const { workspace, head } of await storage.read((tx) => tx.all(feedHeads, {}))) {
        const id = idText('wsp', workspace)
        if (!streams.has(id)) streams.set(id, newStream(id, head))
      }
      heartbeat()
    },
    follow(caller, since, sink) {
      const stream = streamOf(caller.workspace)
      const viewer = { caller, inboxes: new Set<never>() }
      const reader: Reader = { viewer, group: '', caller, sink, position: since, open }
      following += 1
      begin(stream, reader).catch((error: unknown) => {
        deps.failed(error)
        close(stream, reader, 'slow')
      })
      return () => {
        if (reader.open) following -= 1
        leave(stream, reader)
      }
    },
    presence({ workspace, place, contact, presence }) {
      const frame = frameBytes({ type: 'presence', presence })
      const [inbox, customer] = [idText('ibx', place), idText('ctc', contact)]
      // A contact is told that somebody answers, never who looks on or that a note is written.
      const told = presence.doing === 'reply' || presence.doing === 'left'
      const stream = streamOf(workspace)
      for (const reader of [...stream.readers]) {
        const { caller, viewer } = reader
        const sees =
          caller.kind === 'contact' ? told && caller.id === customer : viewer.inboxes.has(inbox)
        if (sees && caller.id !== presence.actor) send(stream, reader, frame)
      }
    },
    readers: () => following,
    stop() {
      open = false
      quiet?.()
      beat?.()
      for (const stream of streams.values()) {
        for (const reader of [...stream.readers]) close(stream, reader, 'stopping')
      }
    },
  }
}
