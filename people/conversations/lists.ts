import { limits } from '@fermata/base/limits'
import { bytesOf, idBytes, idText, type ContactId, type InboxId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { compareKeys, sortKey, type SortKey } from '@fermata/contract/lists'
import { lists, type List } from '@fermata/contract/words'
import type { ReadTx } from '@fermata/storage/port'
import { accessInbox, visibleInboxes } from '../places/index.ts'
import { eyesOf } from './access.ts'
import {
  firstKey,
  inboxCounts,
  inboxLists,
  keyColumns,
  listForContact,
  listOfContact,
  type ListPage,
  type ListRow,
} from './lists.sql.ts'
import { recordOf } from './record.ts'
import { mineOrNull, rowView, type Eyes } from './views.ts'

/** What a page of a list holds. */
export interface ListedPage {
  readonly rows: ConversationRow[]
  readonly mine: MineView[]
  readonly next: string | null
}

/** Which list, how much of it, and from where. */
export interface ListAsked {
  readonly list?: List
  readonly inbox?: InboxId
  readonly contact?: ContactId
  readonly page?: string
  readonly limit?: number
}

/** The token of the page after a key: the list's name and the key, so that it outlives restarts. */
export function pageToken(list: List, key: SortKey): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url')
}

/** The key in a page token, or undefined when it is none of this list. */
export function keyOfPage(list: List, token: string): SortKey | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (!Array.isArray(parts) || parts.length !== 4 || parts[0] !== list) return undefined
    const [, a, b, id] = parts as unknown[]
    const sound = Number.isSafeInteger(a) && Number.isSafeInteger(b) && typeof id === 'string'
    return sound && idBytes(id) !== undefined ? [a as number, b as number, id] : undefined
  } catch {
    return undefined
  }
}

function listed(row: ListRow, eyes: Eyes): { row: ConversationRow; mine: MineView | null } {
  const preview =
    row.shown_kind === null
      ? null
      : {
          kind: row.shown_kind,
          author: row.shown_author ?? '',
          authorName: row.shown_author_name ?? '',
          text: row.shown_text ?? '',
          deleted: row.shown_deleted_at !== null,
        }
  const mine = mineOrNull({
    conversation: row.id,
    cursor: row.own_cursor ?? 0,
    archived_number: row.own_archived,
    snoozed_until: row.own_snoozed,
  })
  return { row: rowView(recordOf(row), preview, eyes), mine }
}

type Found = { row: ConversationRow; mine: MineView | null }[]

/** The rows of several inboxes, each in order already, as one list. */
function merged(list: List, found: Found): Found {
  return found.sort((a, b) => compareKeys(sortKey(list, a.row), sortKey(list, b.row)))
}

function paged(list: List, found: Found, limit: number): ListedPage {
  const kept = found.slice(0, limit)
  const last = kept.at(-1)?.row
  return {
    rows: kept.map(({ row }) => row),
    mine: kept.flatMap(({ mine }) => (mine === null ? [] : [mine])),
    next: found.length > limit && last !== undefined ? pageToken(list, sortKey(list, last)) : null,
  }
}

function wrong(field: string, message: string): { ok: false; refusal: Refusal } {
  return refused(refusal('invalid_field', { field, message }))
}

async function ofInboxes(
  tx: ReadTx,
  caller: Caller,
  asked: ListAsked & { list: List },
  page: Omit<ListPage, 'reader'>,
): Promise<Result<Found, Refusal>> {
  let inboxes = await visibleInboxes(tx, caller)
  if (asked.inbox !== undefined) {
    const inbox = await accessInbox(tx, caller, asked.inbox)
    if (!inbox.ok) return inbox
    inboxes = [inbox.value]
  }
  const found: Found = []
  for (const inbox of inboxes) {
    const params = { ...page, reader: caller.id, of: bytesOf(inbox.id) }
    const rows = await tx.all(inboxLists[asked.list], params)
    found.push(...rows.map((row) => listed(row, 'ours')))
  }
  return ok(inboxes.length > 1 ? merged(asked.list, found) : found)
}

/** All conversations of one contact in the inboxes that the caller sees. */
async function ofContact(
  tx: ReadTx,
  caller: Caller,
  contact: ContactId,
  page: Omit<ListPage, 'reader'>,
): Promise<Found> {
  const visible = new Set((await visibleInboxes(tx, caller)).map((inbox) => inbox.id))
  const found: Found = []
  let from = page
  for (;;) {
    const params = { ...from, reader: caller.id, of: bytesOf(contact) }
    const rows = await tx.all(listOfContact, params)
    for (const row of rows) {
      if (visible.has(idText('ibx', row.inbox))) found.push(listed(row, 'ours'))
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < page.limit || found.length >= page.limit) return found
    from = { ...from, a: last.last_at, id: last.id }
  }
}

/**
 * A page of a list in its order. A contact has one list, `all`, of its own conversations. Refuses a page
 * token of another list, an inbox the caller does not see, and filters that do not go together.
 */
export async function listPage(
  tx: ReadTx,
  caller: Caller,
  asked: ListAsked,
): Promise<Result<ListedPage, Refusal>> {
  const eyes = eyesOf(caller)
  const list = asked.list ?? (eyes === 'ours' && asked.contact === undefined ? 'ours' : 'all')
  const key = asked.page === undefined ? undefined : keyOfPage(list, asked.page)
  if (asked.page !== undefined && key === undefined) {
    return wrong('query.page', 'This page token does not belong to this list.')
  }
  const limit = asked.limit ?? limits.pageRowsDefault
  const from =
    key === undefined ? firstKey(list) : keyColumns(list, key, bytesOf(key[2] as InboxId))
  const page = { ...from, limit: limit + 1 }
  if (caller.kind === 'contact') {
    if (list !== 'all') return wrong('query.list', 'Only the list `all` is yours.')
    if (asked.contact !== undefined) return wrong('query.contact', 'All of the list is yours.')
    if (asked.inbox !== undefined) return wrong('query.inbox', 'All of the list is yours.')
    const params = { ...page, reader: caller.id, of: bytesOf(caller.id) }
    const rows = await tx.all(listForContact, params)
    const found = rows.map((row) => listed(row, eyes))
    return ok(paged(list, found, limit))
  }
  if (asked.contact !== undefined) {
    if (list !== 'all') return wrong('query.contact', '`contact` goes with the list `all` only.')
    if (asked.inbox !== undefined)
      return wrong('query.contact', '`contact` and `inbox` do not go together.')
    return ok(paged(list, await ofContact(tx, caller, asked.contact, page), limit))
  }
  const found = await ofInboxes(tx, caller, { ...asked, list }, page)
  return found.ok ? ok(paged(list, found.value, limit)) : found
}

/** How many conversations each list holds, exact up to `limits.countMax`; one more means "more". */
export async function listCounts(
  tx: ReadTx,
  caller: Caller,
  inbox: InboxId | undefined,
): Promise<Result<Record<List, number>, Refusal>> {
  let inboxes = await visibleInboxes(tx, caller)
  if (inbox !== undefined) {
    const accessed = await accessInbox(tx, caller, inbox)
    if (!accessed.ok) return accessed
    inboxes = [accessed.value]
  }
  const counts: Record<List, number> = { ours: 0, paused: 0, resolved: 0, all: 0 }
  for (const list of lists) {
    for (const { id } of inboxes) {
      const limit = limits.countMax + 1 - counts[list]
      if (limit <= 0) break
      const counted = await tx.get(inboxCounts[list], { of: bytesOf(id), reader: caller.id, limit })
      counts[list] += counted?.n ?? 0
    }
  }
  return ok(counts)
}
