import type { ContactId, ConversationId } from '@fermata/base/ids'
import type { ConversationRow } from './conversations.schema.ts'
import { compareKeys, inList, sortKey, type SortKey } from './lists.ts'
import {
  lookerOf,
  windowName,
  withEntry,
  type State,
  type Window,
  type WindowKey,
} from './state.ts'

/** Whose person a contact is, as far as it is known. */
function personOf(state: State, contact: ContactId): ContactId {
  return state.contacts[contact]?.person ?? contact
}

/** Whether a window's list holds the conversation in this state. */
function holds(state: State, key: WindowKey, row: ConversationRow): boolean {
  if (key.inbox !== null && row.inbox !== key.inbox) return false
  if (key.contact !== null && personOf(state, row.contact) !== personOf(state, key.contact)) {
    return false
  }
  return inList(key.list, row, state.mine[row.id], lookerOf(state))
}

/** Where the first id stands whose key is not smaller: binary search over the known rows. */
function placeOf(
  state: State,
  window: Window,
  ids: readonly ConversationId[],
  key: SortKey,
): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const row = state.rows[ids[middle]!]!
    if (compareKeys(sortKey(window.key.list, row), key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function settled(state: State, window: Window, id: ConversationId): Window {
  const row = state.rows[id]
  const at = window.ids.indexOf(id)
  const without = at < 0 ? window.ids : window.ids.toSpliced(at, 1)
  if (row === undefined || !holds(state, window.key, row)) {
    return at < 0 ? window : { ...window, ids: without }
  }
  const key = sortKey(window.key.list, row)
  if (window.end !== null && compareKeys(key, window.end) > 0) {
    return at < 0 ? window : { ...window, ids: without }
  }
  const place = placeOf(state, window, without, key)
  if (place === at) return window
  return { ...window, ids: without.toSpliced(place, 0, id) }
}

/** Puts a conversation whose row or own state has changed into its right place in every window. */
export function settle(state: State, id: ConversationId): State {
  let windows = state.windows
  for (const [name, window] of Object.entries(state.windows)) {
    if (window === undefined) continue
    const next = settled(state, window, id)
    if (next !== window) windows = withEntry(windows, name, next)
  }
  return windows === state.windows ? state : { ...state, windows }
}

/** Marks every window as to be fetched afresh. */
export function staleWindows(state: State): State {
  const windows: Record<string, Window> = {}
  for (const [name, window] of Object.entries(state.windows)) {
    if (window !== undefined) windows[name] = { ...window, stale: true }
  }
  return { ...state, windows }
}

/** Adds a fetched page to its window: the first page replaces it, a later one continues it. */
export function extendWindow(
  state: State,
  key: WindowKey,
  page: { rows: readonly ConversationRow[]; next: string | null; first: boolean },
): State {
  const name = windowName(key)
  const before = page.first ? undefined : state.windows[name]
  const last = page.rows.at(-1)
  const ids = [...(before?.ids ?? [])]
  const seen = new Set(ids)
  for (const row of page.rows) if (!seen.has(row.id)) ids.push(row.id)
  const window: Window = {
    key,
    ids,
    end:
      page.next === null
        ? null
        : last === undefined
          ? (before?.end ?? null)
          : sortKey(key.list, last),
    next: page.next,
    stale: false,
  }
  return { ...state, windows: withEntry(state.windows, name, window) }
}

/** Marks the windows of contacts as to be fetched afresh: somebody turned out to be, or not to be, another. */
export function staleContactWindows(state: State): State {
  const windows: Record<string, Window> = {}
  for (const [name, window] of Object.entries(state.windows)) {
    if (window === undefined) continue
    windows[name] = window.key.contact === null ? window : { ...window, stale: true }
  }
  return { ...state, windows }
}
