import type { Clock } from '@fermata/base/clock'
import type { Ids } from '@fermata/base/ids'
import type { Storage, StoredEvent } from '@fermata/storage/port'
import type { FellowsOf } from '../accounts/index.ts'
import type { FeedHub, NowSource } from '../feed/index.ts'
import type { TimerHandler, TimerKind } from '../schedule/index.ts'
import { bulkActions } from './bulk.actions.ts'
import { bulkHandlers } from './bulk.http.ts'
import { conversationHandlers } from './http.ts'
import { floorActions, type FloorActions } from './floor.say.ts'
import { leaseActions, type LeaseActions } from './lease.actions.ts'
import { leasesHeard } from './lease.heard.ts'
import { messageActions, type MessageActions } from './message.actions.ts'
import { mineActions, type MineActions } from './mine.actions.ts'
import { moveActions, moveHandlers } from './moves.actions.ts'
import type { MovesDeps } from './moves.note.ts'
import { nextActions, type NextActions } from './next.actions.ts'
import { stateActions, type StateActions } from './state.actions.ts'
import { talkActions, type TalkActions } from './talk.actions.ts'

/** What the room of conversations is built from. */
export interface ConversationsDeps extends Pick<MovesDeps, 'onJoined' | 'onParted'> {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly source: NowSource
  /** Whom a guest knows. */
  readonly fellowsOf: FellowsOf
  readonly hub: Pick<FeedHub, 'presence'>
  /** Tells the schedule that a timer was set to this time (ms); called after the commit. */
  readonly wake: (at: number) => void
  /** Removes the bytes of files that were erased; called after the commit. */
  readonly tidyFiles: () => void
  /** Hears of work in the background that failed. */
  readonly failed: (error: unknown) => void
}

/** The room of conversations. */
export interface ConversationsRoom {
  readonly talk: TalkActions
  readonly floor: FloorActions
  readonly state: StateActions
  readonly messages: MessageActions
  readonly mine: MineActions
  readonly leases: LeaseActions
  readonly next: NextActions
  /** Hears every event after its commit. */
  readonly heard: (event: StoredEvent) => void
  readonly handlers: ReturnType<typeof conversationHandlers> &
    ReturnType<typeof moveHandlers> &
    ReturnType<typeof bulkHandlers>
  /** What the schedule calls when a pause, a snooze or a lease ends. */
  readonly timers: Readonly<Record<Exclude<TimerKind, 'send'>, TimerHandler>>
}

/** Builds the room: its writers, its routes and its timers. */
export function conversationsRoom(deps: ConversationsDeps): ConversationsRoom {
  const talk = talkActions(deps)
  const floor = floorActions(deps)
  const state = stateActions(deps)
  const messages = messageActions(deps)
  const mine = mineActions(deps)
  const leases = leaseActions(deps)
  const next = nextActions(deps)
  const actions = { talk, floor, state, messages, mine, leases, next }
  const { storage, source, hub } = deps
  const bulk = bulkActions(deps)
  const handlers = {
    ...conversationHandlers({ storage, source, hub, ...actions }),
    ...moveHandlers(moveActions(deps), storage),
    ...bulkHandlers(bulk),
  }
  const timers = { pause: state.wake, snooze: mine.endSnooze, lease: leases.expire }
  const givingBack = leasesHeard(leases, deps.failed)
  const heard = (event: StoredEvent): void => {
    next.heard(event)
    givingBack(event)
  }
  return { ...actions, handlers, timers, heard }
}
