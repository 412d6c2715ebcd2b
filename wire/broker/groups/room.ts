import { limits } from '@fermata/base/limits'
import type { BrokerRefusal } from '../refusals.ts'
import type { GroupRef, JoinOrder, SyncOrder } from './port.ts'
import { allEntries, findEntry, type Entry, type Registry } from './registry.ts'

// How much is held of all groups together: what their members say of themselves and are assigned, and the offsets that
// they have come to. Whoever may read may make groups, and so nothing of them grows without bounds.

/** What a group, a member and an offset take besides their texts and bytes, as measured, rounded up. */
const groupBytes = 1_000
const memberBytes = 1_000
const offsetBytes = 400

/** Tells whether there is room for more. */
export interface Room {
  /** Why so much more of a group is not taken; undefined where it is, and then it counts as held. */
  fault(ref: GroupRef, bytes: number): BrokerRefusal | undefined
}

/** Watches over the groups of a registry; `now` is a time in ms that never goes back. */
export function openRoom(registry: Registry, now: () => number): Room {
  let held = countBytes(registry)
  let countedMs = now()
  const isFull = (bytes: number): boolean => held + bytes > limits.groupsBytesMax
  return {
    fault({ workspace, group }, bytes) {
      const named = registry.groups.get(workspace)
      const isNew = findEntry(registry, workspace, group) === undefined
      if (isNew && group.length > limits.groupIdCharsMax) return { code: 'invalid_group' }
      if (isNew && (named?.size ?? 0) >= limits.groupsPerWorkspaceMax) {
        const reason = `a workspace has at most ${limits.groupsPerWorkspaceMax} groups`
        return { code: 'policy', reason }
      }
      const more = isNew ? bytes + groupBytes : bytes
      // What takes the place of something else is counted as if it came besides: so it is counted anew now and then.
      if (isFull(more) && now() - countedMs >= limits.groupsCountMs) {
        held = countBytes(registry)
        countedMs = now()
      }
      if (isFull(more)) {
        const reason = `all groups together hold at most ${limits.groupsBytesMax} bytes`
        return { code: 'policy', reason }
      }
      held += more
      return undefined
    },
  }
}

/** How much is held of a member that says so much of itself. */
export function bytesOfMember(
  member: Pick<JoinOrder, 'clientId' | 'clientHost' | 'instance' | 'protocols'> & {
    readonly protocolType?: string
    readonly assignment?: Uint8Array
  },
): number {
  const { clientId, clientHost, instance, protocolType = '', assignment } = member
  // The id of a member begins with one of these names.
  const names = 2 * (clientId.length + (instance?.length ?? 0)) + clientHost.length
  const bytes = memberBytes + names + protocolType.length + (assignment?.length ?? 0)
  return member.protocols.reduce(
    (sum, { name, metadata }) => sum + name.length + metadata.length,
    bytes,
  )
}

/** How much more is held once somebody has joined; what takes the place of itself is no more. */
export function bytesOfJoin(entry: Entry | undefined, order: JoinOrder): number {
  const { member, instance } = order
  const id = instance === null ? member : entry?.group.instances.get(instance)
  const old = entry?.group.members.get(id ?? '')
  return Math.max(0, bytesOfMember(order) - (old === undefined ? 0 : bytesOfMember(old)))
}

/** How much more is held once the leader has said who reads what. */
export function bytesOfSync({ group }: Entry, { assignments }: SyncOrder): number {
  const said = assignments.reduce((sum, { assignment }) => sum + assignment.length, 0)
  const all = Array.from(group.members.values())
  return Math.max(
    0,
    all.reduce((left, { assignment }) => left - assignment.length, said),
  )
}

/** How much more is held once an offset is committed where this one was. */
export function bytesOfOffset(
  old: { readonly metadata: string } | undefined,
  { metadata }: { readonly metadata: string },
): number {
  if (old === undefined) return offsetBytes + metadata.length
  return Math.max(0, metadata.length - old.metadata.length)
}

function countBytes(registry: Registry): number {
  return allEntries(registry).reduce((sum, entry) => sum + bytesOfEntry(entry), 0)
}

function bytesOfEntry({ id, group, offsets }: Entry): number {
  let bytes = groupBytes + id.length
  for (const member of group.members.values()) bytes += bytesOfMember(member)
  for (const name of group.pending.keys()) bytes += memberBytes + name.length
  for (const waiting of [offsets.committed, ...offsets.pending.values()]) {
    for (const stored of waiting.values()) bytes += bytesOfOffset(undefined, stored)
  }
  return bytes
}
