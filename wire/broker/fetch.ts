import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type {
  AbortedTransaction,
  LogStore,
  PartitionId,
  ReadAnswer,
  ReadRefusal,
} from '../log/store.ts'
import { offsetAfter, type Ahead } from './ahead.ts'
import { epochFault, findPartition } from './partitions.ts'
import type { Gate } from './gate.ts'
import type { FetchAnswer, FetchOrder } from './records.port.ts'
import type { BrokerRefusal } from './refusals.ts'
import type { Topics } from './topic.ts'

/** What reading needs. */
export interface FetchParts {
  readonly log: LogStore
  readonly topics: Topics
  readonly clock: Clock
  /** What is read is in memory until its reader takes it: so only some read at a time. */
  readonly gate: Gate
  readonly ahead: Ahead
}

/** One partition of an order on its way. */
interface Wanted {
  readonly asked: FetchOrder['partitions'][number]
  readonly partition: PartitionId
  /** What was read so far. */
  readonly pieces: ReadAnswer[]
  bytes: number
  /** Where the next read begins. */
  next: number
  refusal: BrokerRefusal | undefined
}

/** How many bytes an answer may still take, and whether it has any. */
interface Room {
  left: number
  isEmpty: boolean
}

/**
 * Reads from many partitions, and waits where there is less than was asked for. The first partition that
 * has anything gives at least one batch, however large; so nobody stands still before a batch for ever.
 */
export async function fetch(parts: FetchParts, order: FetchOrder): Promise<readonly FetchAnswer[]> {
  const whole = order.partitions.map((asked) => wantedOf(parts, order.workspace, asked))
  // The others are answered too, with nothing: Kafka's client throws an answer away in which one is missing.
  const all = whole.slice(0, limits.fetchPartitionsMax)
  const bytesMax = Math.min(order.bytesMax, limits.fetchBytesMax)
  const bytesMin = Math.min(order.bytesMin, bytesMax, limits.fetchBytesHeldMax)
  const room: Room = { left: bytesMax, isEmpty: true }
  const untilMs = parts.clock.monotonic() + Math.min(order.waitMs, limits.fetchWaitMsMax)
  await parts.gate.pass(() => readAll(parts, order, all, room))
  // Whatever is refused is told at once.
  while (all.every(({ refusal }) => refusal === undefined)) {
    const waitMs = untilMs - parts.clock.monotonic()
    if (bytesMax - room.left >= bytesMin || room.left <= 0 || waitMs <= 0) break
    const { committed } = order
    const places = all.map(({ partition, next: offset }) => ({ partition, offset, committed }))
    const ready = new Set(await parts.log.waitFor({ places, waitMs }))
    if (ready.size === 0) break
    const woken = all.filter(({ partition }) => ready.has(partition))
    await parts.gate.pass(() => readAll(parts, order, woken, room))
  }
  return whole.map((wanted) => answerOf(parts, wanted))
}

function wantedOf(
  { topics }: FetchParts,
  workspace: string,
  asked: FetchOrder['partitions'][number],
): Wanted {
  const found = findPartition(topics, workspace, asked)
  const refusal = found.ok ? epochFault(asked.leaderEpoch) : found.refusal
  const partition = found.ok ? found.value : -1
  return { asked, partition, pieces: [], bytes: 0, next: asked.offset, refusal }
}

/** Reads as much as there is room for. */
async function readAll(
  { ahead }: FetchParts,
  { committed }: FetchOrder,
  wanted: readonly Wanted[],
  room: Room,
): Promise<void> {
  for (const one of wanted) {
    // Those who are not reached are asked for again, by a client that asks in another order.
    if (room.left <= 0) return
    if (one.refusal !== undefined) continue
    const bytesMax = Math.max(0, Math.min(room.left, one.asked.bytesMax - one.bytes))
    if (bytesMax === 0 && !room.isEmpty) continue
    const { partition, next: offset } = one
    const answer = await ahead.read({ partition, offset, bytesMax, committed })
    if (!answer.ok) {
      one.refusal = refusalOf(answer.refusal)
      continue
    }
    const { bytes, stable, high } = answer.value
    // A batch that does not fit comes alone, before all others, or with the next answer.
    if (bytes.length > bytesMax && !room.isEmpty) continue
    one.pieces.push(answer.value)
    one.bytes += bytes.length
    // Where compaction has left nothing there is nothing to be waited for either.
    one.next = bytes.length > 0 ? offsetAfter(bytes, offset) : committed ? stable : high
    room.left -= bytes.length
    if (bytes.length > 0) room.isEmpty = false
  }
}

function answerOf({ log }: FetchParts, wanted: Wanted): FetchAnswer {
  const { topic, index } = wanted.asked
  if (wanted.refusal !== undefined) return { topic, index, ok: false, refusal: wanted.refusal }
  const last = wanted.pieces.at(-1)
  const bounds = last ?? log.partition(wanted.partition)
  if (bounds === undefined) {
    return { topic, index, ok: false, refusal: { code: 'unknown_partition' } }
  }
  const { start, stable, high } = bounds
  const isOne = wanted.pieces.length === 1
  const bytes = isOne ? last!.bytes : joined(wanted.pieces, wanted.bytes)
  const aborted = isOne ? last!.aborted : abortedOf(wanted.pieces)
  return { topic, index, ok: true, start, stable, high, bytes, aborted }
}

/** What was aborted over several reads, each transaction once. */
function abortedOf(pieces: readonly ReadAnswer[]): AbortedTransaction[] {
  const all = pieces.flatMap(({ aborted }) => aborted)
  const seen = new Set<string>()
  return all.filter(({ producerId, firstOffset }) => {
    const name = `${producerId} ${firstOffset}`
    return !seen.has(name) && seen.add(name)
  })
}

function joined(pieces: readonly ReadAnswer[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece.bytes, at)
    at += piece.bytes.length
  }
  return bytes
}

function refusalOf(refusal: ReadRefusal): BrokerRefusal {
  switch (refusal.code) {
    case 'unknown_partition':
      return { code: refusal.code }
    case 'offset_out_of_range':
      return { code: refusal.code, reason: `${refusal.start} to ${refusal.high}` }
    case 'ended':
      return { code: refusal.code, reason: refusal.reason }
  }
}
