import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { limits } from '@fermata/base/limits'
import type { Result } from '@fermata/base/result'
import type { FakeClock } from '@fermata/testkit/clock'
import { checkBatch, batchBytesAt, lastOffsetOf, type BatchHeader } from './batch.ts'
import { readMarker } from './marker.ts'
import { decodeRecords, encodeBatch, type NewBatchHeader, type NewBatchRecord } from './records.ts'
import type {
  AbortedTransaction,
  Appended,
  LogStore,
  PartitionConfig,
  ReadAnswer,
} from './store.ts'

/** An empty log of some adapter, and what a test must have in hand besides. */
export interface World {
  readonly log: LogStore
  /** The log's clock. It looks by itself for what is to be done every `wireCaretakerMs`, if not sooner. */
  readonly clock: FakeClock
  /** From now on no flush comes to its end until what is given back is called. */
  hold(): () => void
}

/** Opens a log and sees to it that it is closed after the test. */
export type OpenWorld = (t: TestContext) => Promise<World>

/** Declares a test of the contract. */
export type Check = (title: string, run: (world: World) => Promise<void>) => void

/** Tests over the logs of one adapter. */
export function checksOver(title: string, open: OpenWorld): Check {
  return (name, run) => {
    void test(`${title}: ${name}`, async (t) => run(await open(t)))
  }
}

/** A partition's configuration in which nothing rolls, goes or is compacted by itself. */
export function configOf(changes: Partial<PartitionConfig> = {}): PartitionConfig {
  return { segmentBytes: 1024 * 1024, segmentMs: 1e12, batchBytesMax: 64 * 1024, ...changes }
}

/** Makes a partition. */
export async function made(
  log: LogStore,
  changes: Partial<PartitionConfig> = {},
  name = 'orders',
): Promise<number> {
  return taken(await log.createPartition({ name, config: configOf(changes) }))
}

/** The value of an answer that must be no refusal. */
export function taken<T, R>(result: Result<T, R>): T {
  // Made only when it is needed: an answer may hold megabytes.
  if (!result.ok) assert.fail(`refused: ${JSON.stringify(result)}`)
  return result.value
}

/** The refusal of an answer that must be one. */
export function refusalIn<T, R>(result: Result<T, R>): R {
  assert.ok(!result.ok, `not refused: ${JSON.stringify(result)}`)
  return result.refusal
}

/** The bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The time of records of which nothing else is said. */
export const recordTime = Date.UTC(2026, 0, 5, 8)

/** A record of a text `value`, `key=value`, or `key!` for a tombstone. */
export function recordOf(text: string, timestamp = recordTime): NewBatchRecord {
  const [key, value] = text.split('=')
  if (text.endsWith('!')) return { key: bytesOf(text.slice(0, -1)), value: null, timestamp }
  if (value === undefined) return { key: null, value: bytesOf(text), timestamp }
  return { key: bytesOf(key ?? ''), value: bytesOf(value), timestamp }
}

/** A batch as a client makes it. */
export function batchOf(
  texts: readonly string[],
  fields: Partial<NewBatchHeader> = {},
): Uint8Array {
  const records = texts.map((text) => recordOf(text))
  return encodeBatch({ baseOffset: 0, leaderEpoch: -1, records, ...fields })
}

/** Appends a batch, which must be taken. */
export async function append(
  log: LogStore,
  partition: number,
  batch: Uint8Array | readonly string[],
): Promise<Appended> {
  const bytes = batch instanceof Uint8Array ? batch : batchOf(batch)
  return taken(await log.append({ partition, batch: bytes, leaderEpoch: 0 }))
}

/** Appends a batch, which must be refused. */
export async function appendRefused(log: LogStore, partition: number, batch: Uint8Array) {
  return refusalIn(await log.append({ partition, batch, leaderEpoch: 0 }))
}

/** A batch that was read. */
export interface ReadBatch {
  readonly header: BatchHeader
  readonly bytes: Uint8Array
  /** Its records as texts, as `recordOf` takes them. */
  readonly texts: readonly string[]
  /** The offsets of its records. */
  readonly offsets: readonly number[]
}

/** Divides what was read into batches, each of which must be valid. */
export function batchesIn(bytes: Uint8Array): ReadBatch[] {
  const batches: ReadBatch[] = []
  for (let at = 0; at < bytes.length;) {
    const length = batchBytesAt(bytes, at)
    assert.ok(length > 0 && at + length <= bytes.length, 'batches are whole')
    const batch = bytes.subarray(at, at + length)
    const header = taken(checkBatch(batch))
    const records = taken(decodeRecords(batch, 0))
    batches.push({
      header,
      bytes: batch,
      texts: header.control ? [] : records.map(textOf),
      offsets: records.map(({ offsetDelta }) => header.baseOffset + offsetDelta),
    })
    at += length
  }
  return batches
}

function textOf({ key, value }: Pick<NewBatchRecord, 'key' | 'value'>): string {
  const text = new TextDecoder().decode(value ?? undefined)
  if (key === null) return text
  const name = new TextDecoder().decode(key)
  return value === null ? `${name}!` : `${name}=${text}`
}

/** Reads once, which must not be refused, and holds the answer against what every answer promises. */
export async function readOnce(
  log: LogStore,
  partition: number,
  offset: number,
  order: { readonly bytesMax?: number; readonly committed?: boolean } = {},
): Promise<ReadAnswer & { readonly batches: readonly ReadBatch[] }> {
  const { bytesMax = 4096, committed = false } = order
  const answer = taken(await log.read({ partition, offset, bytesMax, committed }))
  const batches = batchesIn(answer.bytes)
  assert.ok(batches.length <= 1 || answer.bytes.length <= bytesMax, 'no more than was asked for')
  assert.ok(answer.start <= answer.stable && answer.stable <= answer.high, 'bounds are in order')
  let next = offset
  for (const { header } of batches) {
    assert.ok(lastOffsetOf(header) >= next, 'batches come in the order of their offsets')
    next = lastOffsetOf(header) + 1
  }
  assert.ok(next <= Math.max(offset, committed ? answer.stable : answer.high), 'nothing beyond')
  return { ...answer, batches }
}

/** All batches from an offset on, read bit by bit. */
export async function readAll(
  log: LogStore,
  partition: number,
  order: { readonly from?: number; readonly bytesMax?: number } = {},
): Promise<ReadBatch[]> {
  const all: ReadBatch[] = []
  let offset = order.from ?? log.partition(partition)!.start
  for (;;) {
    const { batches } = await readOnce(log, partition, offset, order)
    const last = batches.at(-1)
    if (last === undefined) return all
    all.push(...batches)
    offset = lastOffsetOf(last.header) + 1
  }
}

/** The records of all batches as texts. */
export async function textsIn(log: LogStore, partition: number): Promise<string[]> {
  return (await readAll(log, partition)).flatMap(({ texts }) => texts)
}

/** The records that a reader sees who asks for committed ones, as Kafka's consumers go about it. */
export async function committedTexts(
  log: LogStore,
  partition: number,
  bytesMax = 4096,
): Promise<string[]> {
  const texts: string[] = []
  const { start } = log.partition(partition)!
  let offset = start
  for (;;) {
    const answer = await readOnce(log, partition, offset, { committed: true, bytesMax })
    const last = answer.batches.at(-1)
    if (last === undefined) return texts
    texts.push(...seenCommitted(answer.batches, answer.aborted, start))
    offset = lastOffsetOf(last.header) + 1
  }
}

/**
 * The records of one answer that are not aborted, as `CompletedFetch` of Kafka's consumer finds them: a
 * producer's batches are passed over from the first offset of an aborted transaction up to its marker.
 */
function seenCommitted(
  batches: readonly ReadBatch[],
  aborted: readonly AbortedTransaction[],
  start: number,
): string[] {
  const coming = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  const passedOver = new Set<number>()
  const texts: string[] = []
  for (const batch of batches) {
    const { header } = batch
    while (coming[0] !== undefined && coming[0].firstOffset <= lastOffsetOf(header)) {
      passedOver.add(coming.shift()!.producerId)
    }
    if (header.control) {
      if (readMarker(batch.bytes, 0)?.commit === false) passedOver.delete(header.producerId)
    } else if (!header.transactional || !passedOver.has(header.producerId)) {
      // The batch at the start comes whole, with records from before.
      texts.push(...batch.texts.filter((_, index) => batch.offsets[index]! >= start))
    }
  }
  return texts
}

/** Lets everything that needs no disk and no clock come to its end. */
export async function turns(): Promise<void> {
  for (let left = 5; left > 0; left--) await new Promise((resolve) => setImmediate(resolve))
}

/** Lets time pass, and the log do all that it then has a cause for. */
export async function pass({ log, clock }: World, ms = 0): Promise<void> {
  clock.advance(ms)
  // What was closed by the first look may go with the second.
  for (let looks = 2; looks > 0; looks--) {
    clock.advance(limits.wireCaretakerMs)
    await log.idle()
  }
}

/** A producer that numbers its batches. */
export interface TestProducer {
  readonly id: number
  /** The next batch. */
  next(texts: readonly string[]): Uint8Array
  /** Ends the transaction on some partitions. */
  end(commit: boolean, ...partitions: readonly number[]): Promise<readonly number[]>
}

/** A producer; in transactions unless `isPlain`. Each batch goes on with the numbering of its partition. */
export function producerOf(
  log: LogStore,
  id: number,
  { epoch = 0, sequence = 0, isPlain = false } = {},
): TestProducer {
  let baseSequence = sequence
  return {
    id,
    next(texts) {
      const fields = { producerId: id, producerEpoch: epoch, transactional: !isPlain }
      const batch = batchOf(texts, { ...fields, baseSequence })
      baseSequence += texts.length
      return batch
    },
    async end(commit, ...partitions) {
      const order = { producerId: id, producerEpoch: epoch, coordinatorEpoch: 0, commit }
      const { markers } = taken(await log.endTransaction({ ...order, partitions }))
      assert.deepEqual(
        markers.map(({ partition }) => partition),
        partitions,
      )
      return markers.map(({ offset }) => offset)
    },
  }
}
