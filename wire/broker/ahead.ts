import { limits } from '@fermata/base/limits'
import { batchBytesAt, lastOffsetOf, readBatchHeader } from '../log/batch.ts'
import type { LogStore, ReadAnswer, ReadOrder } from '../log/store.ts'

/** Reads for those who catch up: while one answer is on its way, what follows it is read already. */
export interface Ahead {
  /** As the log's `read`. What it gives may have been read a moment before, with the bounds of then. */
  read(order: ReadOrder): ReturnType<LogStore['read']>
  /** How many bytes are held, or kept free, for answers that nobody has asked for yet. */
  heldBytes(): number
}

/** What was read for somebody who is expected to ask for it. */
interface Expected {
  /** What it takes, or may take until it was read. */
  bytes: number
  isRead: boolean
  readonly answer: Promise<ReadAnswer | undefined>
}

/** The offset behind some batches. */
export function offsetAfter(bytes: Uint8Array, offset: number): number {
  let next = offset
  for (let at = 0; at < bytes.length; at += batchBytesAt(bytes, at)) {
    next = lastOffsetOf(readBatchHeader(bytes, at)) + 1
  }
  return next
}

/**
 * Opens it over a log. A reader asks, is answered, looks at what it got, and asks again: without this, disk and line
 * wait for each other by turns. Held is `limits.fetchAheadBytesTotalMax` at most, and nothing for those who read
 * along with what is written.
 */
export function openAhead(log: Pick<LogStore, 'read' | 'partition'>): Ahead {
  const expected = new Map<string, Expected>()
  let held = 0
  const nameOf = ({ partition, offset, committed }: ReadOrder): string =>
    `${partition} ${offset} ${committed}`

  const forget = (name: string, { bytes }: Expected): void => {
    expected.delete(name)
    held -= bytes
  }

  /** Makes room by what was read longest ago; what is still being read is not given up. */
  const hasRoom = (bytes: number): boolean => {
    for (const [name, one] of expected) {
      if (held + bytes <= limits.fetchAheadBytesTotalMax) return true
      if (!one.isRead) return false
      forget(name, one)
    }
    return held + bytes <= limits.fetchAheadBytesTotalMax
  }

  const expect = (order: ReadOrder): void => {
    const name = nameOf(order)
    if (expected.has(name) || !hasRoom(order.bytesMax)) return
    const answer = log.read(order).then(
      (read) => (read.ok ? read.value : undefined),
      // Whoever asks then hears it from the log itself.
      () => undefined,
    )
    const one: Expected = { bytes: order.bytesMax, isRead: false, answer }
    expected.set(name, one)
    held += one.bytes
    void answer.then((read) => {
      one.isRead = true
      if (expected.get(name) !== one) return
      const bytes = read?.bytes.length ?? 0
      held += bytes - one.bytes
      one.bytes = bytes
    })
  }

  /** What was read for this order; not if records were deleted meanwhile, or it is more than there is room for. */
  const taken = async (order: ReadOrder): Promise<ReadAnswer | undefined> => {
    const name = nameOf(order)
    const one = expected.get(name)
    if (one === undefined) return undefined
    forget(name, one)
    const answer = await one.answer
    const start = log.partition(order.partition)?.start ?? Infinity
    const fits = order.offset >= start && (answer?.bytes.length ?? 0) <= order.bytesMax
    return fits ? answer : undefined
  }

  return {
    async read(order) {
      const before = await taken(order)
      const answer =
        before === undefined ? await log.read(order) : { ok: true as const, value: before }
      if (!answer.ok || order.bytesMax < limits.fetchAheadBytesMin) return answer
      const { bytes, high, stable } = answer.value
      // Somebody who was given about as much as they would take, and to whom that was not the end.
      if (bytes.length * 2 < order.bytesMax) return answer
      const offset = offsetAfter(bytes, order.offset)
      if (offset < (order.committed ? stable : high)) expect({ ...order, offset })
      return answer
    },
    heldBytes: () => held,
  }
}
