import { idText } from '@fermata/base/ids'
import type { Frame } from '@fermata/contract/events.schema'
import type { ReadTx, StoredEvent } from '@fermata/storage/port'
import { maySee } from './audience.ts'
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

/**
 * What a batch of events means for the live readers: one frame for each class of members and apps, one
 * for each contact who is concerned, and one for each reader whom an event addresses alone, which
 * then holds all of the batch that this reader sees, in order.
 */
export async function deliveries(
  tx: ReadTx,
  source: NowSource,
  stream: Stream,
  events: readonly StoredEvent[],
  position: number,
): Promise<Delivery[]> {
  const addressed = new Set(events.flatMap(({ only }) => (only === null ? [] : [only])))
  const alone = new Set(addressed)
  for (const { contact } of events) if (contact !== null) alone.add(idText('ctc', contact))
  const out: Delivery[] = []

  async function deliver(readers: readonly Reader[]): Promise<void> {
    const first = readers[0]
    if (first === undefined) return
    const own = events.filter((event) => maySee(first.viewer, event))
    if (own.length === 0) return
    const told = await withNow(tx, source, first.caller, own)
    out.push({ frame: frameBytes({ type: 'events', position, events: told }), readers })
  }

  for (const group of stream.groups.values()) {
    const readers =
      addressed.size === 0 ? [...group] : [...group].filter((r) => !alone.has(r.caller.id))
    await deliver(readers)
  }
  for (const actor of alone) await deliver([...(stream.actors.get(actor) ?? [])])
  return out
}
