import type { MoveId } from '@fermata/base/ids'
import type { MessageView } from '@fermata/contract/conversations.schema'
import type { AnyEvent } from '@fermata/contract/events.schema'
import type { Pending } from '@fermata/sdk/store'
import { daysBetween, wallAt } from '../../ui/time/zone.ts'
import { historyLines, standingMoves } from './history.ts'

/** A row of a conversation as it is shown, with a key that stays the same. */
export type TimelineItem =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly message: MessageView
      /** It goes on where its author just stopped, so the name need not be said again. */
      readonly continues: boolean
    }
  | {
      readonly kind: 'pending'
      readonly key: string
      readonly pending: Pending
      readonly continues: boolean
    }
  | {
      readonly kind: 'changes'
      readonly key: string
      readonly events: readonly AnyEvent[]
      /** The merges and splits that can be taken back. */
      readonly standing: ReadonlySet<MoveId>
    }

/** What a timeline is made of. */
export interface TimelineSource {
  readonly messages: readonly MessageView[]
  /** Whether there are messages before the first of these. */
  readonly moreBefore: boolean
  readonly events: readonly AnyEvent[]
  readonly pending: readonly Pending[]
  /** Up to where everything had been read when the conversation was opened; null shows no line. */
  readonly readTo: number | null
  readonly me: string
  readonly zone: string
}

/** How long a pause within one person's words may be before their name is said again. */
const continuesMs = 5 * 60_000

/**
 * Messages, what happened between them, days, the line before the first unread message and what waits to
 * be sent, in the order in which they are read.
 */
export function timelineOf(source: TimelineSource): TimelineItem[] {
  const items: TimelineItem[] = []
  const events = visibleEvents(source)
  const standing = standingMoves(source.events)
  let at = 0
  let divided = source.readTo === null
  for (const message of source.messages) {
    const before: AnyEvent[] = []
    for (; at < events.length && events[at]!.at <= message.at; at++) before.push(events[at]!)
    pushChanges(items, before, source.zone, standing)
    pushDay(items, message.at, source.zone)
    const isMine = message.author.id === source.me
    if (!divided && message.number > source.readTo! && !isMine) {
      divided = true
      items.push({ kind: 'unread', key: 'unread' })
    }
    const continues = continuesLast(items.at(-1), message.author.id, message.kind, message.at)
    // A message keeps its key from the moment it was written, so that it does not jump when it is sent.
    items.push({ kind: 'message', key: message.client, message, continues })
  }
  pushChanges(items, events.slice(at), source.zone, standing)
  const shown = new Set(source.messages.map((message) => message.client))
  for (const pending of source.pending) {
    const { entry } = pending
    if (shown.has(entry.id)) continue
    pushDay(items, entry.at, source.zone)
    const body = entry.send.kind === 'open' ? entry.send.body.message : entry.send.body
    const continues = continuesLast(items.at(-1), source.me, body.kind ?? 'reply', entry.at)
    items.push({ kind: 'pending', key: entry.id, pending, continues })
  }
  return items
}

/** Events that have something to say, and lie within what is shown of the messages. */
function visibleEvents(source: TimelineSource): AnyEvent[] {
  const from = source.moreBefore ? (source.messages[0]?.at ?? 0) : 0
  return source.events.filter((event) => event.at >= from && historyLines(event).length > 0)
}

function timeOf(item: TimelineItem | undefined): number | null {
  switch (item?.kind) {
    case 'message':
      return item.message.at
    case 'pending':
      return item.pending.entry.at
    case 'changes':
      return item.events.at(-1)!.at
    default:
      return null
  }
}

/** A day is named before whatever is the first of it; what was merged may lie before what stands above it. */
function pushDay(items: TimelineItem[], at: number, zone: string): void {
  const last = items.findLast((item) => timeOf(item) !== null)
  const before = timeOf(last)
  if (before !== null && daysBetween(wallAt(before, zone), wallAt(at, zone)) === 0) return
  items.push({ kind: 'day', key: `day ${at}`, at })
}

function pushChanges(
  items: TimelineItem[],
  events: readonly AnyEvent[],
  zone: string,
  standing: ReadonlySet<MoveId>,
): void {
  for (const event of events) {
    const before = items.length
    pushDay(items, event.at, zone)
    const last = items.at(-1)
    if (last?.kind === 'changes' && items.length === before) {
      items[items.length - 1] = { ...last, events: [...last.events, event] }
    } else {
      items.push({
        kind: 'changes',
        key: `changes ${event.position}`,
        events: [event],
        standing,
      })
    }
  }
}

function continuesLast(
  last: TimelineItem | undefined,
  author: string,
  kind: MessageView['kind'],
  at: number,
): boolean {
  if (last?.kind === 'message') {
    const { message } = last
    if (message.author.id !== author || message.kind !== kind) return false
    const gap = at - message.at
    return message.deletedAt === null && gap >= 0 && gap < continuesMs
  }
  if (last?.kind !== 'pending') return false
  const { send } = last.pending.entry
  const before = (send.kind === 'open' ? send.body.message.kind : send.body.kind) ?? 'reply'
  return before === kind && at - last.pending.entry.at < continuesMs
}
