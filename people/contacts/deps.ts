import type { Clock } from '@fermata/base/clock'
import type { ContactId, FillRandom, Ids, InboxId, WorkspaceId } from '@fermata/base/ids'
import type { ReadTx, Storage, WriteTx } from '@fermata/storage/port'

/** A visitor who turned out to be a contact that was known already. */
export interface Merge {
  readonly workspace: WorkspaceId
  readonly from: ContactId
  readonly to: ContactId
}

/** What the room of contacts is built from. */
export interface ContactsDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly random: FillRandom
  /** The inbox whose widget carries a public key; `undefined` when there is none. */
  readonly widgetInbox: (
    tx: ReadTx,
    key: string,
  ) => Promise<{ readonly workspace: WorkspaceId; readonly inbox: InboxId } | undefined>
  /** The secret that an inbox shares with its host site. */
  readonly identitySecret: (tx: ReadTx, workspace: WorkspaceId, inbox: InboxId) => Promise<string>
  /** Moves along what the visitor said, in the same transaction. */
  readonly onIdentified: (tx: WriteTx, merge: Merge) => Promise<void>
}
