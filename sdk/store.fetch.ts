import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, type Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import {
  loadConversation,
  loadDrafts,
  loadMessages,
  loadMoved,
  loadPage,
  loadShared,
} from '@fermata/contract/load'
import type { Answer, Call } from '@fermata/contract/routes.schema'
import { loadFloor } from '@fermata/contract/floor'
import type { FloorKey, WindowKey } from '@fermata/contract/state'
import type { Client } from './client.ts'
import type { Fetched } from './store.truth.ts'

/** Fetches something that a screen shows, all of it or none. */
export type Fetch = (signal: AbortSignal) => Promise<Result<readonly Fetched[], Refusal>>

type Page = Answer<'conversations.list'>
type Messages = Answer<'messages.list'>

/** Fetches the members, teams and inboxes that the caller may see; an app without the scope sees none. */
export async function fetchThings(
  client: Client,
  signal: AbortSignal,
): Promise<Result<readonly Fetched[], Refusal>> {
  const drafts = fetchDrafts(client, signal)
  // Whoever waits for the others first must not be told of its failure as of one nobody hears.
  drafts.catch(() => undefined)
  const [members, teams, inboxes, labels, replies, channels] = await Promise.all([
    client.members.list({}, { signal }),
    client.teams.list({}, { signal }),
    client.inboxes.list({}, { signal }),
    client.labels.list({}, { signal }),
    client.replies.list({}, { signal }),
    client.channels.list({}, { signal }),
  ])
  const fetched: Fetched[] = []
  for (const [name, one] of Object.entries({
    members,
    teams,
    inboxes,
    labels,
    replies,
    channels,
  })) {
    if (one.ok) {
      const { position, rows } = one.value
      const held = Object.fromEntries(rows.map((row) => [row.id, row]))
      fetched.push({ position, into: (state) => ({ ...state, [name]: held }) })
    } else if (one.refusal.code !== 'scope_missing') return one
  }
  if (channels.ok) {
    const { position, seats } = channels.value
    const held = Object.fromEntries(seats.map((seat) => [seat.channel, seat]))
    fetched.push({ position, into: (state) => ({ ...state, seats: held }) })
  }
  return ok([...fetched, ...(await drafts)])
}

/** What the caller has begun to write and says later; whoever may not is without. */
async function fetchDrafts(client: Client, signal: AbortSignal): Promise<readonly Fetched[]> {
  const answer = await client.drafts.list({}, { signal })
  if (!answer.ok) return []
  return [{ position: answer.value.position, into: (state) => loadDrafts(state, answer.value) }]
}

/** The draft that all share who answer in a conversation; among members there is none. */
async function fetchShared(
  client: Client,
  conversation: ConversationId,
  signal: AbortSignal,
): Promise<readonly Fetched[]> {
  const answer = await client.drafts.get({ params: { conversation } }, { signal })
  if (!answer.ok) return []
  const { position, shared } = answer.value
  return [{ position, into: (state) => loadShared(state, conversation, shared) }]
}

type FloorPage = Answer<'directs.list'>

function floorPage(
  client: Client,
  key: FloorKey,
  page: { page?: string; limit: number },
  signal: AbortSignal,
): Promise<Result<FloorPage, Refusal>> {
  if (key.kind === 'direct') return client.directs.list({ query: page }, { signal })
  const { channel } = key
  return client.channels.conversations({ params: { channel }, query: page }, { signal })
}

function floorFetched(key: FloorKey, page: FloorPage): Fetched {
  return { position: page.position, into: (state) => loadFloor(state, key, page) }
}

/** Fetches a list of conversations among members from its beginning, until `rows` are there or it ends. */
export async function fetchFloor(
  client: Client,
  key: FloorKey,
  rows: number,
  signal: AbortSignal,
): Promise<Result<readonly Fetched[], Refusal>> {
  const wanted = Math.min(rows, limits.windowRowsRefetchedMax)
  const fetched: Fetched[] = []
  let next: string | null = null
  for (let known = 0; fetched.length === 0 || (next !== null && known < wanted);) {
    const limit = Math.min(limits.pageRowsMax, Math.max(limits.pageRowsDefault, wanted - known))
    const from: { page?: string } = next === null ? {} : { page: next }
    const answer = await floorPage(client, key, { ...from, limit }, signal)
    if (!answer.ok) return answer
    fetched.push(floorFetched(key, answer.value))
    known += answer.value.rows.length
    next = answer.value.next
  }
  return ok(fetched)
}

/** Fetches the page of such a list that a token names. */
export async function fetchNextFloor(
  client: Client,
  key: FloorKey,
  page: string,
  signal: AbortSignal,
): Promise<Result<Fetched, Refusal>> {
  const answer = await floorPage(client, key, { page, limit: limits.pageRowsDefault }, signal)
  return answer.ok ? ok(floorFetched(key, answer.value)) : answer
}

function listQuery(key: WindowKey, page: string | null, limit: number): Call<'conversations.list'> {
  return {
    query: {
      list: key.list,
      limit,
      ...(key.inbox === null ? {} : { inbox: key.inbox }),
      ...(key.contact === null ? {} : { contact: key.contact }),
      ...(page === null ? {} : { page }),
    },
  }
}

function pageFetched(key: WindowKey, page: Page, first: boolean): Fetched {
  return { position: page.position, into: (state) => loadPage(state, key, page, first) }
}

/** Fetches a list from its beginning, until `rows` rows are there or the list ends. */
export async function fetchWindow(
  client: Client,
  key: WindowKey,
  rows: number,
  signal: AbortSignal,
): Promise<Result<readonly Fetched[], Refusal>> {
  const wanted = Math.min(rows, limits.windowRowsRefetchedMax)
  const fetched: Fetched[] = []
  let page: string | null = null
  for (let known = 0; fetched.length === 0 || (page !== null && known < wanted);) {
    const limit = Math.min(limits.pageRowsMax, Math.max(limits.pageRowsDefault, wanted - known))
    const answer: Result<Page, Refusal> = await client.conversations.list(
      listQuery(key, page, limit),
      { signal },
    )
    if (!answer.ok) return answer
    fetched.push(pageFetched(key, answer.value, fetched.length === 0))
    known += answer.value.rows.length
    page = answer.value.next
  }
  return ok(fetched)
}

/** Fetches the page of a list that a token names. */
export async function fetchNextPage(
  client: Client,
  key: WindowKey,
  page: string,
  signal: AbortSignal,
): Promise<Result<Fetched, Refusal>> {
  const query = listQuery(key, page, limits.pageRowsDefault)
  const answer = await client.conversations.list(query, { signal })
  return answer.ok ? ok(pageFetched(key, answer.value, false)) : answer
}

function conversationFetched(answer: Answer<'conversations.get'>): Fetched {
  return { position: answer.position, into: (state) => loadConversation(state, answer) }
}

function messagesFetched(conversation: ConversationId, answer: Messages): Fetched {
  return { position: answer.position, into: (state) => loadMessages(state, conversation, answer) }
}

/** Fetches a conversation, who takes part, and its last messages: at least `messages` of them. */
export async function fetchThread(
  client: Client,
  conversation: ConversationId,
  wanted: { readonly messages: number; readonly isOurs: boolean },
  signal: AbortSignal,
): Promise<Result<readonly Fetched[], Refusal>> {
  const params = { conversation }
  const { messages, isOurs } = wanted
  const [whole, last, shared] = await Promise.all([
    client.conversations.get({ params }, { signal }),
    client.messages.list({ params, query: { limit: limits.pageRowsDefault } }, { signal }),
    // A contact is not told what we are about to say.
    isOurs ? fetchShared(client, conversation, signal) : [],
  ])
  if (!whole.ok) return whole
  if (!last.ok) return last
  const { value } = whole
  if (value.conversation.id !== conversation) {
    return ok([
      { position: value.position, into: (state) => loadMoved(state, conversation, value) },
    ])
  }
  const fetched = [messagesFetched(conversation, last.value), ...shared]
  let known = last.value.messages.length
  let first = last.value.more.before ? last.value.messages[0]?.number : undefined
  while (first !== undefined && known < Math.min(messages, limits.windowRowsRefetchedMax)) {
    const older = await client.messages.list(
      { params, query: { before: first, limit: limits.pageRowsMax } },
      { signal },
    )
    if (!older.ok) return older
    fetched.push(messagesFetched(conversation, older.value))
    known += older.value.messages.length
    first = older.value.more.before ? older.value.messages[0]?.number : undefined
  }
  // The conversation comes last: only a thread that is there takes over who takes part.
  fetched.push(conversationFetched(whole.value))
  return ok(fetched)
}

/** Fetches some conversations as a list shows them, with my own state; those that are refused are left out. */
export async function fetchConversations(
  client: Client,
  conversations: readonly ConversationId[],
  signal: AbortSignal,
): Promise<Result<readonly Fetched[], Refusal>> {
  const answers = await Promise.all(
    conversations.map((conversation) =>
      client.conversations.get({ params: { conversation } }, { signal }),
    ),
  )
  return ok(answers.flatMap((answer) => (answer.ok ? [conversationFetched(answer.value)] : [])))
}

/** Fetches the messages before a number. */
export async function fetchOlder(
  client: Client,
  conversation: ConversationId,
  before: number,
  signal: AbortSignal,
): Promise<Result<Fetched, Refusal>> {
  const answer = await client.messages.list(
    { params: { conversation }, query: { before, limit: limits.pageRowsDefault } },
    { signal },
  )
  return answer.ok ? ok(messagesFetched(conversation, answer.value)) : answer
}
