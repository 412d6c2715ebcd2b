import {
  batchBit,
  batchField,
  lastOffsetOf,
  readBatchHeader,
  sealBatch,
  type BatchHeader,
} from './batch.ts'
import { newNewestOffsets, type NewestOffsets } from './compaction.keys.ts'
import { keepRecords } from './compaction.records.ts'
import { followTransactions } from './compaction.transactions.ts'
import { putInt64 } from './integers.ts'
import { readMarker } from './marker.ts'
import { assembleBatch, walkRecords } from './records.ts'
import type { AbortedEntry } from './transactions.ts'

// One round of compaction, without the files. Sources: the Kafka documentation, "Log Compaction"; KIP-98 for
// transactions; KIP-534 for delete horizons; Apache Kafka's `Cleaner`, whose rules these are. There is one
// difference: a record without a key replaces none and is replaced by none, and stays. Kafka drops it.

/** What a round needs to know. */
export interface RoundOrder {
  /** The aborted transactions that have batches or markers in the segments. */
  readonly aborted: readonly AbortedEntry[]
  /** Whether a batch is the last trace of what a producer has written; see `isLastOfProducer`. */
  readonly isLastOfProducer: (header: BatchHeader) => boolean
  readonly tombstoneMs: number
  readonly nowMs: number
  readonly keysMax?: number
}

/**
 * One round of compaction. First `note` is called with every batch of the segments that were not compacted
 * yet, until it says no; then `compact` with every batch of all segments before `to`.
 */
export interface CompactionRound {
  /** Notes the keys of a batch; false where there is no room for them, and `to` lies before it. */
  note(bytes: Uint8Array, at: number): boolean
  /** Up to here, exclusive, all keys are known. */
  readonly to: number
  /**
   * What is left of a batch: its own bytes where nothing changed, others where something did, none
   * where nothing is left. Offsets, sequences and the place of the last record stay as they were.
   */
  compact(bytes: Uint8Array, at: number): Uint8Array | undefined
  /** The aborted transactions that ended before `to` and readers must still know, by their markers. */
  readonly aborted: readonly AbortedEntry[]
}

/** Begins a round. `cleanedTo`: up to here, exclusive, the last round has come. */
export function beginRound(order: RoundOrder, cleanedTo: number): CompactionRound {
  const newest = newNewestOffsets(order.keysMax)
  const noted = followTransactions(order.aborted)
  const trail = followTransactions(order.aborted)
  let to = cleanedTo

  return {
    note(bytes, at) {
      const header = readBatchHeader(bytes, at)
      const next = lastOffsetOf(header) + 1
      // The last round may have ended within a segment.
      if (next <= cleanedTo) return true
      if (!header.control && !noted.batch(header)) {
        if (!newest.hasRoomFor(header.recordCount)) return false
        noteKeys(newest, header, bytes, at)
      }
      to = next
      return true
    },
    get to() {
      return to
    },
    compact(bytes, at) {
      const header = readBatchHeader(bytes, at)
      const batch = bytes.subarray(at, at + header.bytes)
      if (header.baseOffset >= to) return batch
      const marker = readMarker(bytes, at)
      if (header.control && marker === undefined) return batch
      // The last batch of the round stays too, so that a reader who stands before it comes past the gap.
      const staysAnyway = lastOffsetOf(header) + 1 === to || order.isLastOfProducer(header)
      const found = { header, batch, staysAnyway }
      if (marker !== undefined) {
        return compactMarker(order, found, trail.marker(header, marker.commit))
      }
      if (trail.batch(header)) return withoutRecords(found)
      return compactRecords(order, newest, found)
    },
    get aborted() {
      return trail.met
    },
  }
}

/** What cannot be decoded has no keys; such a batch stays as it is. */
function noteKeys(
  newest: NewestOffsets,
  { baseOffset }: BatchHeader,
  bytes: Uint8Array,
  at: number,
): void {
  walkRecords(bytes, at, ({ payload, keyAt, keyBytes, offsetDelta }) => {
    if (keyBytes >= 0) {
      newest.note(payload.subarray(keyAt, keyAt + keyBytes), baseOffset + offsetDelta)
    }
    return true
  })
}

/** A batch that the round has come to. */
interface FoundBatch {
  readonly header: BatchHeader
  readonly batch: Uint8Array
  /** Be it without its records. */
  readonly staysAnyway: boolean
}

function withoutRecords({ header, batch, staysAnyway }: FoundBatch): Uint8Array | undefined {
  if (!staysAnyway) return undefined
  if (header.recordCount === 0) return batch
  const baseTimestamp = header.maxTimestamp
  const fields = { ...header, compression: 0, deleteHorizon: false, baseTimestamp } as const
  return assembleBatch(fields, new Uint8Array(0), 0)
}

function compactRecords(
  order: RoundOrder,
  newest: NewestOffsets,
  found: FoundBatch,
): Uint8Array | undefined {
  const { header, batch } = found
  const isTimeUp = header.deleteHorizon && header.baseTimestamp <= order.nowMs
  const kept = keepRecords(header, batch, (key, offset, isTombstone) => {
    if (key === undefined) return true
    return newest.of(key) <= offset && !(isTombstone && isTimeUp)
  })
  if (kept === undefined) return batch
  if (kept.count === 0) return withoutRecords(found)
  // A batch has a horizon as long as it has tombstones, so that one that has passed is no cause for ever.
  const isUnchanged =
    kept.count === header.recordCount && kept.hasTombstone === header.deleteHorizon
  if (isUnchanged) return batch
  const horizonMs = header.deleteHorizon ? header.baseTimestamp : order.nowMs + order.tombstoneMs
  return kept.batch(kept.hasTombstone ? horizonMs : undefined)
}

/**
 * A marker stays while anything of its transaction is there, and then as long as a tombstone, for a reader
 * that has read the transaction's batches before they went. While a producer has written nothing after it,
 * it stays too: it says which of the producer's epochs are over.
 */
function compactMarker(
  order: RoundOrder,
  { header, batch, staysAnyway }: FoundBatch,
  isAlone: boolean,
): Uint8Array | undefined {
  if (!isAlone || staysAnyway) return header.deleteHorizon ? withoutHorizon(header, batch) : batch
  if (!header.deleteHorizon) return withHorizon(batch, order.nowMs + order.tombstoneMs)
  return header.baseTimestamp <= order.nowMs ? undefined : batch
}

/** The marker with a delete horizon. Its record's time moves with it, which nobody reads. */
function withHorizon(marker: Uint8Array, horizonMs: number): Uint8Array {
  const bytes = marker.slice()
  bytes[batchField.attributes + 1]! |= batchBit.deleteHorizon
  putInt64(bytes, batchField.baseTimestamp, horizonMs)
  sealBatch(bytes)
  return bytes
}

/** The marker as it was written: while it stays anyway, a horizon that has passed is no cause for a round. */
function withoutHorizon({ maxTimestamp }: BatchHeader, marker: Uint8Array): Uint8Array {
  const bytes = marker.slice()
  bytes[batchField.attributes + 1]! &= ~batchBit.deleteHorizon
  putInt64(bytes, batchField.baseTimestamp, maxTimestamp)
  sealBatch(bytes)
  return bytes
}
