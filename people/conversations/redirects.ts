import type { ReadTx } from '@fermata/storage/port'
import { redirectOf } from './moves.sql.ts'
import { conversationById, conversationForChange } from './store.sql.ts'
import type { ConversationTable } from './tables.ts'

/** Where an id leads: itself, or along the conversations that it became part of. */
async function endOf(tx: ReadTx, id: Uint8Array): Promise<Uint8Array> {
  let end = id
  for (;;) {
    const next = await tx.get(redirectOf, { id: end })
    if (next === undefined) return end
    end = next.target
  }
}

/**
 * The conversation that an id leads to: its own, or the one that it became part of. `toChange` locks it; what
 * it leads to is asked again behind the lock, because it may have been taken apart while this waited.
 */
export async function conversationAt(
  tx: ReadTx,
  id: Uint8Array,
  use: 'toLook' | 'toChange',
): Promise<ConversationTable | undefined> {
  const query = use === 'toChange' ? conversationForChange : conversationById
  const own = await tx.get(query, { id })
  if (own !== undefined) return own
  let end = await endOf(tx, id)
  for (;;) {
    const row = await tx.get(query, { id: end })
    const now = use === 'toChange' ? await endOf(tx, id) : end
    if (Buffer.compare(now, end) === 0) return row
    end = now
  }
}
