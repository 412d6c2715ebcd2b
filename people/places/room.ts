import type { InboxId, WorkspaceId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { InboxView } from '@fermata/contract/places.schema'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import type { WorkspaceMade } from '../accounts/index.ts'
import { fromWithin } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import { addInbox, makeFirstInbox, type NewInbox } from './actions.ts'
import type { PlacesDeps } from './deps.ts'
import { placesHandlers, type PlacesRoute } from './http.ts'
import { identitySecret } from './secret.ts'
import { listsOrigin, type OriginScope } from './widget.ts'

/** The room of places, put together. */
export interface PlacesRoom {
  readonly handlers: Handlers<PlacesRoute>
  /** Adds an inbox. */
  add(caller: MemberActor, input: NewInbox): Promise<Result<InboxView, Refusal>>
  /** Makes the inbox with which a new workspace begins. */
  readonly makeFirstInbox: (tx: WriteTx, made: WorkspaceMade) => Promise<void>
  /** The secret that an inbox shares with its host site. Throws `SealBroken` under another key file. */
  readonly identitySecret: (tx: ReadTx, workspace: WorkspaceId, inbox: InboxId) => Promise<string>
  /** Whether an inbox (the one named, or any) lists this web origin. */
  listsOrigin(scope: OriginScope, origin: string): Promise<boolean>
}

/** Puts the room together. */
export function placesRoom(deps: PlacesDeps): PlacesRoom {
  return {
    handlers: placesHandlers(deps),
    add: (caller, input) => addInbox(deps, fromWithin(caller), input),
    makeFirstInbox: (tx, made) => makeFirstInbox(tx, deps, made),
    identitySecret: (tx, workspace, inbox) => identitySecret(tx, deps.keys, workspace, inbox),
    listsOrigin: (scope, origin) => deps.storage.read((tx) => listsOrigin(tx, scope, origin)),
  }
}
