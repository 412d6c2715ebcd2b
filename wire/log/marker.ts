import { batchBit, batchBytesAt, batchField, batchHeaderBytes, sealBatch } from './batch.ts'
import { int16At, int32At, putInt16, putInt32, putInt64 } from './integers.ts'

/** The end of a transaction on one partition. */
export interface Marker {
  readonly baseOffset: number
  readonly leaderEpoch: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  /** Otherwise the transaction was aborted. */
  readonly commit: boolean
  readonly timestamp: number
}

// A marker is a control batch of one record, uncompressed, with the time of its writing. Sources: KIP-98,
// "Control Messages"; the Kafka documentation, "Implementation: Message Format: Control Batches".
//
//   Record =>
//     Length         varint  16         at 61   of all that follows
//     Attributes     int8    0          at 62
//     TimestampDelta varlong 0          at 63
//     OffsetDelta    varint  0          at 64
//     KeyLength      varint  4          at 65
//       Version      int16   0          at 66
//       Type         int16              at 68   0 abort, 1 commit
//     ValueLength    varint  6          at 70
//       Version      int16   0          at 71
//       CoordinatorEpoch int32          at 73
//     HeaderCount    varint  0          at 77

/** The bytes of a marker as a batch. */
export const markerBytes = 78

const field = { record: batchHeaderBytes, type: 68, value: 70, coordinatorEpoch: 73 } as const

/** Varints of small numbers are twice the number. */
const recordStart = [2 * 16, 0, 0, 0, 2 * 4, 0, 0]
const valueStart = [2 * 6, 0, 0]

/** All that is the same in every marker. */
const template = makeTemplate()

function makeTemplate(): Uint8Array {
  const bytes = new Uint8Array(markerBytes)
  bytes[batchField.magic] = 2
  putInt16(bytes, batchField.attributes, batchBit.transactional | batchBit.control)
  putInt32(bytes, batchField.baseSequence, -1)
  putInt32(bytes, batchField.recordCount, 1)
  bytes.set(recordStart, field.record)
  bytes.set(valueStart, field.value)
  return bytes
}

/** A transaction's end as the log writes it, byte for byte what Kafka's own log holds. */
export function encodeMarker(marker: Marker): Uint8Array {
  const bytes = template.slice()
  putInt64(bytes, batchField.baseOffset, marker.baseOffset)
  putInt32(bytes, batchField.leaderEpoch, marker.leaderEpoch)
  putInt64(bytes, batchField.baseTimestamp, marker.timestamp)
  putInt64(bytes, batchField.maxTimestamp, marker.timestamp)
  putInt64(bytes, batchField.producerId, marker.producerId)
  putInt16(bytes, batchField.producerEpoch, marker.producerEpoch)
  putInt16(bytes, field.type, marker.commit ? 1 : 0)
  putInt32(bytes, field.coordinatorEpoch, marker.coordinatorEpoch)
  sealBatch(bytes)
  return bytes
}

/**
 * What the marker says whose batch begins here, where `checkBatchAt` finds a valid one; undefined where
 * the batch is none, or a control record of another type.
 */
export function readMarker(
  bytes: Uint8Array,
  at: number,
): { readonly commit: boolean; readonly coordinatorEpoch: number } | undefined {
  if (bytes.length - at < markerBytes) return undefined
  if (batchBytesAt(bytes, at) !== markerBytes) return undefined
  const attributes = bytes[at + batchField.attributes + 1]!
  if ((attributes & (batchBit.control | batchBit.compression)) !== batchBit.control)
    return undefined
  if (!holds(bytes, at + field.record, recordStart)) return undefined
  if (!holds(bytes, at + field.value, valueStart)) return undefined
  const type = int16At(bytes, at + field.type)
  if (type !== 0 && type !== 1) return undefined
  return { commit: type === 1, coordinatorEpoch: int32At(bytes, at + field.coordinatorEpoch) }
}

function holds(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte)
}
