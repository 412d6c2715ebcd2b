import { limits } from '@fermata/base/limits'
import type { LedgerFound, LedgerProducer } from '../ledger.ts'
import {
  commit,
  commitLater,
  noOffsets,
  placeName,
  settle,
  storedOffset,
  type GroupOffsets,
} from './committed.ts'
import { newGroup, type Group } from './group.ts'
import { groupOf } from './group.record.ts'

/** A group with its offsets. */
export interface Entry {
  readonly workspace: string
  readonly id: string
  group: Group
  readonly offsets: GroupOffsets
  /** When its last member went, as far as is known; 0 for a group that never had any. */
  emptySinceMs: number
  /** Commits that are on their way to the disk: what they change is not forgotten meanwhile, or it would be after them. */
  writing: number
}

/** All groups. */
export interface Registry {
  readonly groups: Map<string, Map<string, Entry>>
  /** Groups with offsets that wait for the transaction of a producer. */
  readonly waiting: Map<number, Set<Entry>>
  /** By producer, the sequence of its next batch in the ledger; the longest unused first. */
  readonly sequences: Map<number, { readonly epoch: number; readonly next: number }>
  /** Rises with each commit, in the order in which they lie in the ledger. */
  nextPosition: number
}

/** No groups. */
export function newRegistry(): Registry {
  return { groups: new Map(), waiting: new Map(), sequences: new Map(), nextPosition: 0 }
}

/** The group of a name. */
export function findEntry(registry: Registry, workspace: string, id: string): Entry | undefined {
  return registry.groups.get(workspace)?.get(id)
}

/** The group of a name, made where it is not there. */
export function provideEntry(registry: Registry, workspace: string, id: string): Entry {
  const found = findEntry(registry, workspace, id)
  if (found !== undefined) return found
  const entry = {
    workspace,
    id,
    group: newGroup(),
    offsets: noOffsets(),
    emptySinceMs: 0,
    writing: 0,
  }
  const named = registry.groups.get(workspace) ?? new Map<string, Entry>()
  registry.groups.set(workspace, named.set(id, entry))
  return entry
}

/** Forgets a group. */
export function dropEntry(registry: Registry, { workspace, id }: Entry): void {
  registry.groups.get(workspace)?.delete(id)
}

/** Whether nothing is known of a group but its name. */
export function isBare({ group, offsets }: Entry): boolean {
  const isNew = group.members.size === 0 && group.pending.size === 0 && group.generation === 0
  return isNew && offsets.committed.size === 0 && offsets.pending.size === 0
}

/** All groups of all workspaces. */
export function allEntries({ groups }: Registry): Entry[] {
  return Array.from(groups.values()).flatMap((named) => Array.from(named.values()))
}

/** Takes in what the ledger tells. */
export function applyFound(registry: Registry, found: LedgerFound, nowMs: number): void {
  const [kind, workspace, id, topicId, index] = found.key
  if (kind === 'group') applyGroup(registry, String(workspace), String(id), found, nowMs)
  if (kind !== 'offset') return
  const entry = provideEntry(registry, String(workspace), String(id))
  const name = placeName({ topicId: String(topicId), index: Number(index) })
  const stored = storedOffset(found, registry.nextPosition++)
  if (stored === undefined) entry.offsets.committed.delete(name)
  else if (found.producer === undefined) commit(entry.offsets, name, stored)
  else waitFor(registry, entry, found.producer.id, name, stored)
}

function applyGroup(
  registry: Registry,
  workspace: string,
  id: string,
  found: LedgerFound,
  nowMs: number,
): void {
  if (found.value === undefined) {
    const entry = findEntry(registry, workspace, id)
    if (entry !== undefined) entry.group = newGroup()
    return
  }
  const entry = provideEntry(registry, workspace, id)
  const { group, atMs } = groupOf(found, nowMs)
  entry.group = group
  entry.emptySinceMs = group.members.size === 0 ? atMs : 0
}

/** Notes the sequence that follows; the log forgets those that are unused for long, and so may this. */
export function noteSequence(
  { sequences }: Registry,
  { id, epoch }: LedgerProducer,
  next: number,
): void {
  sequences.delete(id)
  sequences.set(id, { epoch, next })
  const [longestUnused] = sequences.keys()
  if (sequences.size > 2 * limits.producersPerPartitionMax && longestUnused !== undefined) {
    sequences.delete(longestUnused)
  }
}

/** Takes in an offset that waits for a transaction. */
export function waitFor(
  registry: Registry,
  entry: Entry,
  producer: number,
  name: string,
  stored: Parameters<typeof commitLater>[3],
): void {
  commitLater(entry.offsets, producer, name, stored)
  const entries = registry.waiting.get(producer) ?? new Set<Entry>()
  registry.waiting.set(producer, entries.add(entry))
}

/** A producer's transaction has ended on the ledger. */
export function applyEnd(registry: Registry, { id }: LedgerProducer, isCommitted: boolean): void {
  for (const entry of registry.waiting.get(id) ?? []) settle(entry.offsets, id, isCommitted)
  registry.waiting.delete(id)
}
