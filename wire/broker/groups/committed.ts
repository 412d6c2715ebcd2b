import { limits } from '@fermata/base/limits'
import type { LedgerEntry, LedgerFound } from '../ledger.ts'
import type { CommittedOffset } from './port.ts'

// The offsets that groups have come to, in memory. A partition is named by its topic's id, so that a topic
// that is made anew begins without offsets. Those of a transaction wait until it has ended.

/** An offset that was written down. */
export interface StoredOffset extends CommittedOffset {
  /** When, in milliseconds since 1970. */
  readonly atMs: number
  /** Which lies later in the ledger has the higher one, and holds, in whatever order transactions end. */
  readonly position: number
}

/** A partition, by its topic's id. */
export interface OffsetPlace {
  readonly topicId: string
  readonly index: number
}

/** The offsets of one group. */
export interface GroupOffsets {
  readonly committed: Map<string, StoredOffset>
  /** By producer: what its open transaction would change. */
  readonly pending: Map<number, Map<string, StoredOffset>>
}

/** No offsets. */
export function noOffsets(): GroupOffsets {
  return { committed: new Map(), pending: new Map() }
}

/** What names a partition among a group's offsets. */
export function placeName({ topicId, index }: OffsetPlace): string {
  return `${topicId} ${index}`
}

/** The partition of a name. */
export function placeNamed(name: string): OffsetPlace {
  const [topicId = '', index = ''] = name.split(' ')
  return { topicId, index: Number(index) }
}

/** Takes an offset in, unless a later one is there. */
export function commit({ committed }: GroupOffsets, name: string, stored: StoredOffset): void {
  const there = committed.get(name)
  if (there === undefined || there.position <= stored.position) committed.set(name, stored)
}

/** Takes an offset in that counts once its transaction is committed. */
export function commitLater(
  { pending }: GroupOffsets,
  producer: number,
  name: string,
  stored: StoredOffset,
): void {
  const waiting = pending.get(producer) ?? new Map<string, StoredOffset>()
  waiting.set(name, stored)
  pending.set(producer, waiting)
}

/** A producer's transaction has ended. */
export function settle(offsets: GroupOffsets, producer: number, isCommitted: boolean): void {
  const waiting = offsets.pending.get(producer)
  if (waiting === undefined) return
  offsets.pending.delete(producer)
  if (!isCommitted) return
  for (const [name, stored] of waiting) commit(offsets, name, stored)
}

/** Whether an open transaction would change an offset. */
export function isUnstable({ pending }: GroupOffsets, name: string): boolean {
  for (const waiting of pending.values()) if (waiting.has(name)) return true
  return false
}

/** How many offsets are held. */
export function countOffsets({ committed, pending }: GroupOffsets): number {
  let count = committed.size
  for (const waiting of pending.values()) count += waiting.size
  return count
}

/** What is written down of an offset. */
export function offsetEntry(
  workspace: string,
  group: string,
  { topicId, index }: OffsetPlace,
  offset: (CommittedOffset & { readonly atMs: number }) | undefined,
): LedgerEntry {
  const value = offset && [offset.offset, offset.epoch, offset.metadata, offset.atMs]
  return { key: ['offset', workspace, group, topicId, index], value }
}

/** What was written down of an offset; undefined where it was taken back. */
export function storedOffset({ value }: LedgerFound, position: number): StoredOffset | undefined {
  if (value === undefined) return undefined
  const [offset, epoch, metadata, atMs] = value as [number, number, string, number]
  return { offset, epoch, metadata, atMs, position }
}

/** Offsets of a group without members that are older than they may become. */
export function outdated(offsets: GroupOffsets, emptySinceMs: number, nowMs: number): string[] {
  return Array.from(offsets.committed).flatMap(([name, { atMs }]) => {
    const isOld = nowMs - Math.max(atMs, emptySinceMs) >= limits.groupOffsetsMs
    return isOld && !isUnstable(offsets, name) ? [name] : []
  })
}
