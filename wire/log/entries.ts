import { assert, unreachable } from '@fermata/base/assert'

/** What stands in front of a batch in a frame's body. */
export const appendEntryBytes = 9

const kinds = { append: 1, end: 2 } as const

/** One thing that a frame tells: a batch that was appended, or a transaction that ended. */
export type Entry = AppendEntry | EndEntry

/** A batch, patched with its offset. */
export interface AppendEntry {
  readonly kind: 'append'
  readonly partition: number
  readonly batch: Uint8Array
}

/** The end of a transaction on all its partitions, from which each one's marker follows. */
export interface EndEntry {
  readonly kind: 'end'
  readonly producerId: number
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly commit: boolean
  readonly timestamp: number
  readonly markers: readonly MarkerPlace[]
}

/** Where one partition's marker stands, and the leader epoch that it carries. */
export interface MarkerPlace {
  readonly partition: number
  readonly offset: number
  readonly leaderEpoch: number
}

const markerPlaceBytes = 16

/** How many bytes the entry of a transaction's end takes. */
export function endEntryBytes(markers: number): number {
  return 1 + 8 + 2 + 4 + 1 + 8 + 4 + markers * markerPlaceBytes
}

/**
 * Writes what stands in front of a batch; the batch itself comes behind it.
 *
 *     body   = *entry
 *     entry  = append / end
 *     append = %x01 partition bytes batch      ; u32 u32, a record batch of version 2
 *     end    = %x02 producer epoch coordinator commit time count *(partition offset leader)
 *              ; u64 i16 i32 u8 f64 u32 *(u32 u64 i32)
 */
export function writeAppendHead(
  to: Uint8Array,
  at: number,
  partition: number,
  bytes: number,
): void {
  to[at] = kinds.append
  writeU32(to, at + 1, partition)
  writeU32(to, at + 5, bytes)
}

/** Writes the entry of a transaction's end. */
export function writeEnd(to: Uint8Array, at: number, entry: EndEntry): void {
  const view = new DataView(to.buffer, to.byteOffset + at, endEntryBytes(entry.markers.length))
  view.setUint8(0, kinds.end)
  view.setBigUint64(1, BigInt(entry.producerId))
  view.setInt16(9, entry.producerEpoch)
  view.setInt32(11, entry.coordinatorEpoch)
  view.setUint8(15, entry.commit ? 1 : 0)
  view.setFloat64(16, entry.timestamp)
  view.setUint32(24, entry.markers.length)
  let place = 28
  for (const { partition, offset, leaderEpoch } of entry.markers) {
    view.setUint32(place, partition)
    view.setBigUint64(place + 4, BigInt(offset))
    view.setInt32(place + 12, leaderEpoch)
    place += markerPlaceBytes
  }
}

/** Reads the entries of a frame whose checksum was right; its form is therefore ours. */
export function* readEntries(body: Uint8Array): Generator<Entry> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  for (let at = 0; at < body.length;) {
    const kind = view.getUint8(at) as (typeof kinds)[keyof typeof kinds]
    switch (kind) {
      case kinds.append: {
        const from = at + appendEntryBytes
        const bytes = view.getUint32(at + 5)
        assert(from + bytes <= body.length, 'a batch ends within its frame')
        const partition = view.getUint32(at + 1)
        yield { kind: 'append', partition, batch: body.subarray(from, from + bytes) }
        at = from + bytes
        break
      }
      case kinds.end: {
        const count = view.getUint32(at + 24)
        yield readEnd(view, at, count)
        at += endEntryBytes(count)
        break
      }
      default:
        unreachable(kind)
    }
  }
}

function readEnd(view: DataView, at: number, count: number): EndEntry {
  const markers = Array.from({ length: count }, (_, index) => ({
    partition: view.getUint32(at + 28 + index * markerPlaceBytes),
    offset: Number(view.getBigUint64(at + 32 + index * markerPlaceBytes)),
    leaderEpoch: view.getInt32(at + 40 + index * markerPlaceBytes),
  }))
  return {
    kind: 'end',
    producerId: Number(view.getBigUint64(at + 1)),
    producerEpoch: view.getInt16(at + 9),
    coordinatorEpoch: view.getInt32(at + 11),
    commit: view.getUint8(at + 15) === 1,
    timestamp: view.getFloat64(at + 16),
    markers,
  }
}

function writeU32(to: Uint8Array, at: number, value: number): void {
  to[at] = value >>> 24
  to[at + 1] = value >>> 16
  to[at + 2] = value >>> 8
  to[at + 3] = value
}
