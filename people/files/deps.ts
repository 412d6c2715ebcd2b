import type { Clock } from '@fermata/base/clock'
import type { Ids, MessageId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import type { ReadTx, Storage } from '@fermata/storage/port'
import type { Blobs } from './blobs.ts'
import type { Pictures } from './pictures.ts'

/** What the room of files is built from. */
export interface FilesDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly blobs: Blobs
  readonly pictures: Pictures
  /** Whether somebody may see a message, and it is there to be seen. */
  readonly seesMessage: (tx: ReadTx, caller: Caller, message: MessageId) => Promise<boolean>
  /** How many bytes a workspace may hold. */
  readonly workspaceBytesMax: number
  /** Hears of work in the background that failed. */
  readonly failed: (error: unknown) => void
}
