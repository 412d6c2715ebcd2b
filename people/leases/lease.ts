import { unreachable } from '@fermata/base/assert'
import type { AppId, MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { LeaseBegin, LeaseEnd } from '@fermata/contract/words'

/** Who may hold a lease: a member or an app. The name is the one they had when they took it. */
export interface Holder {
  readonly id: MemberId | AppId
  readonly name: string
}

/** A lease while somebody holds it. Times are ms since the epoch. */
export interface Held {
  readonly holder: Holder
  readonly since: number
  /** It ends by itself then; what its holder does moves it on. */
  readonly until: number
  /** How long it lasts from the last act of its holder, in ms. */
  readonly spanMs: number
  /** What whoever handed it over wants its holder to know. */
  readonly note: { readonly by: Holder; readonly text: string } | null
}

/**
 * The right to answer. `token` counts how often it has been given: whoever brings an older one has been
 * overtaken, whatever they believe.
 */
export interface Lease {
  readonly token: number
  readonly held: Held | null
}

/** A lease that nobody has held yet. */
export const unheld: Lease = { token: 0, held: null }

/** What may be done to a lease. `spanMs` is how long it then lasts. */
export type Command =
  | { readonly type: 'take'; readonly by: Holder; readonly spanMs: number }
  /** Takes it for one who asked for the next; nobody holds it, or it would not be the next. */
  | { readonly type: 'next'; readonly by: Holder; readonly spanMs: number }
  /** Gives it to another. `mayMove`: also while a third one holds it. */
  | {
      readonly type: 'hand'
      readonly by: Holder
      readonly to: Holder
      readonly text: string
      readonly spanMs: number
      readonly mayMove: boolean
    }
  | { readonly type: 'release'; readonly by: Holder; readonly mayMove: boolean }
  /** Gives it back with a reason, never to be given it again as the next. */
  | { readonly type: 'pass'; readonly by: Holder; readonly reason: string }
  /** Does something that is no answer; a holder's lease lasts longer by it. */
  | { readonly type: 'act'; readonly by: Holder }
  /** Answers. `token`: the lease on which the answer was written, when its writer says so. */
  | { readonly type: 'answer'; readonly by: Holder; readonly token: number | null }
  | { readonly type: 'resolve'; readonly by: Holder }
  /** What it is the lease of becomes part of another. `mayMove`: also while somebody else holds it. */
  | { readonly type: 'merge'; readonly by: Holder; readonly mayMove: boolean }
  /** Its holder may not act here any more: deactivated, or the place is not theirs to see. */
  | { readonly type: 'withdraw'; readonly by: Holder['id'] | null }
  /** Its time may have come. */
  | { readonly type: 'expire' }

/** A part of what happened to a lease, in the order in which it happened. */
export type Step =
  | {
      readonly type: 'began'
      readonly token: number
      readonly held: Held
      readonly why: LeaseBegin
      readonly by: Holder['id']
    }
  | { readonly type: 'renewed' }
  | {
      readonly type: 'ended'
      readonly token: number
      readonly holder: Holder
      readonly why: LeaseEnd
      readonly at: number
      /** Who ended it; null when it ended by its time. */
      readonly by: Holder['id'] | null
      readonly reason: string
    }

/** A lease as it is now, and what happened to it. No steps: nothing did. */
export interface Outcome {
  readonly lease: Lease
  readonly steps: readonly Step[]
}

/** Says who holds it. */
function heldBy(holder: Holder): { ok: false; refusal: Refusal } {
  const message = `${holder.name} holds this conversation.`
  return refused(refusal('lease_held', { message, holder }))
}

function notYours(): { ok: false; refusal: Refusal } {
  return refused(refusal('conflict', { message: 'You do not hold this conversation.' }))
}

function ended(
  { lease, steps }: Outcome,
  end: { why: LeaseEnd; at: number; by: Holder['id'] | null; reason?: string },
): Outcome {
  if (lease.held === null) return { lease, steps }
  const { why, at, by, reason = '' } = end
  const { token, held } = lease
  const step = { type: 'ended', token, holder: held.holder, why, at, by, reason } as const
  return { lease: { token, held: null }, steps: [...steps, step] }
}

function begun(
  { lease, steps }: Outcome,
  begin: { held: Held; why: LeaseBegin; by: Holder['id'] },
): Outcome {
  const token = lease.token + 1
  const step = { type: 'began', token, ...begin } as const
  return { lease: { token, held: begin.held }, steps: [...steps, step] }
}

/** Lets it last from now, never shorter than it did. */
function renewed(before: Outcome, held: Held, now: number, gainMsMin: number): Outcome {
  const until = now + held.spanMs
  if (until - held.until < gainMsMin) return before
  const lease = { token: before.lease.token, held: { ...held, until } }
  return { lease, steps: [...before.steps, { type: 'renewed' }] }
}

/** A lease whose time is over is nobody's, also before anybody has noticed. */
function lapsed(lease: Lease, now: number): Outcome {
  const { held } = lease
  if (held === null || held.until > now) return { lease, steps: [] }
  return ended({ lease, steps: [] }, { why: 'expired', at: held.until, by: null })
}

function take(
  before: Outcome,
  command: { type: 'take' | 'next'; by: Holder; spanMs: number },
  now: number,
): Result<Outcome, Refusal> {
  const { by, spanMs } = command
  const { held } = before.lease
  if (held !== null && held.holder.id !== by.id) return heldBy(held.holder)
  if (held !== null) return ok(renewed(before, { ...held, spanMs }, now, 1))
  const mine = { holder: by, since: now, until: now + spanMs, spanMs, note: null }
  const why = command.type === 'next' ? 'next' : 'taken'
  return ok(begun(before, { held: mine, why, by: by.id }))
}

function hand(
  before: Outcome,
  command: Extract<Command, { type: 'hand' }>,
  now: number,
): Result<Outcome, Refusal> {
  const { by, to, text, spanMs, mayMove } = command
  const { held } = before.lease
  const isTheirs = held === null || held.holder.id === by.id
  if (!isTheirs && !mayMove) return heldBy(held.holder)
  const free = ended(before, { why: 'handed', at: now, by: by.id })
  const note = text === '' ? null : { by, text }
  const theirs = { holder: to, since: now, until: now + spanMs, spanMs, note }
  return ok(begun(free, { held: theirs, why: 'handed', by: by.id }))
}

function answer(
  before: Outcome,
  { by, token }: { by: Holder; token: number | null },
  now: number,
): Result<Outcome, Refusal> {
  const { lease } = before
  if (lease.held !== null && lease.held.holder.id !== by.id) return heldBy(lease.held.holder)
  if (token !== null && token !== lease.token) return refused(refusal('lease_lost'))
  const mine = { holder: by, since: now, until: now, spanMs: 0, note: null }
  const taken =
    lease.held === null ? begun(before, { held: mine, why: 'answer', by: by.id }) : before
  return ok(ended(taken, { why: 'answered', at: now, by: by.id }))
}

/**
 * What a command does to a lease at a time (ms). Pure. Doing what is so already changes nothing. Refuses
 * with `lease_held`, which names the holder, what only a holder may do while somebody else is it; and with
 * `lease_lost` an answer on a lease that somebody has held since.
 */
export function decide(lease: Lease, command: Command, now: number): Result<Outcome, Refusal> {
  const before = lapsed(lease, now)
  const { held } = before.lease
  switch (command.type) {
    case 'take':
    case 'next':
      return take(before, command, now)
    case 'hand':
      return hand(before, command, now)
    case 'release': {
      const { by, mayMove } = command
      if (held !== null && held.holder.id !== by.id && !mayMove) return heldBy(held.holder)
      return ok(ended(before, { why: 'released', at: now, by: by.id }))
    }
    case 'pass': {
      const { by, reason } = command
      // Also one whose time is just over: whoever says so late has still said it.
      const own = lease.held?.holder.id === by.id ? { lease, steps: [] } : before
      if (own.lease.held === null) return notYours()
      if (own.lease.held.holder.id !== by.id) return heldBy(own.lease.held.holder)
      return ok(ended(own, { why: 'passed', at: now, by: by.id, reason }))
    }
    case 'act': {
      if (held === null || held.holder.id !== command.by.id) return ok(before)
      const gainMsMin = Math.min(limits.leaseRenewMsMin, held.spanMs / 10)
      return ok(renewed(before, held, now, gainMsMin))
    }
    case 'answer':
      return answer(before, command, now)
    case 'resolve': {
      if (held !== null && held.holder.id !== command.by.id) return heldBy(held.holder)
      return ok(ended(before, { why: 'resolved', at: now, by: command.by.id }))
    }
    case 'merge': {
      const { by, mayMove } = command
      if (held !== null && held.holder.id !== by.id && !mayMove) return heldBy(held.holder)
      return ok(ended(before, { why: 'merged', at: now, by: by.id }))
    }
    case 'withdraw':
      return ok(ended(before, { why: 'withdrawn', at: now, by: command.by }))
    case 'expire':
      return ok(before)
    default:
      return unreachable(command)
  }
}
