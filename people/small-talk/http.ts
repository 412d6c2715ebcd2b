import { ok } from '@fermata/base/result'
import { byOf } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import { putSmallTalk, resetSmallTalk, type SmallTalkDeps } from './actions.ts'
import { smallTalkLists } from './lists.ts'

/** The routes of this room. */
export type SmallTalkRoute = 'smallTalk.list' | 'smallTalk.put' | 'smallTalk.delete'

/** The handlers of this room's routes. */
export function smallTalkHandlers(deps: SmallTalkDeps): Handlers<SmallTalkRoute> {
  return {
    'smallTalk.list': ({ caller }) =>
      deps.storage.read(async (tx) =>
        ok({ rows: [...(await smallTalkLists(tx, caller.workspace))] }),
      ),
    'smallTalk.put': (asked) => putSmallTalk(deps, byOf(asked), { ...asked.params, ...asked.body }),
    'smallTalk.delete': (asked) => resetSmallTalk(deps, byOf(asked), asked.params.language),
  }
}
