import { limits } from '@fermata/base/limits'
import { bytesOf, idBytes, type ContactId, type InboxId } from '@fermata/base/ids'
import { present } from '@fermata/base/assert'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { compareKeys, servesInbox, sortKey, type SortKey } from '@fermata/contract/lists'
import type { List } from '@fermata/contract/words'
import type { ReadTx } from '@fermata/storage/port'
import { contactsJoined } from '../contacts/index.ts'
import { accessInbox, inboxDuties, type InboxDuty } from '../places/index.ts'
import { teamsOf } from '../teams/index.ts'
import { eyesOf } from './access.ts'
import { firstKeys } from './lists.keys.ts'
import { readKeys } from './lists.keys.sql.ts'
import {
  ascends,
  firstKey,
  keyColumns,
  listForContact,
  listOfContact,
  listOfReader,
  listRows,
  type InboxList,
  type ListPage,
  type ListRow,
} from './lists.sql.ts'
import { recordOf } from './record.ts'
import { mineOrNull, previewWords, rowView, type Eyes, type Preview } from './views.ts'

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

/** The message that a row shows; null before the first word. */
export function previewOfRow(row: ListRow): Preview | null {
  if (row.shown_kind === null) return null
  return {
    kind: row.shown_kind,
    author: row.shown_author ?? '',
    authorName: row.shown_author_name ?? '',
    text: previewWords(row.shown_text ?? '', row.shown_files),
    deleted: row.shown_deleted_at !== null,
  }
}

/** What the reader of a row has of their own in it. */
export function mineOfRow(row: ListRow): MineView | null {
  return mineOrNull({
    conversation: row.id,
    cursor: row.own_cursor ?? 0,
    beyond: row.own_beyond,
    archived_number: row.own_archived,
    snoozed_until: row.own_snoozed,
  })
}

function listed(row: ListRow, eyes: Eyes): { row: ConversationRow; mine: MineView | null } {
  return { row: rowView(recordOf(row), previewOfRow(row), eyes), mine: mineOfRow(row) }
}

type Found = { row: ConversationRow; mine: MineView | null }[]

/** Rows that were found apart as one list. */
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

/** The inboxes that a list is about: the one that was asked for, or all that the caller sees. */
export async function inboxesAsked(
  tx: ReadTx,
  caller: Caller,
  asked: InboxId | undefined,
): Promise<Result<readonly InboxDuty[], Refusal>> {
  if (asked === undefined) return ok(await inboxDuties(tx, caller))
  const inbox = await accessInbox(tx, caller, asked)
  return inbox.ok ? ok([{ id: bytesOf(asked), team: inbox.value.team }]) : inbox
}

/** Those of some inboxes in which what nobody holds is the caller's to do. */
export async function served(
  tx: ReadTx,
  caller: Caller,
  inboxes: readonly InboxDuty[],
): Promise<readonly InboxDuty[]> {
  const teams = await teamsOf(tx, caller)
  return inboxes.filter((inbox) => servesInbox(caller.id, inbox, (team) => teams.has(team)))
}

async function ofInboxes(
  tx: ReadTx,
  caller: Caller,
  asked: ListAsked & { list: List },
  page: Omit<ListPage, 'reader'>,
): Promise<Result<Found, Refusal>> {
  const inboxes = await inboxesAsked(tx, caller, asked.inbox)
  if (!inboxes.ok) return inboxes
  const { list } = asked
  const free = list === 'myTurn'
  const found = free
    ? [
        ...(await keptIn(tx, caller, 'free', await served(tx, caller, inboxes.value), page)),
        ...(await heldIn(tx, caller, inboxes.value, page)),
      ]
    : await keptIn(tx, caller, list, inboxes.value, page)
  return ok(merged(list, found))
}

/** The first rows of a list in some inboxes, in no order. */
async function keptIn(
  tx: ReadTx,
  caller: Caller,
  list: InboxList,
  inboxes: readonly InboxDuty[],
  { a, b, id, limit }: Omit<ListPage, 'reader'>,
): Promise<Found> {
  const keys = await firstKeys(
    inboxes.map((inbox) => hexOf(inbox.id)),
    { from: [a, b, hexOf(id)], ascends: ascends(list), limit },
    (asked, each) => readKeys(tx, list, caller.id, asked, each),
  )
  const rows = await listRows(
    tx,
    caller.id,
    keys.map(([, , key]) => key),
  )
  return rows.map((row) => listed(row, 'ours'))
}

/** An id as the queries of lists give it. */
export function hexOf(id: Uint8Array): string {
  return Buffer.from(id).toString('hex').toUpperCase()
}

/** What the caller holds in some inboxes. */
async function heldIn(
  tx: ReadTx,
  caller: Caller,
  inboxes: readonly InboxDuty[],
  page: Omit<ListPage, 'reader'>,
): Promise<Found> {
  const within = new Set(inboxes.map((inbox) => hexOf(inbox.id)))
  return scanned(page, {
    read: (from) => tx.all(listOfReader, { ...from, reader: caller.id, of: noBytes }),
    after: ({ due_key: a, turn_since: b, id }) => ({ a, b, id }),
    holds: (row) => within.has(inboxOf(row)),
  })
}

/** Lists of inboxes hold nothing else than what is in inboxes. */
function inboxOf(row: { readonly inbox: Uint8Array | null }): string {
  return hexOf(present(row.inbox, 'an inbox'))
}

const noBytes = new Uint8Array(16)

/** Reads on page by page until enough rows were found that the caller may see. */
async function scanned(
  page: Omit<ListPage, 'reader'>,
  way: {
    read(from: Omit<ListPage, 'reader'>): Promise<ListRow[]>
    after(last: ListRow): Pick<ListPage, 'a' | 'b' | 'id'>
    holds(row: ListRow): boolean
  },
): Promise<Found> {
  const found: Found = []
  let from = page
  for (;;) {
    const rows = await way.read(from)
    for (const row of rows) if (way.holds(row)) found.push(listed(row, 'ours'))
    const last = rows.at(-1)
    if (last === undefined || rows.length < page.limit || found.length >= page.limit) return found
    from = { ...from, ...way.after(last) }
  }
}

/** All conversations of one person in the inboxes that the caller sees, whichever contact of theirs is named. */
async function ofContact(
  tx: ReadTx,
  caller: Caller,
  contact: ContactId,
  page: Omit<ListPage, 'reader'>,
): Promise<Found> {
  const visible = new Set((await inboxDuties(tx, caller)).map((inbox) => hexOf(inbox.id)))
  const found: Found = []
  for (const one of await contactsJoined(tx, caller.workspace, contact)) {
    const some = await scanned(page, {
      read: (from) => tx.all(listOfContact, { ...from, reader: caller.id, of: bytesOf(one) }),
      after: (last) => ({ a: last.last_at, b: 0, id: last.id }),
      holds: (row) => visible.has(inboxOf(row)),
    })
    found.push(...some)
  }
  return merged('all', found)
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
