import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Broker } from '../broker/broker.ts'
import { refuse, type BrokerRefusal } from '../broker/refusals.ts'
import { batchBytesAt, lastOffsetOf, readBatchHeader } from '../log/batch.ts'
import { decodeRecords } from '../log/records.ts'

/** A key or a value as people can read it. */
export interface Shown {
  /** `hex` where the bytes are no text. */
  readonly kind: 'text' | 'hex'
  readonly text: string
  /** How many bytes there are, of which some may not be shown. */
  readonly bytes: number
  readonly isCut: boolean
}

/** A record as people can read it. */
export interface ShownRecord {
  readonly offset: number
  /** When it was made, in ms since 1970; null where nobody has said. */
  readonly at: number | null
  readonly key: Shown | null
  readonly value: Shown | null
  readonly headers: readonly { readonly key: string; readonly value: Shown | null }[]
}

/** What is looked at. */
export interface PeekOrder {
  readonly workspace: string
  readonly topic: string
  readonly partition: number
  /** Absent: the last ones. */
  readonly offset?: number
  readonly rowsMax: number
}

/** Some records of a partition, and where one goes on. */
export interface Peeked {
  readonly rows: readonly ShownRecord[]
  readonly start: number
  readonly end: number
  readonly next: number
}

/** Reads a few records; those of transactions that were not committed are not among them. */
export async function peek(
  broker: Broker,
  order: PeekOrder,
): Promise<Result<Peeked, BrokerRefusal>> {
  const { workspace, topic, partition: index, rowsMax } = order
  const place = { topic, index, leaderEpoch: -1 }
  const bounds = await broker.findOffsets({
    workspace,
    committed: true,
    partitions: [
      { ...place, question: { kind: 'earliest' } },
      { ...place, question: { kind: 'latest' } },
    ],
  })
  const [first, last] = bounds
  if (first?.ok !== true) return refused(first?.refusal ?? { code: 'unknown_partition' })
  const start = first.offset
  const end = last?.ok === true ? last.offset : start
  const from = order.offset ?? Math.max(start, end - rowsMax)
  if (from < start || from > end) return refuse('offset_out_of_range', `${start} to ${end}`)
  const bytesMax = limits.peekBytesMax
  const [answer] = await broker.fetch({
    workspace,
    ...{ waitMs: 0, bytesMin: 0, bytesMax, committed: true },
    partitions: [{ ...place, offset: from, bytesMax }],
  })
  if (answer?.ok !== true) return refused(answer?.refusal ?? { code: 'unknown_partition' })
  return ok({ ...readRows(answer, from, rowsMax), start, end })
}

interface Read {
  readonly bytes: Uint8Array
  readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[]
}

function readRows(
  { bytes, aborted }: Read,
  from: number,
  rowsMax: number,
): Pick<Peeked, 'rows' | 'next'> {
  const rows: ShownRecord[] = []
  let next = from
  /** Aborted transactions that begin later. */
  const later = aborted.toSorted((a, b) => b.firstOffset - a.firstOffset)
  /** Producers whose transaction is passed over until its marker. */
  const passed = new Set<number>()
  let left: number = limits.batchDecompressedBytesMax
  const isDone = (): boolean => rows.length >= rowsMax || left <= 0
  for (let at = 0; at < bytes.length && !isDone(); at += batchBytesAt(bytes, at)) {
    const header = readBatchHeader(bytes, at)
    const { baseOffset, control, transactional, producerId } = header
    while (later.length > 0 && later.at(-1)!.firstOffset <= lastOffsetOf(header)) {
      passed.add(later.pop()!.producerId)
    }
    if (control) passed.delete(producerId)
    const isPassed = control || (transactional && passed.has(producerId))
    const records = isPassed ? undefined : decodeRecords(bytes, at)
    next = Math.max(next, lastOffsetOf(header) + 1)
    if (records?.ok !== true) continue
    for (const { offsetDelta, timestamp, key, value, headers } of records.value) {
      // What is small and unpacks to much comes page by page: nobody else is served while it is unpacked.
      left -= (key?.length ?? 0) + (value?.length ?? 0)
      const offset = baseOffset + offsetDelta
      if (offset < from) continue
      if (rows.length === rowsMax) {
        next = offset
        break
      }
      rows.push({
        offset,
        at: timestamp < 0 ? null : timestamp,
        key: shown(key),
        value: shown(value),
        headers: headers.map(({ key, value }) => ({ key, value: shown(value) })),
      })
    }
  }
  return { rows, next }
}

function shown(bytes: Uint8Array | null): Shown | null {
  if (bytes === null) return null
  const part = bytes.subarray(0, limits.peekValueBytesMax)
  const isCut = part.length < bytes.length
  try {
    // Where it is cut, the last letter may be a part of one.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(part, { stream: isCut })
    if (!/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text)) {
      return { kind: 'text', text, bytes: bytes.length, isCut }
    }
  } catch {
    // No text, then.
  }
  const few = bytes.subarray(0, limits.peekHexBytesMax)
  const text = Buffer.from(few).toString('hex')
  return { kind: 'hex', text, bytes: bytes.length, isCut: few.length < bytes.length }
}
