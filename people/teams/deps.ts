import type { Clock } from '@fermata/base/clock'
import type { Ids } from '@fermata/base/ids'
import type { ReadTx, Storage } from '@fermata/storage/port'

/** What the room of teams is built from. */
export interface TeamsDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  /** Whether a team sees any inbox: rooms downstream know. */
  readonly teamSeesInbox: (tx: ReadTx, workspace: Uint8Array, team: Uint8Array) => Promise<boolean>
}
