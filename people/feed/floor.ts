import type { ReadTx, StoredEvent } from '@fermata/storage/port'
import { placeKey, type FloorNow, type Hearers, type Viewer } from './audience.ts'
import type { NowSource } from './now.ts'

/**
 * Who hears of the places of some events that none of their readers sees as an inbox. Asked in the snapshot in
 * which the events are told, so that whoever has left is told nothing more. `inboxes` remembers the places
 * that are known to be inboxes, which they are for good.
 */
export async function floorOf(
  tx: ReadTx,
  source: Pick<NowSource, 'hearers'>,
  viewers: Iterable<Viewer>,
  events: readonly StoredEvent[],
  inboxes = new Set<string>(),
): Promise<FloorNow> {
  const asked = new Map<string, StoredEvent>()
  for (const event of events) {
    if (event.place === null) continue
    const key = placeKey(event.place)
    if (!inboxes.has(key)) asked.set(key, event)
  }
  for (const { inboxes: seen } of viewers) {
    for (const key of asked.keys()) if (seen.has(key as never)) asked.delete(key)
    if (asked.size === 0) break
  }
  const floor = new Map<string, Hearers>()
  for (const [key, { workspace, place, conversation }] of asked) {
    if (place === null) continue
    const hearers = await source.hearers(tx, { workspace, place, conversation })
    if (hearers === undefined) inboxes.add(key)
    else floor.set(key, hearers)
  }
  return floor
}
