import { assert } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { batchBytesAt, readBatchHeader, type BatchHeader } from '../log/batch.ts'
import { readMarker } from '../log/marker.ts'
import { sequenceAfter } from '../log/producers.ts'
import { decodeRecords, encodeBatch } from '../log/records.ts'
import type { LogStore, PartitionConfig, PartitionId } from '../log/store.ts'
import { ofLog, type BrokerRefusal } from './refusals.ts'

// What the broker knows of itself lies in partitions of the log of its own, as records with keys,
// compacted: the newest value of each key holds, and what makes the log safe makes these safe.

/** What names a thing in a ledger: its kind first. */
export type LedgerKey = readonly (string | number)[]

/** A change of one thing; without a value it is gone. */
export interface LedgerEntry {
  readonly key: LedgerKey
  readonly value: unknown
}

/** Whose transaction a change waits for. */
export interface LedgerProducer {
  readonly id: number
  readonly epoch: number
}

/** A change that was read. */
export interface LedgerFound extends LedgerEntry {
  /** Its offset: of two changes of one thing, the later one has the higher. */
  readonly position: number
  /** Whose transaction it waits for. */
  readonly producer: LedgerProducer | undefined
}

/** What a ledger tells when it is read from the start: changes, and the ends of the transactions they wait for. */
export interface LedgerReader {
  entry(found: LedgerFound): void
  /** A producer has written in a transaction, and this is its next sequence; also where compaction has left no change of it. */
  wrote?(producer: LedgerProducer, next: number): void
  end?(producer: LedgerProducer, commit: boolean): void
}

/** A ledger. */
export interface Ledger {
  readonly partition: PartitionId
  /**
   * Writes changes in one batch, all or none; durable when it resolves, with the position of the first. They
   * are placed in the order of the calls.
   */
  write(entries: readonly LedgerEntry[]): Promise<Written>
  /** Writes changes that hold once a transaction of the producer is committed. */
  writeWithin(
    producer: LedgerProducer & { readonly sequence: number },
    entries: readonly LedgerEntry[],
  ): Promise<Written>
}

/** The position of the first change that was written. */
export type Written = Result<number, BrokerRefusal>

const config: PartitionConfig = {
  segmentBytes: 16 * 1024 * 1024,
  segmentMs: 24 * 3_600_000,
  batchBytesMax: limits.ledgerRecordBytesMax,
  compaction: { lagMs: 0, tombstoneMs: 24 * 3_600_000, dirtyShare: 0.5 },
}

/** Opens the ledger of a name, which is made where it is not there, and reads it to its end. */
export async function openLedger(
  log: LogStore,
  name: string,
  now: () => number,
  reader: LedgerReader,
): Promise<Ledger> {
  const found = log.partitions().find((info) => info.name === name)
  const partition = found?.partition ?? (await make(log, name))
  await replay(log, partition, reader)
  const append = async (
    entries: readonly LedgerEntry[],
    producer?: LedgerProducer & { readonly sequence: number },
  ): Promise<Written> => {
    if (entries.length === 0) return ok(-1)
    const timestamp = now()
    const batch = encodeBatch({
      baseOffset: 0,
      leaderEpoch: 0,
      records: entries.map((entry) => ({ ...recordOf(entry), timestamp })),
      ...(producer && {
        producerId: producer.id,
        producerEpoch: producer.epoch,
        baseSequence: producer.sequence,
        transactional: true,
      }),
    })
    const appended = await log.append({ partition, batch, leaderEpoch: 0 })
    if (!appended.ok) return refused(refusalOf(appended.refusal))
    // Nothing is said twice here: what is taken for a repetition was numbered wrongly, and is not in the log.
    if (appended.value.duplicate) return refused({ code: 'out_of_order' })
    return ok(appended.value.first)
  }
  return {
    partition,
    write: (entries) => append(entries),
    writeWithin: (producer, entries) => append(entries, producer),
  }
}

async function make(log: LogStore, name: string): Promise<PartitionId> {
  const made = await log.createPartition({ name, config })
  if (!made.ok) throw new Error(`the broker's ledger ${name} was not made: ${made.refusal.code}`)
  return made.value
}

async function replay(log: LogStore, partition: PartitionId, reader: LedgerReader): Promise<void> {
  const info = log.partition(partition)
  assert(info !== undefined, 'a ledger is there')
  for (let offset = info.start; offset < info.high;) {
    const order = { partition, offset, bytesMax: limits.ledgerReadBytes, committed: false }
    const answer = await log.read(order)
    if (!answer.ok) throw new Error(`a ledger cannot be read: ${answer.refusal.code}`)
    const { bytes } = answer.value
    // Compaction may have left nothing up to the end.
    if (bytes.length === 0) return
    for (let at = 0; at < bytes.length; at += batchBytesAt(bytes, at)) {
      const header = readBatchHeader(bytes, at)
      tell(bytes, at, header, reader)
      offset = header.baseOffset + header.lastOffsetDelta + 1
    }
  }
}

function tell(bytes: Uint8Array, at: number, header: BatchHeader, reader: LedgerReader): void {
  const producer = { id: header.producerId, epoch: header.producerEpoch }
  if (header.control) {
    const marker = readMarker(bytes, at)
    if (marker !== undefined) reader.end?.(producer, marker.commit)
    return
  }
  const records = decodeRecords(bytes, at)
  if (!records.ok) throw new Error(`a ledger is damaged: ${records.refusal.reason}`)
  if (header.transactional) {
    reader.wrote?.(producer, sequenceAfter(header.baseSequence, header.lastOffsetDelta + 1))
  }
  for (const { key, value, offsetDelta } of records.value) {
    if (key === null) continue
    reader.entry({
      key: parse(key) as LedgerKey,
      value: value === null ? undefined : parse(value),
      position: header.baseOffset + offsetDelta,
      producer: header.transactional ? producer : undefined,
    })
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(decoder.decode(bytes))
}

function recordOf({ key, value }: LedgerEntry) {
  return {
    key: encoder.encode(JSON.stringify(key)),
    value: value === undefined ? null : encoder.encode(JSON.stringify(value)),
  }
}

/** Its own records are well-formed: what is refused is the producer, or the log as a whole. */
function refusalOf(
  refusal: Extract<Awaited<ReturnType<LogStore['append']>>, { ok: false }>['refusal'],
): BrokerRefusal {
  switch (refusal.code) {
    case 'batch_too_large':
      return { code: 'metadata_too_large', reason: `more than ${refusal.bytesMax} bytes` }
    case 'corrupt_batch':
    case 'invalid_record':
    case 'invalid_transaction_state':
      return { code: refusal.code, reason: refusal.reason }
    case 'producer_fenced':
    case 'out_of_order':
    case 'old_duplicate':
      return { code: refusal.code }
    default:
      return ofLog(refusal)
  }
}
