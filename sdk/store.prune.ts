import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { State, Window } from '@fermata/contract/state'

/** What a screen shows now, newest last: by the names of windows and the ids of threads. */
export interface InUse {
  readonly windows: readonly string[]
  readonly threads: readonly string[]
}

/**
 * Forgets what nobody looks at, as far as there is more than a limit: windows and threads that were
 * shown longest ago, and the rows that then stand nowhere. What is forgotten is fetched again
 * when it is shown again.
 */
export function pruned(state: State, inUse: InUse): State {
  const windows = newest(state.windows, inUse.windows, limits.windowsHeldMax)
  const threads = newest(state.threads, inUse.threads, limits.threadsHeldMax)
  const next =
    windows === state.windows && threads === state.threads ? state : { ...state, windows, threads }
  return Object.keys(next.rows).length <= limits.rowsHeldMax ? next : withoutStrayRows(next)
}

/** The entries that are used last, at most so many; the same object when none has to go. */
function newest<K extends string, V>(
  held: Readonly<Partial<Record<K, V>>>,
  used: readonly string[],
  max: number,
): Readonly<Partial<Record<K, V>>> {
  const names = Object.keys(held) as K[]
  if (names.length <= max) return held
  const rank = new Map(used.map((name, at) => [name, at]))
  const kept = names.toSorted((a, b) => (rank.get(b) ?? -1) - (rank.get(a) ?? -1)).slice(0, max)
  const left: Partial<Record<K, V>> = {}
  for (const name of kept) left[name] = held[name]!
  return left
}

function withoutStrayRows(state: State): State {
  const standing = new Set<string>(Object.keys(state.threads))
  for (const window of Object.values<Window | undefined>(state.windows)) {
    for (const id of window?.ids ?? []) standing.add(id)
  }
  return {
    ...state,
    rows: only(state.rows, standing),
    mine: only(state.mine, standing, state.floor),
  }
}

function only<V>(
  held: Readonly<Partial<Record<ConversationId, V>>>,
  ids: ReadonlySet<string>,
  besides: Readonly<Partial<Record<ConversationId, unknown>>> = {},
): Readonly<Partial<Record<ConversationId, V>>> {
  const kept: Partial<Record<ConversationId, V>> = {}
  for (const [id, value] of Object.entries(held) as [ConversationId, V][]) {
    if (ids.has(id) || besides[id] !== undefined) kept[id] = value
  }
  return kept
}
