import type {
  Appended,
  Bounds,
  EndedTransaction,
  PartitionId,
  ReadAnswer,
  ReadOrder,
} from '../store.ts'
import { batchesIn, markerIn, recordsIn, type MadeRecord, type ServedBatch } from './batches.ts'
import {
  describe,
  Violation,
  type EndOrder,
  type Fact,
  type KnownRecord,
  type PartitionTruth,
  type Sent,
} from './truth.ts'

/**
 * Knows what was acknowledged and what was seen, and holds every answer of the log against it. It
 * lives through all crashes: what is certain once, stays.
 */
export class Oracle {
  readonly partitions = new Map<PartitionId, PartitionTruth>()
  readonly records: KnownRecord[] = []
  readonly ends = new Map<number, EndOrder>()
  /** The latest time that the log may have seen. */
  latestMs = 0

  /** Makes a record that nobody has handed in yet. */
  newRecord(
    partition: PartitionId,
    batch: Sent | undefined,
    parts: Omit<MadeRecord, 'id'>,
  ): KnownRecord {
    const state = { offset: -1, mayStand: false, claim: undefined }
    const record: KnownRecord = { id: this.records.length, partition, batch, ...parts, ...state }
    this.records.push(record)
    return record
  }

  /** A batch or record is handed in now. */
  handedIn(records: readonly KnownRecord[]): void {
    for (const record of records) record.mayStand = true
  }

  /** The log says where records stand: from now on they do. */
  taken(truth: PartitionTruth, records: readonly KnownRecord[], { first, last }: Appended): void {
    if (last - first + 1 !== records.length) {
      throw new Violation(`${records.length} records are said to stand from ${first} to ${last}`)
    }
    for (const [at, record] of records.entries()) {
      truth.place(first + at, { kind: 'record', record })
    }
    if (truth.high <= last) truth.high = last + 1
  }

  /** The log has refused: what was never handed in before must not be there. */
  refused(records: readonly KnownRecord[], isFirstTry: boolean): void {
    if (isFirstTry) for (const record of records) record.mayStand = false
  }

  /** The log says where the markers of a transaction stand. */
  ended(end: EndOrder, { markers }: EndedTransaction): void {
    const named = markers.map(({ partition }) => partition).toSorted((a, b) => a - b)
    const wanted = end.partitions.toSorted((a, b) => a - b)
    if (named.join() !== wanted.join()) {
      throw new Violation(`markers in ${named.join()} are answered; ${wanted.join()} were ordered`)
    }
    end.isTaken = true
    for (const { partition, offset } of markers) {
      const truth = this.partitions.get(partition)
      truth?.place(offset, { kind: 'marker', end })
      if (truth && truth.high <= offset) truth.high = offset + 1
    }
  }

  /** Somebody has seen how far a partition goes. */
  bounds(truth: PartitionTruth, { start, stable, high }: Bounds): void {
    const text = `${truth.name}: ${start} ≤ ${stable} ≤ ${high}`
    if (!(start <= stable && stable <= high)) throw new Violation(`${text} is out of order`)
    const was = `${truth.start} ≤ ${truth.stable} ≤ ${truth.high}`
    if (start < truth.start || stable < truth.stable || high < truth.high) {
      throw new Violation(`${text}; it went back from ${was}`)
    }
    if (start > truth.start) {
      this.mayHaveDropped(truth, { from: truth.start, start, unseen: this.#unseenBytes(truth) })
    }
    truth.start = start
    truth.stable = stable
    truth.high = high
  }

  /** Somebody hears how far a partition went at some time since he asked. */
  boundsSince(truth: PartitionTruth, bounds: Bounds, asked: Bounds): void {
    const { start, stable, high } = bounds
    if (start < asked.start || stable < asked.stable || high < asked.high) {
      const text = `${truth.name}: ${start} ≤ ${stable} ≤ ${high}`
      throw new Violation(
        `${text}; it went back from ${asked.start} ≤ ${asked.stable} ≤ ${asked.high}`,
      )
    }
    this.bounds(truth, {
      start: Math.max(start, truth.start),
      stable: Math.max(stable, truth.stable),
      high: Math.max(high, truth.high),
    })
  }

  /** The bytes of what may stand in a partition though nobody has seen it. */
  #unseenBytes(truth: PartitionTruth): number {
    const unseen = this.records.filter(
      ({ partition, offset, mayStand }) => partition === truth.id && offset === -1 && mayStand,
    )
    return unseen.reduce((sum, record) => sum + bytesOf(record), 0)
  }

  /**
   * Whether retention may have moved the start so far: by whole segments, each named by a rule. `unseen` are
   * bytes that may have stood in the partition, though nobody knows of them.
   */
  mayHaveDropped(
    truth: PartitionTruth,
    {
      from,
      start,
      unseen,
    }: { readonly from: number; readonly start: number; readonly unseen: number },
  ): void {
    if (start <= truth.deletedMax) return
    const dropped = truth.offsets(from).filter((offset) => offset < start)
    const newest = Math.max(0, ...dropped.map((offset) => timeOf(truth.at.get(offset)!)))
    const left = truth.offsets(start).reduce((sum, offset) => sum + bytesAt(truth, offset), 0)
    const segmentBytesMax = Math.max(...truth.configs.map(({ segmentBytes }) => segmentBytes))
    const batchBytesMax = Math.max(0, ...dropped.map((offset) => bytesAt(truth, offset)))
    // The segment whose loss brought it below the limit, which one batch may fill, and one that is not known here.
    const leftBefore = left + unseen + 2 * segmentBytesMax + batchBytesMax
    const may = truth.configs.some(
      ({ retentionMs, retentionBytes, untilRead }) =>
        // The newest of those that compaction has left is not known.
        (retentionMs !== undefined &&
          (truth.isCompacted || this.latestMs - newest > retentionMs)) ||
        (retentionBytes !== undefined && leftBefore > retentionBytes) ||
        (untilRead === true && start <= truth.passedMax),
    )
    if (!may) {
      throw new Violation(`${truth.name}: the start went from ${from} to ${start} without a rule`)
    }
  }

  /**
   * Holds an answer to a reader against what is known, and what was known when it asked: others may have
   * seen more since. Answers what the reader was shown.
   */
  served(
    truth: PartitionTruth,
    order: ReadOrder,
    answer: ReadAnswer,
    asked: Bounds,
  ): ServedBatch[] {
    this.boundsSince(truth, answer, asked)
    const batches = read(truth, answer.bytes)
    const limit = order.committed ? answer.stable : answer.high
    const what = `${truth.name}, read from ${order.offset}`
    let expected = order.offset
    for (const [at, batch] of batches.entries()) {
      const mayBeginBefore = at === 0 && batch.base <= expected && batch.last >= expected
      if (
        batch.base !== expected &&
        !mayBeginBefore &&
        !this.maySkip(truth, expected, batch.base)
      ) {
        throw new Violation(`${what}: ${batch.base} to ${batch.last} follows; expected ${expected}`)
      }
      if (batch.last >= limit) throw new Violation(`${what}: ${batch.last} is beyond ${limit}`)
      expected = batch.last + 1
      this.#look(truth, batch)
    }
    if (batches.length === 0 && order.offset < limit && !this.maySkip(truth, expected, limit)) {
      throw new Violation(`${what}: nothing came, with ${limit} in reach`)
    }
    if (batches.length > 1 && answer.bytes.length > order.bytesMax) {
      throw new Violation(
        `${what}: ${answer.bytes.length} bytes came, ${order.bytesMax} were wanted`,
      )
    }
    if (order.committed) this.#claims(truth, batches, answer)
    return batches
  }

  /** Whether a reader may find nothing between two offsets. */
  maySkip(truth: PartitionTruth, from: number, to: number): boolean {
    return truth.isCompacted && from <= to
  }

  /** Looks into a batch that was served: everything inside is a fact from now on. */
  #look(truth: PartitionTruth, batch: ServedBatch): void {
    const seen = truth.seen.get(batch.base)
    if (seen && Buffer.compare(seen, batch.bytes) === 0) return
    if (seen && !truth.isCompacted) {
      throw new Violation(`${truth.name}: the batch at ${batch.base} is not what it was`)
    }
    truth.seen.set(batch.base, batch.bytes)
    const marker = markerIn(batch)
    if (marker) {
      const end = this.ends.get(marker.coordinatorEpoch)
      const isRight =
        end?.commit === marker.commit &&
        end.producerId === batch.producerId &&
        end.producerEpoch === batch.producerEpoch &&
        end.partitions.includes(truth.id)
      if (!isRight) throw new Violation(`${truth.name}: nobody ordered the marker at ${batch.base}`)
      truth.place(batch.base, { kind: 'marker', end })
      return
    }
    for (const served of recordsIn(batch)) {
      const record = this.records[served.id]
      const isRight =
        record?.partition === truth.id &&
        record.timestamp === served.timestamp &&
        isEqual(record.key, served.key) &&
        isEqual(record.value, served.value)
      if (!isRight) {
        throw new Violation(
          `${truth.name}: nobody wrote the record ${served.id} at ${served.offset}`,
        )
      }
      truth.place(served.offset, { kind: 'record', record })
      if (record.batch && !truth.isCompacted) mustBeWhole(truth, batch, record.batch)
      if (record.batch === undefined && batch.producerId !== -1) {
        throw new Violation(`${truth.name}: the record at ${served.offset} came without a producer`)
      }
    }
  }

  /** Does what a client does that reads the committed, and notes what it would show. */
  #claims(truth: PartitionTruth, batches: readonly ServedBatch[], answer: ReadAnswer): void {
    const pending = answer.aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
    const passedOver = new Set<number>()
    for (const batch of batches) {
      while (pending[0] && pending[0].firstOffset <= batch.last) {
        passedOver.add(pending.shift()!.producerId)
      }
      const marker = markerIn(batch)
      if (marker && !marker.commit) passedOver.delete(batch.producerId)
      if (marker) continue
      const isShown = !batch.isTransactional || !passedOver.has(batch.producerId)
      for (let offset = batch.base; offset <= batch.last; offset++) {
        const fact = truth.at.get(offset)
        if (fact?.kind === 'record') claim(truth, fact.record, isShown ? 'committed' : 'aborted')
      }
    }
  }
}

/** How far a partition goes, as far as is known now. */
export function boundsOf({ start, stable, high }: PartitionTruth): Bounds {
  return { start, stable, high }
}

/** Notes what is shown of a record to readers of the committed; it is the same for ever. */
export function claim(
  truth: PartitionTruth,
  record: KnownRecord,
  what: 'committed' | 'aborted',
): void {
  if (record.claim !== undefined && record.claim !== what) {
    const text = `${truth.name}: record ${record.id} at ${record.offset}`
    throw new Violation(`${text} is ${what} now and was ${record.claim}`)
  }
  record.claim = what
}

function read(truth: PartitionTruth, bytes: Uint8Array): ServedBatch[] {
  try {
    return batchesIn(bytes)
  } catch (error) {
    throw new Violation(`${truth.name}: ${String(error)}`)
  }
}

/** A batch that came whole is served whole, byte for byte but for the two fields that the log patches. */
function mustBeWhole(truth: PartitionTruth, batch: ServedBatch, sent: Sent): void {
  const isSame =
    batch.leaderEpoch === sent.leaderEpoch &&
    Buffer.compare(batch.bytes.subarray(16), sent.bytes.subarray(16)) === 0 &&
    sent.records[0]?.offset === batch.base
  if (!isSame)
    throw new Violation(`${truth.name}: the batch at ${batch.base} is not as it was sent`)
}

function isEqual(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0
}

function timeOf(fact: Fact): number {
  return fact.kind === 'record' ? fact.record.timestamp : 0
}

/** About how many bytes of the partition stand for an offset. */
function bytesAt(truth: PartitionTruth, offset: number): number {
  const seen = truth.seen.get(offset)
  if (seen) return seen.length
  const fact = truth.at.get(offset)
  return fact?.kind === 'record' ? bytesOf(fact.record) : 78
}

function bytesOf(record: KnownRecord): number {
  const { batch, value } = record
  if (batch) return batch.records[0] === record ? batch.bytes.length : 0
  return 90 + (value?.length ?? 0)
}

/** What stands at an offset, in words. */
export function factAt(truth: PartitionTruth, offset: number): string {
  const fact = truth.at.get(offset)
  return fact ? describe(fact) : 'nothing'
}
