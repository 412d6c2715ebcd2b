import { idText } from '@fermata/base/ids'
import type { Frame } from '@fermata/contract/events.schema'
import type { ReadTx, StoredEvent } from '@fermata/storage/port'
import { hears, maySee, type FloorNow } from './audience.ts'
import { withNow, type NowSource } from './now.ts'
import type { Reader, Stream } from './stream.ts'

/** The bytes of a frame, as every transport sends them. */
export function frameBytes(frame: Frame): Buffer {
  return Buffer.from(JSON.stringify(frame))
}

/** One frame and everybody who is sent its bytes. */
export interface Delivery {
  readonly frame: Buffer
  readonly readers: readonly Reader[]
}

/** A batch of a workspace's events, in order: those with `from < position <= position`. */
export interface Batch {
  readonly events: readonly StoredEvent[]
  readonly from: number
  readonly position: number
  /** Who hears of those of its places that are no inboxes. */
  readonly floor: FloorNow
}

/** The readers of one class, apart by which of these places they hear of. */
function alike(readers: readonly Reader[], floor: FloorNow): Iterable<readonly Reader[]> {
  if (floor.size === 0) return [readers]
  const places = [...floor.values()]
  return Map.groupBy(readers, ({ viewer }) =>
    places.map((hearers) => (hears(viewer, hearers) ? '1' : '0')).join(''),
  ).values()
}

/**
 * What a batch means for the live readers: one frame for each class of members and apps, one for each
 * contact who is concerned, and one for each reader whom an event addresses alone, which then holds
 * all of the batch that this reader sees, in order. A reader that joined in the middle of the batch,
 * having read ahead of the others, gets the rest of it.
 */
export async function deliveries(
  tx: ReadTx,
  source: NowSource,
  stream: Stream,
  { events, from, position, floor }: Batch,
): Promise<Delivery[]> {
  const addressed = new Set(events.flatMap(({ only }) => (only === null ? [] : [only])))
  const alone = new Set(addressed)
  for (const { contact } of events) if (contact !== null) alone.add(idText('ctc', contact))
  const out: Delivery[] = []

  async function deliver(readers: readonly Reader[], after: number): Promise<void> {
    const first = readers[0]
    if (first === undefined) return
    const own = events.filter(
      (event) => event.position > after && maySee(first.viewer, event, floor),
    )
    if (own.length === 0) return
    const told = await withNow(tx, source, first.caller, own)
    out.push({ frame: frameBytes({ type: 'events', position, events: told }), readers })
  }

  async function deliverAll(readers: readonly Reader[]): Promise<void> {
    const told = (reader: Reader): number => Math.max(from, reader.position ?? from)
    await deliver(
      readers.filter((reader) => told(reader) === from),
      from,
    )
    for (const reader of readers) {
      if (told(reader) > from) await deliver([reader], told(reader))
    }
  }

  for (const group of stream.groups.values()) {
    const shared = [...group].filter((reader) => !addressed.has(reader.caller.id))
    for (const readers of alike(shared, floor)) await deliverAll(readers)
  }
  for (const actor of alone) await deliverAll([...(stream.actors.get(actor) ?? [])])
  return out
}
