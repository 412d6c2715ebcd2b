import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { ok, type Result } from '@fermata/base/result'
import { sequenceAfter } from '../../log/producers.ts'
import type { Ledger, LedgerEntry, LedgerProducer, Written } from '../ledger.ts'
import { findPartition } from '../partitions.ts'
import type { PartitionRef } from '../records.port.ts'
import { refuse, type BrokerRefusal } from '../refusals.ts'
import { topicNamed, type Topic, type Topics } from '../topic.ts'
import {
  commit,
  countOffsets,
  isUnstable,
  offsetEntry,
  outdated,
  placeName,
  placeNamed,
  type OffsetPlace,
  type StoredOffset,
} from './committed.ts'
import type { Coordinator } from './coordinator.ts'
import { newGroup } from './group.ts'
import { groupEntry } from './group.record.ts'
import { commitFault } from './members.ts'
import type { CommitOrder, FoundOffset, GroupCalls, OffsetOutcome } from './port.ts'
import { bytesOfOffset, type Room } from './room.ts'
import {
  allEntries,
  dropEntry,
  findEntry,
  noteSequence,
  provideEntry,
  waitFor,
  type Entry,
  type Registry,
} from './registry.ts'

/** What looks after offsets. */
export interface OffsetParts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly topics: Topics
  readonly registry: Registry
  readonly room: Room
  readonly coordinator: Coordinator
}

type OffsetCalls = Pick<
  GroupCalls,
  'commitOffsets' | 'committedOffsets' | 'deleteOffsets' | 'deleteGroups'
>

/** The groups' offsets, and what other rooms of the broker must tell them. */
export interface GroupOffsetCalls extends OffsetCalls {
  /** Commits offsets that count once the producer's transaction is committed. */
  commitWithin(producer: LedgerProducer, order: CommitOrder): Promise<readonly OffsetOutcome[]>
  /** Forgets all offsets of a topic. */
  dropTopic(topic: Topic): void
  /** Forgets what nobody has asked for in a long time; to be called now and then. */
  lookAtOld(): void
}

/** One partition's part of a commit, with the refusal if it is not taken. */
interface Part {
  readonly asked: CommitOrder['offsets'][number]
  readonly place: OffsetPlace | undefined
  readonly refusal: BrokerRefusal | undefined
}

/** A part that is taken. */
interface Taken {
  readonly place: OffsetPlace
  readonly stored: StoredOffset
}

/** Why nobody may commit for a group that is not there; anybody may who is no member of any. */
function unknownFault(
  entry: Entry | undefined,
  { group, generation }: CommitOrder,
  isTransactional: boolean,
): BrokerRefusal | undefined {
  if (generation < 0) return undefined
  if (group === '') return { code: 'invalid_group' }
  if (entry !== undefined) return undefined
  return isTransactional ? { code: 'unknown_member' } : { code: 'illegal_generation' }
}

/** The calls about offsets. */
export function offsetsOf(parts: OffsetParts): GroupOffsetCalls {
  const { ledger, clock, topics, registry, coordinator, room } = parts

  const placeOf = (workspace: string, ref: PartitionRef): Result<OffsetPlace, BrokerRefusal> => {
    const found = findPartition(topics, workspace, ref)
    if (!found.ok) return found
    return ok({ topicId: topicNamed(topics, workspace, ref.topic)!.id, index: ref.index })
  }

  const partOf = (workspace: string, asked: CommitOrder['offsets'][number]): Part => {
    const found = placeOf(workspace, asked)
    const isLarge = Buffer.byteLength(asked.metadata) > limits.offsetMetadataBytesMax
    const refusal: BrokerRefusal | undefined = isLarge ? { code: 'metadata_too_large' } : undefined
    return found.ok
      ? { asked, place: found.value, refusal }
      : { asked, place: undefined, refusal: found.refusal }
  }

  /** Writes what can be taken of a commit; `take` hears of it before it is on disk, and what it gives is called after. */
  const commitAs = async (
    order: CommitOrder,
    isTransactional: boolean,
    write: (entries: readonly LedgerEntry[]) => Promise<Written>,
    take: (taken: readonly Taken[]) => (isWritten: boolean) => void,
  ): Promise<readonly OffsetOutcome[]> => {
    const { workspace, group } = order
    const entry = findEntry(registry, workspace, group)
    const nowMs = clock.monotonic()
    const fault =
      unknownFault(entry, order, isTransactional) ??
      commitFault(entry?.group ?? newGroup(), order, { nowMs, isTransactional })
    const all = order.offsets.map((asked) => partOf(workspace, asked))
    if (fault !== undefined) return all.map(({ asked }) => outcomeOf(asked, fault))
    if (entry && countOffsets(entry.offsets) + all.length > limits.offsetsPerGroupMax) {
      const reason = `a group has at most ${limits.offsetsPerGroupMax} offsets`
      return all.map(({ asked }) => outcomeOf(asked, { code: 'policy', reason }))
    }
    const committed = entry?.offsets.committed
    const more = all.reduce((sum, { asked, place }) => {
      return sum + bytesOfOffset(place && committed?.get(placeName(place)), asked)
    }, 0)
    const full = room.fault(order, more)
    if (full !== undefined) return all.map(({ asked }) => outcomeOf(asked, full))
    const atMs = clock.now()
    const position = registry.nextPosition++
    const taken = all.flatMap(({ asked, place, refusal }) => {
      if (place === undefined || refusal !== undefined) return []
      const { offset, epoch, metadata } = asked
      return [{ place, stored: { offset, epoch, metadata, atMs, position } }]
    })
    const settled = take(taken)
    if (entry !== undefined) entry.writing++
    const written = await write(
      taken.map(({ place, stored }) => offsetEntry(workspace, group, place, stored)),
    )
    if (entry !== undefined) entry.writing--
    settled(written.ok)
    return all.map(({ asked, refusal }) =>
      outcomeOf(asked, refusal ?? (written.ok ? undefined : written.refusal)),
    )
  }

  const forget = (entry: Entry, names: readonly string[]): Promise<Written> => {
    for (const name of names) entry.offsets.committed.delete(name)
    const { workspace, id } = entry
    return ledger.write(
      names.map((name) => offsetEntry(workspace, id, placeNamed(name), undefined)),
    )
  }

  return {
    commitOffsets: (order) =>
      commitAs(
        order,
        false,
        (entries) => ledger.write(entries),
        (taken) => (isWritten) => {
          if (!isWritten || taken.length === 0) return
          const { offsets } = provideEntry(registry, order.workspace, order.group)
          for (const { place, stored } of taken) commit(offsets, placeName(place), stored)
        },
      ),
    commitWithin: (producer, order) =>
      commitAs(
        order,
        true,
        async (entries) => {
          const last = registry.sequences.get(producer.id)
          const sequence = last?.epoch === producer.epoch ? last.next : 0
          noteSequence(registry, producer, sequenceAfter(sequence, entries.length))
          const written = await ledger.writeWithin({ ...producer, sequence }, entries)
          if (!written.ok) {
            // Of several that were refused, the first one says where to go on.
            const { next = sequence } = registry.sequences.get(producer.id) ?? {}
            noteSequence(registry, producer, Math.min(sequence, next))
          }
          return written
        },
        (taken) => {
          // The transaction may be ended while this is on its way: then it must be found waiting.
          const entry = provideEntry(registry, order.workspace, order.group)
          for (const { place, stored } of taken) {
            waitFor(registry, entry, producer.id, placeName(place), stored)
          }
          return (isWritten) => {
            if (isWritten) return
            for (const { place } of taken) {
              entry.offsets.pending.get(producer.id)?.delete(placeName(place))
            }
          }
        },
      ),
    async committedOffsets({ workspace, group, partitions }) {
      const entry = findEntry(registry, workspace, group)
      if (partitions !== undefined) {
        return partitions.map((ref) => {
          const place = placeOf(workspace, ref)
          return foundOf(ref, entry, place.ok ? placeName(place.value) : '')
        })
      }
      const names = Array.from(entry?.offsets.committed.keys() ?? [])
      return names.flatMap((name) => {
        const { topicId, index } = placeNamed(name)
        const topic = topics.byId.get(topicId)
        return topic ? [foundOf({ topic: topic.name, index }, entry, name)] : []
      })
    },
    async deleteOffsets({ workspace, group, partitions }) {
      const entry = findEntry(registry, workspace, group)
      if (entry === undefined) return refuse('unknown_group')
      const isRead = entry.group.members.size > 0
      const places = partitions.map((ref) => ({ ref, place: placeOf(workspace, ref) }))
      if (isRead) {
        return ok(places.map(({ ref }) => outcomeOf(ref, { code: 'group_subscribed' })))
      }
      const names = places.flatMap(({ place }) => (place.ok ? [placeName(place.value)] : []))
      const written = await forget(
        entry,
        names.filter((name) => entry.offsets.committed.has(name)),
      )
      if (!written.ok) return written
      return ok(
        places.map(({ ref, place }) => outcomeOf(ref, place.ok ? undefined : place.refusal)),
      )
    },
    deleteGroups: ({ workspace, groups }) =>
      Promise.all(
        groups.map(async (group) => {
          const entry = findEntry(registry, workspace, group)
          if (entry === undefined) return { group, refusal: { code: 'unknown_group' } as const }
          const isUsed = entry.group.members.size > 0 || entry.group.pending.size > 0
          if (isUsed || entry.offsets.pending.size > 0) {
            return { group, refusal: { code: 'group_not_empty' } as const }
          }
          const names = [...entry.offsets.committed.keys()]
          const written = await ledger.write([
            ...names.map((name) => offsetEntry(workspace, group, placeNamed(name), undefined)),
            groupEntry(workspace, group, undefined, clock.now()),
          ])
          if (!written.ok) return { group, refusal: written.refusal }
          dropEntry(registry, entry)
          return { group }
        }),
      ),
    dropTopic({ id }) {
      for (const entry of allEntries(registry)) {
        const names = [...entry.offsets.committed.keys()]
        const gone = names.filter((name) => placeNamed(name).topicId === id)
        if (gone.length > 0) void forget(entry, gone)
      }
    },
    lookAtOld() {
      const nowMs = clock.now()
      for (const entry of allEntries(registry)) {
        const { group, offsets, emptySinceMs } = entry
        if (group.members.size > 0 || group.pending.size > 0 || entry.writing > 0) continue
        const old = outdated(offsets, emptySinceMs, nowMs)
        if (old.length > 0) void forget(entry, old)
        const isOver = nowMs - emptySinceMs >= limits.groupOffsetsMs
        if (countOffsets(offsets) > 0 || !isOver) continue
        void ledger.write([groupEntry(entry.workspace, entry.id, undefined, nowMs)])
        dropEntry(registry, entry)
        coordinator.arm(entry)
      }
    },
  }
}

function outcomeOf(
  { topic, index }: PartitionRef,
  refusal: BrokerRefusal | undefined,
): OffsetOutcome {
  return refusal === undefined ? { topic, index } : { topic, index, refusal }
}

function foundOf(
  { topic, index }: PartitionRef,
  entry: Entry | undefined,
  name: string,
): FoundOffset {
  const stored = entry?.offsets.committed.get(name)
  const { offset = -1, epoch = -1, metadata = '' } = stored ?? {}
  const isWaiting = entry !== undefined && isUnstable(entry.offsets, name)
  return { topic, index, offset, epoch, metadata, isUnstable: isWaiting }
}
