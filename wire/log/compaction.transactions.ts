import type { BatchHeader } from './batch.ts'
import type { AbortedEntry } from './transactions.ts'

/**
 * Follows the transactions along the batches of one round of compaction, as Kafka's
 * `CleanedTransactionMetadata` does. All of them have ended: compaction stays before the last stable offset.
 */
export interface TransactionTrail {
  /** To be called with every batch that is no marker. Whether it belongs to an aborted transaction. */
  batch(header: BatchHeader): boolean
  /** To be called with every marker. Whether nothing of its transaction was met: then nobody needs it. */
  marker(header: BatchHeader, commit: boolean): boolean
  /** The aborted transactions that have ended so far and of which batches were met, by their markers. */
  readonly met: readonly AbortedEntry[]
}

/** Begins to follow. `aborted` are all that have batches or markers in the range, in any order. */
export function followTransactions(aborted: readonly AbortedEntry[]): TransactionTrail {
  const coming = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  const met: AbortedEntry[] = []
  const openAborted = new Map<number, { readonly entry: AbortedEntry; isMet: boolean }>()
  const openCommitted = new Set<number>()
  let next = 0

  /** The aborted transaction of a producer that goes on at an offset. */
  const abortedAt = (producerId: number, offset: number) => {
    for (let entry = coming[next]; entry && entry.firstOffset <= offset; entry = coming[next]) {
      openAborted.set(entry.producerId, { entry, isMet: false })
      next++
    }
    const open = openAborted.get(producerId)
    return open !== undefined && open.entry.marker >= offset ? open : undefined
  }

  return {
    batch({ transactional, producerId, baseOffset }) {
      if (!transactional) return false
      const open = abortedAt(producerId, baseOffset)
      if (open === undefined) openCommitted.add(producerId)
      else open.isMet = true
      return open !== undefined
    },
    marker({ producerId, baseOffset }, commit) {
      if (commit) return !openCommitted.delete(producerId)
      const open = abortedAt(producerId, baseOffset)
      if (open?.isMet) met.push(open.entry)
      return !open?.isMet
    },
    met,
  }
}
