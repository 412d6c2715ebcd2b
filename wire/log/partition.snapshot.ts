import { newPartitionState, type PartitionState } from './partition.ts'
import type { KeptBatch, Producer } from './producers.ts'

// A partition's state as bytes, so that recovery need not read the whole log again. Derived from the log,
// and rebuilt where it is missing or of another version. The checksum is the caller's.
//
//     snapshot = version start end high producers open ended aborted    ; u8 f64 f64 f64
//     producers = count *(id epoch coordinator run seen count *batch)    ; u32 f64 i16 i32 u32 f64 u8
//     batch    = sequence offset delta time                             ; u32 f64 u32 f64
//     open     = count *(producer first)                                ; u32 f64 f64
//     ended    = count *(first marker)                                  ; u32 f64 f64
//     aborted  = count *(producer first marker stable)                  ; u32 f64 f64 f64 f64

const version = 1
const headBytes = 1 + 3 * 8
const countBytes = 4
const producerBytes = 8 + 2 + 4 + 4 + 8 + 1
const keptBytes = 4 + 8 + 4 + 8

/** Everything that is known of a partition, but for what lies in its batches. */
export function snapshotState(state: PartitionState): Uint8Array<ArrayBuffer> {
  const { producers, transactions } = state
  const bytes = new Uint8Array(snapshotBytes(state))
  const to = writerOf(bytes)
  to.u8(version)
  for (const offset of [state.start, state.end, state.high]) to.f64(offset)
  to.u32(producers.size)
  for (const producer of producers.values()) writeProducer(to, producer)
  to.u32(transactions.open.size)
  for (const [producerId, firstOffset] of transactions.open) {
    to.f64(producerId)
    to.f64(firstOffset)
  }
  to.u32(transactions.ended.length)
  for (const { firstOffset, marker } of transactions.ended) {
    to.f64(firstOffset)
    to.f64(marker)
  }
  to.u32(transactions.aborted.length)
  for (const { producerId, firstOffset, marker, stable } of transactions.aborted) {
    for (const number of [producerId, firstOffset, marker, stable]) to.f64(number)
  }
  return bytes
}

function snapshotBytes({ producers, transactions }: PartitionState): number {
  let bytes = headBytes + 4 * countBytes
  for (const { kept } of producers.values()) bytes += producerBytes + kept.length * keptBytes
  const { open, ended, aborted } = transactions
  return bytes + open.size * 16 + ended.length * 16 + aborted.length * 32
}

function writeProducer(to: Writer, producer: Producer): void {
  to.f64(producer.id)
  to.i16(producer.epoch)
  to.i32(producer.coordinatorEpoch)
  to.u32(producer.run)
  to.f64(producer.seenMs)
  to.u8(producer.kept.length)
  for (const batch of producer.kept) {
    to.u32(batch.lastSequence)
    to.f64(batch.lastOffset)
    to.u32(batch.lastOffsetDelta)
    to.f64(batch.timestamp)
  }
}

/**
 * The state that `snapshotState` wrote down; undefined where the bytes are of another version. They must be
 * whole: that is what the caller's checksum is for.
 */
export function restoreState(bytes: Uint8Array): PartitionState | undefined {
  if (bytes[0] !== version) return undefined
  const from = readerOf(bytes)
  from.u8()
  const state = newPartitionState(from.f64())
  state.end = from.f64()
  state.high = from.f64()
  for (let left = from.u32(); left > 0; left--) {
    const producer = readProducer(from)
    state.producers.set(producer.id, producer)
  }
  const { transactions } = state
  for (let left = from.u32(); left > 0; left--) transactions.open.set(from.f64(), from.f64())
  for (let left = from.u32(); left > 0; left--) {
    transactions.ended.push({ firstOffset: from.f64(), marker: from.f64() })
  }
  for (let left = from.u32(); left > 0; left--) {
    const producerId = from.f64()
    const firstOffset = from.f64()
    transactions.aborted.push({ producerId, firstOffset, marker: from.f64(), stable: from.f64() })
  }
  return state
}

function readProducer(from: Reader): Producer {
  const id = from.f64()
  const epoch = from.i16()
  const coordinatorEpoch = from.i32()
  const run = from.u32()
  const seenMs = from.f64()
  const kept: KeptBatch[] = []
  for (let left = from.u8(); left > 0; left--) {
    const lastSequence = from.u32()
    const lastOffset = from.f64()
    kept.push({ lastSequence, lastOffset, lastOffsetDelta: from.u32(), timestamp: from.f64() })
  }
  return { id, epoch, coordinatorEpoch, kept, run, seenMs }
}

type Writer = ReturnType<typeof writerOf>
type Reader = ReturnType<typeof readerOf>

function writerOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  /** Where the next number stands, which takes so many bytes. */
  const place = (size: number): number => {
    at += size
    return at - size
  }
  return {
    u8: (value: number) => view.setUint8(place(1), value),
    i16: (value: number) => view.setInt16(place(2), value),
    i32: (value: number) => view.setInt32(place(4), value),
    u32: (value: number) => view.setUint32(place(4), value),
    f64: (value: number) => view.setFloat64(place(8), value),
  }
}

function readerOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const place = (size: number): number => {
    at += size
    return at - size
  }
  return {
    u8: () => view.getUint8(place(1)),
    i16: () => view.getInt16(place(2)),
    i32: () => view.getInt32(place(4)),
    u32: () => view.getUint32(place(4)),
    f64: () => view.getFloat64(place(8)),
  }
}
