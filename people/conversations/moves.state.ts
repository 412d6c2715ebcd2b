import { limits } from '@fermata/base/limits'
import type { AnswerMinutes } from '@fermata/contract/places.schema'
import { urgencies, type Side, type Turn, type Urgency } from '@fermata/contract/words'
import { dueAt, noPauses, withPauses, type Conversation, type PauseRecord } from './conversation.ts'

/** A message as far as it counts and speaks. */
export interface Spoken {
  readonly number: number
  readonly at: number
  /** Whose reply it is; null for a note. */
  readonly side: Side | null
  /** Whether it is a reply that woke nobody. */
  readonly isSmallTalk: boolean
}

type Tally = Pick<
  Conversation,
  'lastNumber' | 'lastAt' | 'replyCount' | 'lastReply' | 'lastReplyAt' | 'lastReplySide'
>

/** What a conversation counts of its messages, which stand in their order from 1. */
export function tallyOf(said: readonly Spoken[]): Tally {
  const replies = said.filter(({ side }) => side !== null)
  const latest = (some: readonly Spoken[]) => some.reduce((at, one) => Math.max(at, one.at), 0)
  const meant = replies.filter(({ isSmallTalk }) => !isSmallTalk)
  const at = latest(meant)
  return {
    lastNumber: said.length,
    lastAt: latest(said),
    replyCount: replies.length,
    lastReply: replies.at(-1)?.number ?? 0,
    lastReplyAt: latest(replies),
    lastReplySide: meant.findLast((one) => one.at === at)?.side ?? 'theirs',
  }
}

/** Both counted together, the source behind the target. */
function tallyTogether(target: Conversation, source: Conversation): Tally {
  const later = source.lastReplyAt > target.lastReplyAt ? source : target
  return {
    lastNumber: target.lastNumber + source.lastNumber,
    lastAt: Math.max(target.lastAt, source.lastAt),
    replyCount: target.replyCount + source.replyCount,
    lastReply: source.lastReply === 0 ? target.lastReply : target.lastNumber + source.lastReply,
    lastReplyAt: later.lastReplyAt,
    lastReplySide: later.lastReplySide,
  }
}

function higher(a: Urgency, b: Urgency): Urgency {
  return urgencies.indexOf(a) >= urgencies.indexOf(b) ? a : b
}

function earliest(...times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** Whose turn it is when two are one: a debt of either stays, since the earlier of them. */
function turnTogether(
  a: Conversation,
  b: Conversation,
  urgency: Urgency,
  answer: AnswerMinutes,
): Pick<Conversation, 'turn' | 'turnSince' | 'due'> {
  const turn = (['ours', 'theirs', 'nobody'] as const).find(
    (one) => a.turn === one || b.turn === one,
  )
  const of = [a, b].filter((one) => one.turn === turn)
  const since = of.map((one) => one.turnSince)
  if (turn !== 'ours') {
    return { turn: turn ?? 'nobody', turnSince: Math.max(...since), due: null }
  }
  const turnSince = Math.min(...since)
  const due = earliest(dueAt(turnSince, urgency, answer), ...of.map((one) => one.due))
  return { turn, turnSince, due }
}

/** When a pause ends, for comparing: one without an end lasts longest. */
function endOf({ until }: PauseRecord): number {
  return until ?? Number.MAX_SAFE_INTEGER
}

/** Ours hides a debt, so it holds only where it covered every one, and no longer than the shorter of two. */
function pausesTogether(a: Conversation, b: Conversation): Conversation['pauses'] {
  const both = [a, b]
  const isBare = both.some((one) => one.turn === 'ours' && one.pauses.ours === null)
  const ours = both.flatMap(({ pauses }) => (pauses.ours === null ? [] : [pauses.ours]))
  const shortest = ours.toSorted((one, other) => endOf(one) - endOf(other))[0]
  return {
    ours: isBare ? null : (shortest ?? null),
    theirs: a.pauses.theirs ?? b.pauses.theirs,
  }
}

/** What two conversations are in that have become one, under the promises of the target's inbox. Pure. */
export function united(
  target: Conversation,
  source: Conversation,
  answer: AnswerMinutes,
): Conversation {
  const urgency = higher(target.urgency, source.urgency)
  const isResolved = target.status === 'resolved' && source.status === 'resolved'
  const labels = [...new Set([...target.labels, ...source.labels])]
  const one: Conversation = {
    ...target,
    ...tallyTogether(target, source),
    ...turnTogether(target, source, urgency, answer),
    subject: target.subject === '' ? source.subject : target.subject,
    urgency,
    labels: labels.slice(0, limits.labelsPerConversationMax),
    status: 'open',
    resolution: null,
  }
  if (isResolved) return { ...one, status: 'resolved', resolution: target.resolution }
  return withPauses(one, pausesTogether(target, source))
}

/** Whose turn it is by what was said: ours since the first word that was not answered. */
export function turnBySaying(
  said: readonly Spoken[],
): { readonly turn: Exclude<Turn, 'nobody'>; readonly turnSince: number } | null {
  return said.reduce<ReturnType<typeof turnBySaying>>((found, { side, at, isSmallTalk }) => {
    if (side === null || isSmallTalk) return found
    const turn = side === 'theirs' ? 'ours' : 'theirs'
    return found?.turn === turn ? found : { turn, turnSince: at }
  }, null)
}

function derived(
  state: Conversation,
  said: readonly Spoken[],
  answer: AnswerMinutes,
): Conversation {
  const tally = tallyOf(said)
  const by = turnBySaying(said)
  if (state.status === 'resolved' || by === null) return { ...state, ...tally }
  const due = by.turn === 'ours' ? dueAt(by.turnSince, state.urgency, answer) : null
  return { ...state, ...tally, ...by, due }
}

/**
 * What the two parts of a conversation are in: what stays keeps who holds it and who said "later". Whether
 * both are resolved stays as it was; otherwise the turn of each follows from what was said in it. Pure.
 */
export function parted(
  state: Conversation,
  stays: readonly Spoken[],
  goes: readonly Spoken[],
  { subject, answer }: { readonly subject: string; readonly answer: AnswerMinutes },
): { readonly stays: Conversation; readonly goes: Conversation } {
  const free: Conversation = { ...state, subject, lease: null, token: 0 }
  const fresh = state.status === 'resolved' ? free : withPauses(free, noPauses)
  return { stays: derived(state, stays, answer), goes: derived(fresh, goes, answer) }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** What it was, where nobody has changed it since; otherwise what it is. */
function unlessChanged<T>(before: T, after: T, now: T): T {
  return same(after, now) ? before : now
}

/** A conversation before a move, right after it, and as it is now. */
export interface Course {
  readonly before: Conversation
  readonly after: Conversation
  readonly now: Conversation
}

/**
 * What a conversation is in when a move is taken back: whatever nobody has changed since is as it was. Words that
 * were said since decide whose turn it is. Who holds it now, holds it, and what was resolved before stays open as
 * long as somebody has it in hand. `said` is what it holds then. Pure.
 */
export function takenBack({ before, after, now }: Course, said: readonly Spoken[]): Conversation {
  const hasNews = now.replyCount !== after.replyCount
  const back: Conversation = {
    ...now,
    subject: unlessChanged(before.subject, after.subject, now.subject),
    urgency: unlessChanged(before.urgency, after.urgency, now.urgency),
    labels: unlessChanged(before.labels, after.labels, now.labels),
    ...tallyBack(before, now.lastNumber === after.lastNumber ? null : said, hasNews ? now : before),
  }
  if (hasNews) return back
  const turn = (one: Conversation) => [one.turn, one.turnSince, one.due, one.resolution] as const
  const isInHand = before.resolution !== null && now.lease !== null
  const [whose, turnSince, due, resolution] = isInHand
    ? turn(now)
    : unlessChanged(turn(before), turn(after), turn(now))
  const pauses = unlessChanged(before.pauses, after.pauses, now.pauses)
  const turned: Conversation = { ...back, turn: whose, turnSince, due, resolution }
  if (resolution !== null) return { ...turned, status: 'resolved', pauses: noPauses }
  return withPauses({ ...turned, status: 'open' }, pauses)
}

/** What is counted of the messages that are left; nothing was said since where `said` is null. */
function tallyBack(
  before: Conversation,
  said: readonly Spoken[] | null,
  { lastReplyAt, lastReplySide }: Conversation,
): Tally {
  const { lastNumber, lastAt, replyCount, lastReply } = said === null ? before : tallyOf(said)
  return { lastNumber, lastAt, replyCount, lastReply, lastReplyAt, lastReplySide }
}
