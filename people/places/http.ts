import { bytesOf } from '@fermata/base/ids'
import { ok } from '@fermata/base/result'
import { byOf } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import { visibleInboxes } from './access.ts'
import { addInbox, changeInbox, renewSecret, showSecret } from './actions.ts'
import { channelsHandlers, type ChannelsRoute } from './channels.http.ts'
import type { PlacesDeps } from './deps.ts'
import { widgetView } from './widget.ts'

/** The routes of this room. */
export type PlacesRoute =
  | ChannelsRoute
  | 'inboxes.list'
  | 'inboxes.add'
  | 'inboxes.change'
  | 'inboxes.secret'
  | 'inboxes.renewSecret'
  | 'widget.get'

/** The handlers of this room's routes. */
export function placesHandlers(deps: PlacesDeps): Handlers<PlacesRoute> {
  const { storage } = deps
  return {
    ...channelsHandlers(deps),
    'inboxes.list': ({ caller }) =>
      storage.read(async (tx) => {
        const { head } = await storage.bounds(tx, bytesOf(caller.workspace))
        return ok({ rows: await visibleInboxes(tx, caller), position: head })
      }),
    'inboxes.add': (asked) => addInbox(deps, byOf(asked), asked.body),
    'inboxes.change': (asked) => changeInbox(deps, byOf(asked), asked.params.inbox, asked.body),
    async 'inboxes.secret'(asked) {
      const shown = await showSecret(deps, byOf(asked), asked.params.inbox)
      return shown.ok ? ok({ secret: shown.value }) : shown
    },
    async 'inboxes.renewSecret'(asked) {
      const renewed = await renewSecret(deps, byOf(asked), asked.params.inbox)
      return renewed.ok ? ok({ secret: renewed.value }) : renewed
    },
    'widget.get': ({ params }) => storage.read((tx) => widgetView(tx, params.key)),
  }
}
