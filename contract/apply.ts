import type { ContactId, ConversationId } from '@fermata/base/ids'
import type { MessageView, MineView } from './conversations.schema.ts'
import type { AnyEvent } from './events.schema.ts'
import { isDesk, withFloor } from './floor.ts'
import type { InboxView } from './places.schema.ts'
import { isInTeam, withEntry, type State, type Thread } from './state.ts'
import { settle, staleContactWindows, staleWindows } from './windows.ts'

/** A thread with a message put where its number belongs, if that lies within what is known. */
function withMessage(thread: Thread, message: MessageView): Thread {
  const at = thread.messages.findIndex((known) => known.number === message.number)
  if (at >= 0) return { ...thread, messages: thread.messages.with(at, message) }
  const last = thread.messages.at(-1)?.number ?? 0
  const follows = message.number > last && !thread.more.after
  return follows ? { ...thread, messages: [...thread.messages, message] } : thread
}

/**
 * Holds exactly the inboxes that the viewer may see, and forgets the conversations of all others. What an
 * inbox holds that was gained, or went to another team, is in no event of the past, so the windows must be
 * fetched again.
 */
function withInboxes(state: State, visible: readonly InboxView[]): State {
  const inboxes = Object.fromEntries(visible.map((inbox) => [inbox.id, inbox]))
  const gained = visible.some((inbox) => state.inboxes[inbox.id]?.team !== inbox.team)
  let next: State = { ...state, inboxes }
  for (const row of Object.values(state.rows)) {
    if (row !== undefined && inboxes[row.inbox] === undefined) {
      next = withoutConversation(next, row.id)
    }
  }
  return gained ? staleWindows(next) : next
}

function withoutConversation(state: State, id: ConversationId): State {
  const next: State = {
    ...state,
    rows: withEntry(state.rows, id, null),
    floor: withEntry(state.floor, id, null),
    mine: withEntry(state.mine, id, null),
    threads: withEntry(state.threads, id, null),
    shared: withEntry(state.shared, id, null),
  }
  return settle(next, id)
}

/** Posting is reading: my own message moves my cursor to its number, as it does on the server. */
function readByPosting(state: State, message: MessageView): State {
  const known = state.mine[message.conversation]
  const mine: MineView = {
    conversation: message.conversation,
    cursor: message.number,
    archivedNumber: known?.archivedNumber ?? null,
    snoozedUntil: known?.snoozedUntil ?? null,
  }
  return { ...state, mine: withEntry(state.mine, message.conversation, mine) }
}

function byId<T extends { readonly id: string }>(things: readonly T[]): Record<T['id'], T> {
  return Object.fromEntries(things.map((thing) => [thing.id, thing])) as Record<T['id'], T>
}

/** Takes over what is written and not yet said. */
function withDrafts(state: State, event: AnyEvent): State {
  const { now } = event
  switch (event.type) {
    case 'draft.changed':
    case 'draft.removed': {
      if (now.draft === undefined) return state
      const { conversation, shared } = event.body
      const held = shared ? 'shared' : 'drafts'
      return { ...state, [held]: withEntry(state[held], conversation, now.draft) }
    }
    case 'scheduled.changed':
    case 'scheduled.sent':
    case 'scheduled.removed': {
      const scheduled = withEntry(state.scheduled, event.body.scheduled, now.scheduled ?? null)
      return { ...state, scheduled }
    }
    default:
      return state
  }
}

/** Takes over labels and prepared replies. */
function withPrepared(state: State, event: AnyEvent): State {
  const { now } = event
  let next = state
  switch (event.type) {
    case 'label.added':
    case 'label.changed':
    case 'label.removed':
      next = { ...next, labels: withEntry(next.labels, event.body.label, now.label ?? null) }
      break
    case 'reply.added':
    case 'reply.changed':
    case 'reply.removed':
      next = { ...next, replies: withEntry(next.replies, event.body.reply, now.reply ?? null) }
      break
    default:
  }
  if (now.labels) next = { ...next, labels: byId(now.labels) }
  if (now.replies) next = { ...next, replies: byId(now.replies) }
  return next
}

/** Takes over the things beside conversations that an event tells about. */
function withThings(state: State, event: AnyEvent): State {
  const { now } = event
  let next = state
  if (now.contact) {
    const { id, person } = now.contact
    const moved = (next.contacts[id]?.person ?? null) !== person
    next = { ...next, contacts: withEntry(next.contacts, id, now.contact) }
    if (moved) next = staleContactWindows(next)
  }
  if (now.member) next = { ...next, members: withEntry(next.members, now.member.id, now.member) }
  if (now.team) {
    const { id } = now.team
    // Whose work the team's is was decided by who was in it.
    const moved = isInTeam(next.teams[id], next.me) !== isInTeam(now.team, next.me)
    next = { ...next, teams: withEntry(next.teams, id, now.team) }
    if (moved) next = staleWindows(next)
  }
  if (now.inbox) {
    const gained = next.inboxes[now.inbox.id]?.team !== now.inbox.team
    next = { ...next, inboxes: withEntry(next.inboxes, now.inbox.id, now.inbox) }
    if (gained) next = staleWindows(next)
  }
  if (event.type === 'team.removed') {
    next = { ...next, teams: withEntry(next.teams, event.body.team, null) }
  }
  next = withDrafts(next, event)
  next = withPrepared(next, event)
  next = withFloor(next, event)
  if (now.members) next = { ...next, members: byId(now.members) }
  if (now.teams) next = { ...next, teams: byId(now.teams) }
  if (now.inboxes) next = withInboxes(next, now.inboxes)
  return next
}

/** A conversation has one contact, so whatever a contact said in it was said by that one. */
function withContact(thread: Thread, contact: ContactId): Thread {
  const messages = thread.messages.map((message) =>
    message.author.kind === 'contact'
      ? { ...message, author: { ...message.author, id: contact } }
      : message,
  )
  return { ...thread, messages }
}

function withThread(state: State, id: ConversationId, event: AnyEvent): State {
  const thread = state.threads[id]
  if (thread === undefined) return state
  // Its messages have other numbers now: they are fetched afresh.
  if (rearranged.has(event.type)) return { ...state, threads: withEntry(state.threads, id, null) }
  let next = thread
  if (event.type === 'conversation.changed' && event.body.fields.includes('contact')) {
    const row = event.now.conversation
    if (row && isDesk(row)) next = withContact(next, row.contact)
  }
  if (event.now.message) next = withMessage(next, event.now.message)
  if (event.now.participants) next = { ...next, participants: event.now.participants }
  return next === thread ? state : { ...state, threads: withEntry(state.threads, id, next) }
}

/**
 * The state after an event. Every change is "set to what is true now", so that applying an event
 * again, or one that a fetch already knew of, does no harm. Events must come in order.
 */
export function apply(state: State, event: AnyEvent): State {
  let next: State = withThings(
    event.position > state.position ? { ...state, position: event.position } : state,
    event,
  )
  const id = event.conversation
  if (id === null) return next
  next = withMoved(next, id, event)
  if (event.now.conversation === null) return withoutConversation(next, id)
  const row = event.now.conversation
  if (row && isDesk(row)) next = { ...next, rows: withEntry(next.rows, id, row) }
  else if (row) next = { ...next, floor: withEntry(next.floor, id, row) }
  if (event.now.mine !== undefined)
    next = { ...next, mine: withEntry(next.mine, id, event.now.mine) }
  if (event.type === 'message.posted' && event.actor === next.me && event.now.message) {
    next = readByPosting(next, event.now.message)
  }
  return settle(withThread(next, id, event), id)
}

/** Notes where a conversation went that became part of another, or that it is back. */
function withMoved(state: State, id: ConversationId, event: AnyEvent): State {
  switch (event.type) {
    case 'conversation.merged':
    case 'conversation.unsplit': {
      const gone = event.type === 'conversation.merged' ? 'source' : 'target'
      if (event.body.role !== gone) return state
      return { ...state, moved: withEntry(state.moved, id, event.body.other) }
    }
    case 'conversation.unmerged':
      return { ...state, moved: withEntry(state.moved, id, null) }
    default:
      return state
  }
}

const rearranged: ReadonlySet<string> = new Set([
  'conversation.merged',
  'conversation.split',
  'conversation.unmerged',
  'conversation.unsplit',
])

/** The state after a frame's events, and scanned up to the frame's position. */
export function applyAll(state: State, events: readonly AnyEvent[], position: number): State {
  let next = state
  for (const event of events) next = apply(next, event)
  return position > next.position ? { ...next, position } : next
}
