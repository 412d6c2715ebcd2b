import type { AbortedTransaction } from './store.ts'

// What a partition knows of its transactions. Sources: KIP-98, "Last Stable Offset" and "Aborted
// Transaction Index"; Apache Kafka's `ProducerStateManager` and `TransactionIndex`.

/** The transactions of one partition. */
export interface Transactions {
  /** By producer, the offset of the first batch of its open transaction; first first. */
  readonly open: Map<number, number>
  /** Those that have ended while their marker is not on disk yet, in the order of the markers. */
  ended: EndedWithin[]
  /** Those that were aborted, in the order of their markers. */
  aborted: AbortedEntry[]
}

/** A transaction that has ended. */
export interface EndedWithin {
  readonly firstOffset: number
  readonly marker: number
}

/** An aborted transaction as the index holds it. */
export interface AbortedEntry extends AbortedTransaction {
  /** The offset of its marker. */
  readonly marker: number
  /** The last stable offset once the marker was there: all that end later begin here or after. */
  readonly stable: number
}

/** No transactions. */
export function newTransactions(): Transactions {
  return { open: new Map(), ended: [], aborted: [] }
}

/** Notes a transactional batch, which begins a transaction unless its producer has one open. */
export function noteTransactional(
  transactions: Transactions,
  producerId: number,
  firstOffset: number,
): void {
  if (!transactions.open.has(producerId)) transactions.open.set(producerId, firstOffset)
}

/** Notes a marker. Without an open transaction it ends nothing and holds nothing back. */
export function noteMarker(
  transactions: Transactions,
  { producerId, commit, offset }: MarkerPlace,
): void {
  const firstOffset = transactions.open.get(producerId)
  if (firstOffset === undefined) return
  transactions.open.delete(producerId)
  transactions.ended.push({ firstOffset, marker: offset })
  if (commit) return
  const stable = firstOpen(transactions) ?? offset + 1
  transactions.aborted.push({ producerId, firstOffset, marker: offset, stable })
}

/** A marker, where it lies, and what it says. */
export interface MarkerPlace {
  readonly producerId: number
  readonly commit: boolean
  readonly offset: number
}

function firstOpen({ open }: Transactions): number | undefined {
  for (const firstOffset of open.values()) return firstOffset
  return undefined
}

/** Where the first transaction begins that has not ended durably; undefined while there is none. */
export function firstUnstable(transactions: Transactions): number | undefined {
  let first = firstOpen(transactions)
  for (const { firstOffset } of transactions.ended) {
    if (first === undefined || firstOffset < first) first = firstOffset
  }
  return first
}

/** Forgets the ended transactions whose marker lies below the high watermark, and is on disk with it. */
export function settleMarkers(transactions: Transactions, high: number): void {
  const { ended } = transactions
  if (ended.length === 0) return
  const left = ended.findIndex(({ marker }) => marker >= high)
  transactions.ended = left === -1 ? [] : ended.slice(left)
}

/** The aborted transactions that have batches, or their marker, within `[from, to)`. */
export function abortedWithin(
  aborted: readonly AbortedEntry[],
  from: number,
  to: number,
): AbortedTransaction[] {
  const found: AbortedTransaction[] = []
  for (let index = firstEndingFrom(aborted, from); index < aborted.length; index++) {
    const { producerId, firstOffset, stable } = aborted[index]!
    if (firstOffset < to) found.push({ producerId, firstOffset })
    if (stable >= to) break
  }
  return found
}

/** Removes and returns the entries whose marker lies before an offset. */
export function takeBefore(transactions: Transactions, before: number): AbortedEntry[] {
  const count = firstEndingFrom(transactions.aborted, before)
  return count === 0 ? [] : transactions.aborted.splice(0, count)
}

/** The place of the first entry whose marker lies at or after an offset. */
function firstEndingFrom(aborted: readonly AbortedEntry[], offset: number): number {
  let low = 0
  let high = aborted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (aborted[middle]!.marker < offset) low = middle + 1
    else high = middle
  }
  return low
}
