import type { ConversationId, Id, ScheduledId } from '@fermata/base/ids'
import type { AnyRow } from './channels.schema.ts'
import type { ContactView } from './contacts.schema.ts'
import type {
  ConversationRow,
  MessageView,
  MineView,
  ParticipantView,
} from './conversations.schema.ts'
import type { DraftView, ScheduledView } from './drafts.schema.ts'
import { isDesk } from './floor.ts'
import type { State, Thread, WindowKey } from './state.ts'
import { withEntry } from './state.ts'
import { extendWindow, settle } from './windows.ts'

/** A copy of a record with all of these things set, by their ids. */
function withAll<K extends Id, V extends { readonly id: K }>(
  held: Readonly<Partial<Record<K, V>>>,
  things: readonly V[],
): Readonly<Partial<Record<K, V>>> {
  const copy: Partial<Record<K, V>> = { ...held }
  for (const thing of things) copy[thing.id] = thing
  return copy
}

function withRows(
  state: State,
  fetched: {
    rows: readonly ConversationRow[]
    mine: readonly MineView[]
    contacts: readonly ContactView[]
  },
): State {
  const own = new Map(fetched.mine.map((mine) => [mine.conversation, mine]))
  let next: State = { ...state, contacts: withAll(state.contacts, fetched.contacts) }
  // One at a time: a window finds a row's place only while all its other rows stand in order.
  for (const row of fetched.rows) {
    const rows = withEntry(next.rows, row.id, row)
    const mine = withEntry(next.mine, row.id, own.get(row.id) ?? null)
    next = settle({ ...next, rows, mine }, row.id)
  }
  return next
}

/**
 * Takes over a fetched page of a list. Whoever calls keeps the events that it applied since it asked,
 * and applies those with a position beyond the answer's once more (`apply` does not mind).
 */
export function loadPage(
  state: State,
  key: WindowKey,
  page: {
    rows: readonly ConversationRow[]
    mine: readonly MineView[]
    contacts: readonly ContactView[]
    next: string | null
  },
  first: boolean,
): State {
  return extendWindow(withRows(state, page), key, { rows: page.rows, next: page.next, first })
}

/** Takes over a fetched conversation. */
export function loadConversation(
  state: State,
  fetched: {
    conversation: AnyRow
    contact: ContactView | null
    participants: readonly ParticipantView[]
    mine: MineView | null
  },
): State {
  const { conversation, contact, participants, mine } = fetched
  const next = isDesk(conversation)
    ? withRows(state, {
        rows: [conversation],
        mine: mine === null ? [] : [mine],
        contacts: contact === null ? [] : [contact],
      })
    : {
        ...state,
        floor: withEntry(state.floor, conversation.id, conversation),
        mine: withEntry(state.mine, conversation.id, mine),
      }
  const thread = next.threads[conversation.id]
  if (thread === undefined) return next
  return {
    ...next,
    threads: withEntry(next.threads, conversation.id, { ...thread, participants }),
  }
}

/** Takes over the answer to a conversation that became part of another: the other one, and where it went. */
export function loadMoved(
  state: State,
  asked: ConversationId,
  fetched: Parameters<typeof loadConversation>[1],
): State {
  const next = loadConversation(state, fetched)
  return { ...next, moved: withEntry(next.moved, asked, fetched.conversation.id) }
}

/** Takes over fetched messages: joined to what is known where they touch it, otherwise in its place. */
export function loadMessages(
  state: State,
  id: ConversationRow['id'],
  fetched: { messages: readonly MessageView[]; more: { before: boolean; after: boolean } },
): State {
  const known = state.threads[id]
  const first = fetched.messages[0]?.number
  const last = fetched.messages.at(-1)?.number
  const knownFirst = known?.messages[0]?.number
  const knownLast = known?.messages.at(-1)?.number
  const joined =
    known !== undefined &&
    first !== undefined &&
    last !== undefined &&
    knownFirst !== undefined &&
    knownLast !== undefined &&
    first <= knownLast + 1 &&
    last >= knownFirst - 1
  const thread: Thread = joined
    ? {
        participants: known.participants,
        messages: [
          ...known.messages.filter((message) => message.number < first),
          ...fetched.messages,
          ...known.messages.filter((message) => message.number > last),
        ],
        more: {
          before: first <= knownFirst ? fetched.more.before : known.more.before,
          after: last >= knownLast ? fetched.more.after : known.more.after,
        },
      }
    : {
        participants: known?.participants ?? [],
        messages: fetched.messages,
        more: fetched.more,
      }
  return { ...state, threads: withEntry(state.threads, id, thread) }
}

/** Takes over what I have begun to write, and say later. */
export function loadDrafts(
  state: State,
  fetched: { drafts: readonly DraftView[]; scheduled: readonly ScheduledView[] },
): State {
  const drafts = fetched.drafts.map((draft) => [draft.conversation, draft])
  return {
    ...state,
    drafts: Object.fromEntries(drafts) as State['drafts'],
    scheduled: withAll<ScheduledId, ScheduledView>({}, fetched.scheduled),
  }
}

/** Takes over the draft that all share in a conversation. */
export function loadShared(
  state: State,
  conversation: ConversationId,
  shared: DraftView | null,
): State {
  return { ...state, shared: withEntry(state.shared, conversation, shared) }
}
