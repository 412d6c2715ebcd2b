import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'

/** Conversations that were chosen from a list, to do one thing to all of them. */
export interface Selection {
  readonly ids: ReadonlySet<ConversationId>
  /** The one that was chosen last: from there it goes on to another. */
  readonly from: ConversationId | null
}

export const nothingSelected: Selection = { ids: new Set(), from: null }

/** No more than can be done at once; what was chosen first stays. */
function upToLimit(ids: Iterable<ConversationId>): ReadonlySet<ConversationId> {
  return new Set([...ids].slice(0, limits.bulkConversationsMax))
}

/** With one more, or without one that was there. */
export function toggled({ ids }: Selection, id: ConversationId): Selection {
  const next = ids.has(id) ? [...ids].filter((one) => one !== id) : [...ids, id]
  return { ids: upToLimit(next), from: id }
}

/** With all from the last one that was chosen to this one, in the order of the list. */
export function extended(
  selection: Selection,
  list: readonly ConversationId[],
  to: ConversationId,
): Selection {
  const [a, b] = [list.indexOf(selection.from ?? to), list.indexOf(to)]
  if (a < 0 || b < 0) return toggled(selection, to)
  const between = list.slice(Math.min(a, b), Math.max(a, b) + 1)
  return { ids: upToLimit([...selection.ids, ...between]), from: to }
}

/** All of a list, as far as it is known and can be done at once. */
export function allOf(list: readonly ConversationId[]): Selection {
  return { ids: upToLimit(list), from: list.at(-1) ?? null }
}
