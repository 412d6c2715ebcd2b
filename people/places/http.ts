import { present } from '@fermata/base/assert'
import { bytesOf, idBytes, idText, type InboxId, type WorkspaceId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { workspaceView, type WorkspaceMade } from '../accounts/index.ts'
import type { Handlers } from '../handler.ts'
import { accessInbox, visibleInboxes } from './access.ts'
import { addInbox, changeInbox, makeFirstInbox, renewSecret } from './actions.ts'
import type { PlacesDeps } from './deps.ts'
import { inboxView, originsOf } from './inbox.ts'
import { openSecret } from './secret.ts'
import { anyOrigin, inboxByKey, originsById, sealedSecret } from './store.sql.ts'

/** The routes of this room. */
export type PlacesRoute =
  | 'inboxes.list'
  | 'inboxes.add'
  | 'inboxes.change'
  | 'inboxes.secret'
  | 'inboxes.renewSecret'
  | 'widget.get'

/** Whose list of web origins is asked. */
export type OriginScope = { readonly key: string } | { readonly inbox: string } | 'any'

/** The room of places, put together. */
export interface PlacesRoom {
  readonly handlers: Handlers<PlacesRoute>
  /** Makes the inbox with which a new workspace begins. */
  makeFirstInbox(tx: WriteTx, made: WorkspaceMade): Promise<void>
  /** The identity secret of an inbox, for checking what its host site signed. */
  identitySecret(tx: ReadTx, workspace: WorkspaceId, inbox: InboxId): Promise<string>
  /** Whether an inbox (the one named, or any) lists this web origin. */
  listsOrigin(scope: OriginScope, origin: string): Promise<boolean>
}

/** Puts the room together. */
export function placesRoom(deps: PlacesDeps): PlacesRoom {
  const { storage, keys } = deps
  const identitySecret: PlacesRoom['identitySecret'] = async (tx, workspace, inbox) => {
    const key = { workspace: bytesOf(workspace), id: bytesOf(inbox) }
    const row = present(await tx.get(sealedSecret, key), 'an inbox')
    return openSecret(keys, inbox, row.secret_sealed)
  }
  const secretOf = (caller: MemberActor, inbox: InboxId) =>
    storage.read(async (tx): Promise<Result<{ secret: string }, Refusal>> => {
      const found = await accessInbox(tx, caller, inbox)
      if (!found.ok) return found
      return ok({ secret: await identitySecret(tx, caller.workspace, inbox) })
    })
  return {
    handlers: {
      'inboxes.list': ({ caller }) =>
        storage.read(async (tx) => {
          const { head } = await storage.bounds(tx, bytesOf(caller.workspace))
          return ok({ rows: await visibleInboxes(tx, caller), position: head })
        }),
      'inboxes.add': ({ body, caller }) => addInbox(deps, caller, body),
      'inboxes.change': ({ params, body, caller }) => changeInbox(deps, caller, params.inbox, body),
      'inboxes.secret': ({ params, caller }) => secretOf(caller, params.inbox),
      async 'inboxes.renewSecret'({ params, caller }) {
        const renewed = await renewSecret(deps, caller, params.inbox)
        return renewed.ok ? ok({ secret: renewed.value }) : renewed
      },
      'widget.get': ({ params }) => storage.read((tx) => widgetView(tx, params.key)),
    },
    makeFirstInbox: (tx, made) => makeFirstInbox(tx, deps, made),
    identitySecret,
    listsOrigin: (scope, origin) => storage.read((tx) => listsOrigin(tx, scope, origin)),
  }
}

/** The inbox whose widget carries a public key. */
export async function widgetInbox(
  tx: ReadTx,
  key: string,
): Promise<{ readonly workspace: WorkspaceId; readonly inbox: InboxId } | undefined> {
  const row = await tx.get(inboxByKey, { key })
  if (row === undefined || row.medium !== 'widget') return undefined
  return { workspace: idText('wsp', row.workspace), inbox: idText('ibx', row.id) }
}

async function widgetView(tx: ReadTx, key: string) {
  const row = await tx.get(inboxByKey, { key })
  if (row === undefined || row.medium !== 'widget') return refused(refusal('not_found'))
  const workspace = await workspaceView(tx, idText('wsp', row.workspace))
  const { id, name, greeting, answerMinutes } = inboxView(row)
  const promised = { greeting, answerMinutes: answerMinutes.normal }
  return ok({ inbox: id, workspace: workspace.name, name, ...promised })
}

async function listsOrigin(tx: ReadTx, scope: OriginScope, origin: string): Promise<boolean> {
  if (scope === 'any') return (await tx.get(anyOrigin, { origin })) !== undefined
  const row =
    'key' in scope
      ? await tx.get(inboxByKey, { key: scope.key })
      : await originsFor(tx, scope.inbox)
  return row !== undefined && originsOf(row).includes(origin)
}

async function originsFor(tx: ReadTx, inbox: string): Promise<{ origins: string } | undefined> {
  const id = idBytes(inbox)
  return id === undefined ? undefined : tx.get(originsById, { id })
}
