import { bytesOf, idText, type ActorId } from '@fermata/base/ids'
import { ok } from '@fermata/base/result'
import type { ReplyUse } from '@fermata/contract/replies.schema'
import { byOf } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import { replyRows, visibleReplies } from './access.ts'
import { addReply, changeReply, removeReply, restoreReply, type RepliesDeps } from './actions.ts'
import type { ReplyTable } from './tables.ts'

/** The routes of this room. */
export type RepliesRoute =
  | 'replies.list'
  | 'replies.usage'
  | 'replies.add'
  | 'replies.change'
  | 'replies.remove'
  | 'replies.restore'

function useOf(row: ReplyTable): ReplyUse {
  const { uses: count, used_at: at, used_by: by } = row
  const last = at === null || by === null ? null : { at, by: by as ActorId }
  return { reply: idText('rpl', row.id), count, last }
}

/** The handlers of this room's routes. */
export function repliesHandlers(deps: RepliesDeps): Handlers<RepliesRoute> {
  const { storage } = deps
  return {
    'replies.list': ({ caller }) =>
      storage.read(async (tx) => {
        const { head } = await storage.bounds(tx, bytesOf(caller.workspace))
        return ok({ rows: await visibleReplies(tx, caller), position: head })
      }),
    'replies.usage': ({ caller }) =>
      storage.read(async (tx) => ok({ rows: (await replyRows(tx, caller)).map(useOf) })),
    'replies.add': (asked) => addReply(deps, byOf(asked), asked.body),
    'replies.change': (asked) => changeReply(deps, byOf(asked), asked.params.reply, asked.body),
    'replies.remove': (asked) => removeReply(deps, byOf(asked), asked.params.reply),
    'replies.restore': (asked) => restoreReply(deps, byOf(asked), asked.params.reply),
  }
}
