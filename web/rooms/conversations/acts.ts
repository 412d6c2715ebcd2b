import { unreachable } from '@fermata/base/assert'
import type { AppId, ConversationId, LabelId, MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import type { LeaseView } from '@fermata/contract/leases.schema'
import { readFields, readOf, readUpTo } from '@fermata/contract/reading'
import type { Urgency } from '@fermata/contract/words'
import type { Client } from '@fermata/sdk/client'
import type { Guess } from '@fermata/sdk/store'

/** What a member may do to a conversation besides saying something. */
export type Act =
  | { readonly type: 'resolve' }
  | { readonly type: 'reopen' }
  | { readonly type: 'turn'; readonly to: 'ours' | 'theirs' }
  | { readonly type: 'pause'; readonly until: number | null; readonly reason: string }
  | { readonly type: 'resume' }
  | { readonly type: 'archive' }
  | { readonly type: 'unarchive' }
  | { readonly type: 'snooze'; readonly until: number }
  | { readonly type: 'unsnooze' }
  | { readonly type: 'read'; readonly number: number }
  | { readonly type: 'urgency'; readonly urgency: Urgency }
  | { readonly type: 'labels'; readonly labels: readonly LabelId[] }
  | { readonly type: 'subject'; readonly subject: string }
  | { readonly type: 'take' }
  | { readonly type: 'release' }
  | { readonly type: 'hand'; readonly holder: MemberId | AppId; readonly note: string }
  | { readonly type: 'pass'; readonly reason: string }
  | { readonly type: 'join'; readonly member: MemberId }
  | { readonly type: 'leave'; readonly member: MemberId }

/** What an act is done to, as it is known before. */
export interface Before {
  readonly row: ConversationRow
  readonly mine: MineView | undefined
}

/** Asks the server for an act. */
export function ask(
  client: Client,
  conversation: ConversationId,
  act: Act,
): Promise<Result<unknown, Refusal>> {
  const params = { conversation }
  switch (act.type) {
    case 'resolve':
      return client.conversations.resolve({ params })
    case 'reopen':
      return client.conversations.reopen({ params })
    case 'turn':
      return client.conversations.turn({ params, body: { turn: act.to } })
    case 'pause':
      return client.conversations.pause({ params, body: { until: act.until, reason: act.reason } })
    case 'resume':
      return client.conversations.resume({ params })
    case 'archive':
      return client.archive.put({ params })
    case 'unarchive':
      return client.archive.delete({ params })
    case 'snooze':
      return client.snooze.put({ params, body: { until: act.until } })
    case 'unsnooze':
      return client.snooze.delete({ params })
    case 'read':
      return client.cursor.put({ params, body: { number: act.number } })
    case 'urgency':
      return client.conversations.change({ params, body: { urgency: act.urgency } })
    case 'labels':
      return client.conversations.change({ params, body: { labels: [...act.labels] } })
    case 'subject':
      return client.conversations.change({ params, body: { subject: act.subject } })
    case 'take':
      return client.leases.take({ params, body: {} })
    case 'release':
      return client.leases.release({ params })
    case 'hand':
      return client.leases.hand({ params, body: { holder: act.holder, note: act.note } })
    case 'pass':
      return client.leases.pass({ params, body: { reason: act.reason } })
    case 'join':
      return client.participants.add({ params: { ...params, member: act.member } })
    case 'leave':
      return client.participants.remove({ params: { ...params, member: act.member } })
    default:
      return unreachable(act)
  }
}

/** What an act by `me` at `now` will have done, to be shown before the server confirms it. */
export function guessOf(conversation: ConversationId, act: Act, me: MemberId, now: number): Guess {
  const row = (change: (row: ConversationRow) => Partial<ConversationRow>): Guess => ({
    conversation,
    row: (before) => ({ ...before, ...change(before) }),
  })
  const mine = (change: (row: MineView) => Partial<MineView>): Guess => ({
    conversation,
    mine: (before) => ({ ...before, ...change(before) }),
  })
  switch (act.type) {
    case 'resolve':
      return row(() => ({
        status: 'resolved',
        turn: 'nobody',
        due: null,
        pause: null,
        resolution: { by: me, at: now },
        lease: null,
      }))
    case 'reopen':
      // Whose turn it becomes depends on who said the last word, which the last message tells.
      return row(({ preview }) => ({
        status: 'open',
        resolution: null,
        turn: preview?.author.kind === 'contact' ? 'ours' : 'theirs',
        turnSince: now,
      }))
    case 'turn':
      return row(() => ({
        status: 'open',
        pause: null,
        resolution: null,
        turn: act.to,
        turnSince: now,
      }))
    case 'pause':
      return row(() => ({
        status: 'paused',
        pause: { by: me, side: 'ours', at: now, until: act.until, reason: act.reason },
      }))
    case 'resume':
      return row(() => ({ status: 'open', pause: null }))
    case 'urgency':
      return row(() => ({ urgency: act.urgency }))
    case 'labels':
      return row(() => ({ labels: [...act.labels] }))
    case 'subject':
      return row(() => ({ subject: act.subject }))
    case 'take':
      return row(({ token }) => ({ lease: leaseFrom(now, me), token: token + 1 }))
    case 'release':
    case 'pass':
      return row(() => ({ lease: null }))
    case 'hand': {
      const note = act.note === '' ? null : { by: person(me), text: act.note }
      return row(({ token }) => ({
        lease: { ...leaseFrom(now, act.holder), note },
        token: token + 1,
      }))
    }
    case 'archive':
      return { conversation, ...archiveGuess() }
    case 'unarchive':
      return mine(() => ({ archivedNumber: null }))
    case 'snooze':
      return mine(() => ({ snoozedUntil: act.until }))
    case 'unsnooze':
      return mine(() => ({ snoozedUntil: null }))
    case 'read':
      return { conversation, mine: (before) => withRead(before, act.number) }
    case 'join':
    case 'leave':
      return { conversation }
    default:
      return unreachable(act)
  }
}

/** My own state once I have read up to a number, or marked unread from it on. */
function withRead(before: MineView, number: number): MineView {
  const { conversation, archivedNumber, snoozedUntil } = before
  const read = readFields(readUpTo(readOf(before), number))
  return { conversation, archivedNumber, snoozedUntil, ...read }
}

/** Somebody whose name the server will tell; until then it is found by the id. */
function person(id: MemberId | AppId): LeaseView['holder'] {
  return { kind: id.startsWith('app_') ? 'app' : 'member', id, name: '' }
}

function leaseFrom(now: number, holder: MemberId | AppId): LeaseView {
  return { holder: person(holder), since: now, until: now + limits.leaseMsDefault, note: null }
}

/** Archived means: up to whatever was said last, so any number that is not smaller will do. */
function archiveGuess(): Pick<Guess, 'mine'> {
  return { mine: (before) => ({ ...before, archivedNumber: Number.MAX_SAFE_INTEGER }) }
}

/** The acts that take an act back, in order; empty where nothing can. */
export function undoOf(act: Act, before: Before, me: MemberId): readonly Act[] {
  const { row, mine } = before
  const pausedAgain: readonly Act[] =
    row.pause?.side === 'ours'
      ? [{ type: 'pause', until: row.pause.until, reason: row.pause.reason }]
      : []
  switch (act.type) {
    case 'resolve':
      return [{ type: 'reopen' }, ...pausedAgain]
    case 'reopen':
      return [{ type: 'resolve' }]
    case 'turn': {
      if (row.resolution !== null) return [{ type: 'resolve' }]
      const turn: readonly Act[] = row.turn === 'theirs' ? [{ type: 'turn', to: 'theirs' }] : []
      return [...turn, ...pausedAgain]
    }
    case 'pause':
      return pausedAgain.length > 0 ? pausedAgain : [{ type: 'resume' }]
    case 'resume':
      return pausedAgain
    case 'archive':
      return [{ type: 'unarchive' }]
    case 'unarchive':
      return [{ type: 'archive' }]
    case 'snooze':
      return mine?.snoozedUntil == null
        ? [{ type: 'unsnooze' }]
        : [{ type: 'snooze', until: mine.snoozedUntil }]
    case 'unsnooze':
      return mine?.snoozedUntil == null ? [] : [{ type: 'snooze', until: mine.snoozedUntil }]
    case 'read':
      return [{ type: 'read', number: mine?.cursor ?? 0 }]
    case 'urgency':
      return [{ type: 'urgency', urgency: row.urgency }]
    case 'labels':
      return [{ type: 'labels', labels: row.labels }]
    case 'subject':
      return [{ type: 'subject', subject: row.subject }]
    case 'take':
      return [{ type: 'release' }]
    case 'release':
    case 'pass':
    case 'hand':
      // Somebody else may have it by now.
      return act.type !== 'hand' && row.lease?.holder.id === me ? [{ type: 'take' }] : []
    case 'join':
      return [{ type: 'leave', member: act.member }]
    case 'leave':
      return [{ type: 'join', member: act.member }]
    default:
      return unreachable(act)
  }
}

/** Whether the conversation is done with for now, so that the next one opens. */
export function movesOn(act: Act): boolean {
  return ['resolve', 'pause', 'archive', 'snooze', 'hand', 'pass'].includes(act.type)
}
