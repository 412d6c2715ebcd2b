import type { Clock } from '@fermata/base/clock'
import type { FillRandom, Ids } from '@fermata/base/ids'
import type { Storage } from '@fermata/storage/port'
import type { Keys } from '../access/index.ts'

/** What the room of places is built from. */
export interface PlacesDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly random: FillRandom
  /** Seals the inboxes' identity secrets. */
  readonly keys: Keys
}
