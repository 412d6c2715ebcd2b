import { bytesOf, type ConversationId, type MoveId } from '@fermata/base/ids'
import { ok, type Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { SplitBody } from '@fermata/contract/moves.schema'
import type { Storage } from '@fermata/storage/port'
import { byOf, type By } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import { accessMessage, eyesOf } from './access.ts'
import type { Mover } from './moves.access.ts'
import { mergeInto, type Merged } from './moves.merge.ts'
import type { MovesDeps } from './moves.note.ts'
import { splitOff, type Split } from './moves.split.ts'
import { undo, type Undone } from './moves.undo.ts'
import { messageView } from './views.ts'

/** The actions that bring conversations together, or take them apart. */
export interface MoveActions {
  /** Moves everything of one conversation behind what is in another; a repeat answers with what is. */
  merge(
    by: By<Mover>,
    source: ConversationId,
    target: ConversationId,
  ): Promise<Result<Merged, Refusal>>
  /** Moves some messages to a new conversation; a repeat under the same client id answers with the first. */
  split(by: By<Mover>, source: ConversationId, asked: SplitBody): Promise<Result<Split, Refusal>>
  undo(by: By<Mover>, move: MoveId): Promise<Result<Undone, Refusal>>
}

/** The writers of moves. */
export function moveActions(
  deps: MovesDeps & {
    readonly storage: Storage
    /** Tells the schedule that timers were set, the first of them to this time (ms). */
    readonly wake: (at: number) => void
  },
): MoveActions {
  const { storage, clock, wake } = deps

  /** Timers may have been set to whatever time; the schedule looks for itself. */
  async function woken<T>(done: Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
    const result = await done
    if (result.ok) wake(clock.now())
    return result
  }

  return {
    merge: (by, source, target) =>
      woken(storage.write((tx) => mergeInto(tx, deps, by, { source, target }))),
    split: (by, source, asked) =>
      woken(storage.write((tx) => splitOff(tx, deps, by, source, asked))),
    undo: (by, move) => woken(storage.write((tx) => undo(tx, deps, by, move))),
  }
}

type MoveRoute = 'conversations.merge' | 'conversations.split' | 'moves.undo' | 'messages.get'

/** The routes of moves, and that which says where a message is now. */
export function moveHandlers(moves: MoveActions, storage: Storage): Handlers<MoveRoute> {
  return {
    'messages.get': ({ caller, params }) =>
      storage.read(async (tx) => {
        const accessed = await accessMessage(tx, caller, params.message)
        if (!accessed.ok) return accessed
        const { head } = await storage.bounds(tx, bytesOf(caller.workspace))
        const message = messageView(accessed.value.message, eyesOf(caller))
        return ok({ message, position: head })
      }),
    'conversations.merge': (asked) =>
      moves.merge(byOf(asked), asked.params.conversation, asked.body.into),
    'conversations.split': (asked) =>
      moves.split(byOf(asked), asked.params.conversation, asked.body),
    'moves.undo': (asked) => moves.undo(byOf(asked), asked.params.move),
  }
}
