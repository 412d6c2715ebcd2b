import { assert, unreachable } from '@fermata/base/assert'
import type { ActorId, LabelId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { EventBody, EventType } from '@fermata/contract/events.schema'
import type { LeaseView } from '@fermata/contract/leases.schema'
import type { AnswerMinutes } from '@fermata/contract/places.schema'
import type { MessageKind, Side, Status, Turn, Urgency } from '@fermata/contract/words'

/** One side said "later". Each side has at most one pause, so that neither takes the other's away. */
export interface PauseRecord {
  readonly by: ActorId
  readonly at: number
  /** When it ends by itself (ms); null means by hand or by a message. */
  readonly until: number | null
  readonly reason: string
}

/** What a conversation is in, without its messages. Times are ms since the epoch. */
export interface Conversation {
  readonly subject: string
  readonly urgency: Urgency
  readonly labels: readonly LabelId[]
  readonly status: Status
  readonly turn: Turn
  readonly turnSince: number
  /** By when our answer is owed; null when it is not our turn or nothing was promised. */
  readonly due: number | null
  readonly pauses: { readonly ours: PauseRecord | null; readonly theirs: PauseRecord | null }
  readonly resolution: { readonly by: ActorId; readonly at: number } | null
  /** The number of the last message, notes included; they are dense from 1. */
  readonly lastNumber: number
  readonly lastAt: number
  /** How many replies there are: the last number as contacts count. */
  readonly replyCount: number
  /** The number of the last reply; 0 before the first. */
  readonly lastReply: number
  readonly lastReplyAt: number
  /** Who said the last reply that was more than small talk. */
  readonly lastReplySide: Side
  /** Who holds it, as lists show it; null while it is free. */
  readonly lease: LeaseView | null
  /** How often it has been held. */
  readonly token: number
}

/** What may be done to a conversation. `side` is the side of whoever does it. */
export type Command =
  | {
      readonly type: 'say'
      readonly kind: MessageKind
      readonly side: Side
      /** It asks for nothing, so it wakes nobody who may sleep. */
      readonly isSmallTalk?: boolean
    }
  | {
      readonly type: 'pause'
      readonly side: Side
      readonly by: ActorId
      readonly until: number | null
      readonly reason: string
    }
  | { readonly type: 'resume'; readonly side: Side }
  | { readonly type: 'wake'; readonly side: Side; readonly until: number }
  | { readonly type: 'turn'; readonly to: Side }
  | { readonly type: 'resolve'; readonly by: ActorId }
  | { readonly type: 'reopen' }
  | {
      readonly type: 'change'
      readonly subject?: string
      readonly urgency?: Urgency
      readonly labels?: readonly LabelId[]
    }

/** An event of a conversation before it is addressed. `contacts`: whether its contact hears of it. */
export interface Happening {
  readonly type: EventType
  readonly body: object
  readonly contacts: boolean
}

/** What a command leads to. No happenings: nothing changed. */
export interface Decision {
  readonly state: Conversation
  readonly happenings: readonly Happening[]
}

function happening<T extends EventType>(type: T, body: EventBody<T>, contacts: boolean): Happening {
  return { type, body, contacts }
}

/** Nobody said "later". */
export const noPauses = { ours: null, theirs: null } as const

/** The moment by which an answer is owed, or null where the inbox promises none. */
export function dueAt(since: number, urgency: Urgency, answer: AnswerMinutes): number | null {
  const minutes = answer[urgency]
  return minutes === null ? null : since + minutes * 60_000
}

/** Gives the turn to a side. It goes on since when it began if it was that side's already. */
function withTurn(
  state: Conversation,
  turn: Turn,
  now: number,
  answer: AnswerMinutes,
): Conversation {
  if (state.turn === turn) return state
  const due = turn === 'ours' ? dueAt(now, state.urgency, answer) : null
  return { ...state, turn, turnSince: now, due }
}

/** The state with these pauses: paused while there is one, unless it is resolved. */
export function withPauses(state: Conversation, pauses: Conversation['pauses']): Conversation {
  const paused = pauses.ours !== null || pauses.theirs !== null
  const status = state.status === 'resolved' ? 'resolved' : paused ? 'paused' : 'open'
  return { ...state, pauses, status }
}

/** A contact hears of the end of its own pause, never of ours. */
function resumed(
  state: Conversation,
  cause: EventBody<'conversation.resumed'>['cause'],
): Happening[] {
  if (state.status !== 'paused') return []
  return [happening('conversation.resumed', { cause }, state.pauses.theirs !== null)]
}

/**
 * Whether words of a side can be small talk here: a contact's, where there is somebody to be woken. The first
 * words of all are never small talk.
 */
export function mayBeSmallTalk(state: Conversation, side: Side): boolean {
  if (side === 'ours' || state.replyCount === 0) return false
  return state.status !== 'open' || state.turn !== 'ours'
}

function say(
  state: Conversation,
  command: { kind: MessageKind; side: Side; isSmallTalk?: boolean },
  now: number,
  answer: AnswerMinutes,
): Decision {
  const number = state.lastNumber + 1
  if (command.kind === 'note') {
    assert(command.side === 'ours', 'only our side writes notes')
    return { state: { ...state, lastNumber: number, lastAt: now }, happenings: [] }
  }
  const heard: Conversation = {
    ...state,
    lastNumber: number,
    lastAt: now,
    replyCount: state.replyCount + 1,
    lastReply: number,
    lastReplyAt: now,
  }
  if (command.isSmallTalk === true && mayBeSmallTalk(state, command.side)) {
    return { state: heard, happenings: [] }
  }
  const happenings = resumed(state, 'message')
  if (state.status === 'resolved') {
    happenings.push(happening('conversation.reopened', { cause: 'message' }, true))
  }
  const said: Conversation = {
    ...heard,
    status: 'open',
    pauses: noPauses,
    resolution: null,
    lastReplySide: command.side,
  }
  const turn = command.side === 'theirs' ? 'ours' : 'theirs'
  return { state: withTurn(said, turn, now, answer), happenings }
}

function pause(
  state: Conversation,
  command: { side: Side; by: ActorId; until: number | null; reason: string },
  now: number,
): Result<Decision, Refusal> {
  const { side, by, until, reason } = command
  if (state.status === 'resolved') {
    return refused(
      refusal('conflict', { message: 'It is resolved; reopen it before you pause it.' }),
    )
  }
  if (until !== null && until <= now) {
    const message = 'A pause must end in the future.'
    return refused(refusal('invalid_field', { message, field: 'body.until' }))
  }
  if (until !== null && until > now + limits.pauseMsMax) {
    const message = 'A pause must not last longer than `limit` milliseconds.'
    return refused(
      refusal('invalid_field', { message, field: 'body.until', limit: limits.pauseMsMax }),
    )
  }
  const before = state.pauses[side]
  if (before !== null && before.until === until && before.reason === reason) {
    return ok({ state, happenings: [] })
  }
  const record: PauseRecord = { by, at: now, until, reason }
  return ok({
    state: withPauses(state, { ...state.pauses, [side]: record }),
    happenings: [happening('conversation.paused', { side, until }, side === 'theirs')],
  })
}

function resume(state: Conversation, side: Side): Decision {
  if (state.status !== 'paused') return { state, happenings: [] }
  // A contact knows of its own pause only, and must not end ours.
  if (side === 'theirs' && state.pauses.theirs === null) return { state, happenings: [] }
  const pauses = side === 'ours' ? noPauses : { ...state.pauses, theirs: null }
  return { state: withPauses(state, pauses), happenings: resumed(state, 'hand') }
}

/** A pause's time has come. One that was ended or moved since is left alone. */
function wake(state: Conversation, side: Side, until: number): Decision {
  if (state.pauses[side]?.until !== until) return { state, happenings: [] }
  return {
    state: withPauses(state, { ...state.pauses, [side]: null }),
    happenings: [happening('conversation.resumed', { cause: 'time' }, side === 'theirs')],
  }
}

/** Whose turn it is by hand: what sleeps is woken for it. */
function turn(state: Conversation, to: Side, now: number, answer: AnswerMinutes): Decision {
  if (state.status === 'open' && state.turn === to) return { state, happenings: [] }
  const happenings = resumed(state, 'hand')
  if (state.status === 'resolved') {
    happenings.push(happening('conversation.reopened', { cause: 'hand' }, true))
  }
  const woken: Conversation = { ...state, status: 'open', pauses: noPauses, resolution: null }
  const next = { ...withTurn(woken, to, now, answer), lastReplySide: other(to) }
  if (happenings.length === 0) {
    happenings.push(happening('conversation.changed', { fields: ['turn'] }, true))
  }
  return { state: next, happenings }
}

function other(side: Side): Side {
  return side === 'ours' ? 'theirs' : 'ours'
}

function resolve(state: Conversation, by: ActorId, now: number): Decision {
  if (state.status === 'resolved') return { state, happenings: [] }
  return {
    state: {
      ...state,
      status: 'resolved',
      turn: 'nobody',
      turnSince: now,
      due: null,
      pauses: noPauses,
      resolution: { by, at: now },
    },
    happenings: [happening('conversation.resolved', {}, true)],
  }
}

function reopen(state: Conversation, now: number, answer: AnswerMinutes): Decision {
  if (state.status !== 'resolved') return { state, happenings: [] }
  const turn = state.lastReplySide === 'theirs' ? 'ours' : 'theirs'
  return {
    state: withTurn({ ...state, status: 'open', resolution: null }, turn, now, answer),
    happenings: [happening('conversation.reopened', { cause: 'hand' }, true)],
  }
}

function change(
  state: Conversation,
  command: { subject?: string; urgency?: Urgency; labels?: readonly LabelId[] },
  answer: AnswerMinutes,
): Decision {
  const fields: EventBody<'conversation.changed'>['fields'] = []
  let next = state
  if (command.subject !== undefined && command.subject !== state.subject) {
    next = { ...next, subject: command.subject }
    fields.push('subject')
  }
  if (command.urgency !== undefined && command.urgency !== state.urgency) {
    const due = state.turn === 'ours' ? dueAt(state.turnSince, command.urgency, answer) : null
    next = { ...next, urgency: command.urgency, due }
    fields.push('urgency')
  }
  if (
    command.labels !== undefined &&
    JSON.stringify(command.labels) !== JSON.stringify(state.labels)
  ) {
    next = { ...next, labels: command.labels }
    fields.push('labels')
  }
  if (fields.length === 0) return { state, happenings: [] }
  const told = fields.includes('subject')
  return { state: next, happenings: [happening('conversation.changed', { fields }, told)] }
}

/** What must be true of every conversation that has been opened. */
export function check(state: Conversation): void {
  const { pauses, status, turn } = state
  const paused = pauses.ours !== null || pauses.theirs !== null
  assert((status === 'paused') === paused, 'paused means that a side said later')
  assert((status === 'resolved') === (state.resolution !== null), 'resolved has who and when')
  assert((status === 'resolved') === (turn === 'nobody'), 'only a resolved one owes nothing')
  assert(turn === 'ours' || state.due === null, 'only our answer can be due')
  assert(state.lastReply <= state.lastNumber, 'a reply is a message')
  assert(state.replyCount <= state.lastReply, 'replies are counted among the messages')
  assert(status !== 'resolved' || state.lease === null, 'nobody holds what is done')
}

/**
 * What a command does to a conversation, at a time (ms) and under its inbox's promises. Pure. Doing what
 * is so already changes nothing and says nothing.
 */
export function decide(
  state: Conversation,
  command: Command,
  now: number,
  answer: AnswerMinutes,
): Result<Decision, Refusal> {
  switch (command.type) {
    case 'say':
      return ok(say(state, command, now, answer))
    case 'pause':
      return pause(state, command, now)
    case 'resume':
      return ok(resume(state, command.side))
    case 'wake':
      return ok(wake(state, command.side, command.until))
    case 'turn':
      return ok(turn(state, command.to, now, answer))
    case 'resolve':
      return ok(resolve(state, command.by, now))
    case 'reopen':
      return ok(reopen(state, now, answer))
    case 'change':
      return ok(change(state, command, answer))
    default:
      return unreachable(command)
  }
}

/** A conversation before its first message is said. Whoever opens it says that message at once. */
export function unsaid(subject: string, now: number, openedBy: Side): Conversation {
  return {
    subject,
    urgency: 'normal',
    labels: [],
    status: 'open',
    turn: 'nobody',
    turnSince: now,
    due: null,
    pauses: noPauses,
    resolution: null,
    lastNumber: 0,
    lastAt: now,
    replyCount: 0,
    lastReply: 0,
    lastReplyAt: now,
    lastReplySide: openedBy,
    lease: null,
    token: 0,
  }
}
