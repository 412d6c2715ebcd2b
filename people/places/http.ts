import { bytesOf, type InboxId } from '@fermata/base/ids'
import { ok, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { Handlers } from '../handler.ts'
import { accessInbox, visibleInboxes } from './access.ts'
import { addInbox, changeInbox, renewSecret } from './actions.ts'
import type { PlacesDeps } from './deps.ts'
import { identitySecret } from './secret.ts'
import { widgetView } from './widget.ts'

/** The routes of this room. */
export type PlacesRoute =
  | 'inboxes.list'
  | 'inboxes.add'
  | 'inboxes.change'
  | 'inboxes.secret'
  | 'inboxes.renewSecret'
  | 'widget.get'

/** The handlers of this room's routes. */
export function placesHandlers(deps: PlacesDeps): Handlers<PlacesRoute> {
  const { storage, keys } = deps
  const secretOf = (caller: MemberActor, inbox: InboxId) =>
    storage.read(async (tx): Promise<Result<{ secret: string }, Refusal>> => {
      const found = await accessInbox(tx, caller, inbox)
      if (!found.ok) return found
      return ok({ secret: await identitySecret(tx, keys, caller.workspace, inbox) })
    })
  return {
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
  }
}
