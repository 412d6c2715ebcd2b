import type { ConversationId } from '@fermata/base/ids'

/** The row some steps away from another, or from the edge when that one does not stand in the list. */
export function rowFrom(
  ids: readonly ConversationId[],
  from: ConversationId | null,
  steps: 1 | -1,
): ConversationId | null {
  const at = from === null ? -1 : ids.indexOf(from)
  if (at < 0) return (steps === 1 ? ids[0] : ids.at(-1)) ?? null
  return ids[at + steps] ?? null
}

/** The nearest row in a direction for which something holds; null when there is none. */
export function rowWhere(
  ids: readonly ConversationId[],
  from: ConversationId | null,
  steps: 1 | -1,
  holds: (id: ConversationId) => boolean,
): ConversationId | null {
  let at = rowFrom(ids, from, steps)
  while (at !== null && !holds(at)) at = rowFrom(ids, at, steps)
  return at
}

/** What opens when a row is done with: the one below it, else the one above; null when it was alone. */
export function rowAfter(
  ids: readonly ConversationId[],
  done: ConversationId,
): ConversationId | null {
  if (!ids.includes(done)) return ids[0] ?? null
  return rowFrom(ids, done, 1) ?? rowFrom(ids, done, -1)
}
