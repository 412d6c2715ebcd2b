import { lastOffsetOf, readBatchHeader } from './batch.ts'
import { encodeMarker, readMarker } from './marker.ts'
import type { EndEntry, MarkerPlace } from './entries.ts'
import { activeSegment, rollSegment, type FilePartition } from './partition.file.ts'
import { applyAppend, applyMarker, setHigh } from './partition.ts'

/** Tells a partition's state of a batch that lies in the log: a client's, or a marker. */
export function applyStored(partition: Pick<FilePartition, 'state'>, batch: Uint8Array): void {
  const header = readBatchHeader(batch, 0)
  const marker = header.control ? readMarker(batch, 0) : undefined
  if (marker === undefined) applyAppend(partition.state, header)
  else {
    const { producerId, producerEpoch, maxTimestamp: timestamp } = header
    const { commit, coordinatorEpoch } = marker
    const offset = lastOffsetOf(header)
    const told = { producerId, producerEpoch, commit, coordinatorEpoch, offset, timestamp }
    applyMarker(partition.state, told)
  }
}

/** The marker that a transaction's end puts into one partition; the same whenever it is made. */
export function markerOf(entry: EndEntry, place: MarkerPlace): Uint8Array {
  const { producerId, producerEpoch, coordinatorEpoch, commit, timestamp } = entry
  return encodeMarker({
    baseOffset: place.offset,
    leaderEpoch: place.leaderEpoch,
    producerId,
    producerEpoch,
    coordinatorEpoch,
    commit,
    timestamp,
  })
}

/** Goes on with a later offset, in a segment of its own, because inside one offsets follow each other. */
export function skipTo(partition: FilePartition, offset: number, nowMs: number): void {
  partition.state.end = offset
  setHigh(partition.state, offset)
  rollSegment(partition, offset, nowMs)
}

/** Whether the partition holds nothing at all, in memory or on disk. */
export function isEmpty(partition: FilePartition): boolean {
  return partition.segments.length === 1 && activeSegment(partition).bytes === 0
}
