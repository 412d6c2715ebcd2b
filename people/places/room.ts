import type { InboxId, WorkspaceId } from '@fermata/base/ids'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import type { WorkspaceMade } from '../accounts/index.ts'
import type { Handlers } from '../handler.ts'
import { makeFirstInbox } from './actions.ts'
import type { PlacesDeps } from './deps.ts'
import { placesHandlers, type PlacesRoute } from './http.ts'
import { identitySecret } from './secret.ts'
import { listsOrigin, type OriginScope } from './widget.ts'

/** The room of places, put together. */
export interface PlacesRoom {
  readonly handlers: Handlers<PlacesRoute>
  /** Makes the inbox with which a new workspace begins. */
  makeFirstInbox(tx: WriteTx, made: WorkspaceMade): Promise<void>
  /** The secret that an inbox shares with its host site. Throws `SealBroken` under another key file. */
  identitySecret(tx: ReadTx, workspace: WorkspaceId, inbox: InboxId): Promise<string>
  /** Whether an inbox (the one named, or any) lists this web origin. */
  listsOrigin(scope: OriginScope, origin: string): Promise<boolean>
}

/** Puts the room together. */
export function placesRoom(deps: PlacesDeps): PlacesRoom {
  return {
    handlers: placesHandlers(deps),
    makeFirstInbox: (tx, made) => makeFirstInbox(tx, deps, made),
    identitySecret: (tx, workspace, inbox) => identitySecret(tx, deps.keys, workspace, inbox),
    listsOrigin: (scope, origin) => deps.storage.read((tx) => listsOrigin(tx, scope, origin)),
  }
}
