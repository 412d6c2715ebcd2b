import type { Cancel, Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { refused, type Result } from '@fermata/base/result'
import type { Ledger, Written } from '../ledger.ts'
import { refuse, type BrokerRefusal } from '../refusals.ts'
import { metadataOf, nextTime, newGroup, type Group, type Outbox, type Token } from './group.ts'
import { groupEntry } from './group.record.ts'
import { join, joinFault } from './join.ts'
import { heartbeat, leave, stored, sync, tick } from './members.ts'
import type { GroupCalls, GroupView, Joined, JoinRefusal, Synced } from './port.ts'
import { bytesOfJoin, bytesOfSync, type Room } from './room.ts'
import {
  allEntries,
  dropEntry,
  findEntry,
  isBare,
  provideEntry,
  type Entry,
  type Registry,
} from './registry.ts'

/** What looks after groups. */
export interface GroupParts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly registry: Registry
  readonly room: Room
  /** A text that nobody else is given. */
  readonly newId: () => string
}

type MemberCalls = Pick<
  GroupCalls,
  'joinGroup' | 'syncGroup' | 'heartbeat' | 'leaveGroup' | 'listGroups' | 'describeGroups'
>

/** The members' side of the groups, and what keeps time for them. */
export interface Coordinator extends MemberCalls {
  /** Looks again when a group is to be woken; to be called after its times may have changed. */
  arm(entry: Entry): void
  close(): void
}

interface Waiting {
  readonly joins: Map<Token, (answer: Result<Joined, JoinRefusal>) => void>
  readonly syncs: Map<Token, (answer: Result<Synced, BrokerRefusal>) => void>
}

interface Alarm {
  readonly atMs: number
  readonly cancel: Cancel
}

/** Begins to look after the groups of a registry. */
export function openCoordinator(parts: GroupParts): Coordinator {
  const { clock, registry, ledger, room } = parts
  const waiting: Waiting = { joins: new Map(), syncs: new Map() }
  const alarms = new Map<Entry, Alarm>()
  let nextToken: Token = 1
  let isClosed = false
  const now = (): number => clock.monotonic()

  const write = (entry: Entry): Promise<Written> =>
    ledger.write([groupEntry(entry.workspace, entry.id, entry.group, clock.now())])

  const outboxOf = (entry: Entry): Outbox => ({
    joined: (token, answer) => answerOnce(waiting.joins, token, answer),
    synced: (token, answer) => answerOnce(waiting.syncs, token, answer),
    write() {
      const { group } = entry
      const { generation } = group
      if (group.members.size === 0) entry.emptySinceMs = clock.now()
      void write(entry).then((written) => {
        const done: Result<void, BrokerRefusal> = written.ok
          ? { ok: true, value: undefined }
          : written
        stored(group, generation, done, now(), outboxOf(entry))
        arm(entry)
      })
    },
  })

  const arm = (entry: Entry): void => {
    const atMs = nextTime(entry.group)
    const armed = alarms.get(entry)
    // An alarm that rings too early looks again, and so members that are heard of cost nothing.
    if (isClosed || (armed !== undefined && armed.atMs <= atMs)) return
    armed?.cancel()
    alarms.delete(entry)
    if (atMs === Infinity) return
    const ring = (): void => {
      alarms.delete(entry)
      tick(entry.group, now(), outboxOf(entry))
      arm(entry)
    }
    alarms.set(entry, { atMs, cancel: clock.after(Math.max(0, atMs - now()), ring) })
  }

  /** A group of which nothing is left to be known is not held. */
  const letGo = (entry: Entry): void => {
    if (isBare(entry)) dropEntry(registry, entry)
  }

  for (const entry of allEntries(registry)) {
    arm(entry)
    letGo(entry)
  }
  return {
    arm,
    joinGroup(order) {
      const there = findEntry(registry, order.workspace, order.group)
      const fault =
        closedFault(isClosed) ??
        joinFault(order) ??
        (there === undefined && order.member !== '' ? { code: 'unknown_member' } : undefined) ??
        room.fault(order, bytesOfJoin(there, order))
      if (fault !== undefined) return Promise.resolve(refused(fault))
      const entry = there ?? provideEntry(registry, order.workspace, order.group)
      const token = nextToken++
      const answer = promised(waiting.joins, token)
      const newId = `${order.instance ?? order.clientId}-${parts.newId()}`
      join(entry.group, { order: kept(order), token, nowMs: now(), newId }, outboxOf(entry))
      arm(entry)
      letGo(entry)
      return answer
    },
    syncGroup(order) {
      const entry = findEntry(registry, order.workspace, order.group)
      const fault = closedFault(isClosed)
      if (fault !== undefined) return Promise.resolve(refused(fault))
      if (entry === undefined) return Promise.resolve(refuse('unknown_member'))
      const isLarge = order.assignments.some(
        ({ assignment }) => assignment.length > limits.groupMemberBytesMax,
      )
      if (isLarge) return Promise.resolve(refuse('invalid_request', 'an assignment is too large'))
      const full = room.fault(order, bytesOfSync(entry, order))
      if (full !== undefined) return Promise.resolve(refused(full))
      const token = nextToken++
      const answer = promised(waiting.syncs, token)
      const assignments = order.assignments.map(({ member, assignment }) => ({
        member,
        assignment: Uint8Array.from(assignment),
      }))
      const nowMs = now()
      sync(entry.group, { order: { ...order, assignments }, token, nowMs }, outboxOf(entry))
      arm(entry)
      return answer
    },
    async heartbeat(order) {
      const entry = findEntry(registry, order.workspace, order.group)
      if (entry === undefined) return refuse('unknown_member')
      return heartbeat(entry.group, order, now())
    },
    async leaveGroup({ workspace, group, members }) {
      const entry = findEntry(registry, workspace, group)
      const answers = members.map((member) => {
        const fault: BrokerRefusal | undefined = entry
          ? leave(entry.group, member, now(), outboxOf(entry))
          : { code: 'unknown_member' }
        return { ...member, ...(fault && { refusal: fault }) }
      })
      if (entry !== undefined) {
        arm(entry)
        letGo(entry)
      }
      return answers
    },
    async listGroups({ workspace }) {
      return allEntries(registry)
        .filter((entry) => entry.workspace === workspace)
        .map((entry) => viewOf(entry.id, entry.group))
    },
    async describeGroups({ workspace, groups }) {
      return groups.map((id) => {
        const entry = findEntry(registry, workspace, id)
        return entry ? viewOf(id, entry.group) : viewOf(id, { ...newGroup(), state: 'Dead' })
      })
    },
    close() {
      isClosed = true
      for (const { cancel } of alarms.values()) cancel()
      alarms.clear()
      const gone = refuse('ended')
      for (const token of [...waiting.joins.keys()]) answerOnce(waiting.joins, token, gone)
      for (const token of [...waiting.syncs.keys()]) answerOnce(waiting.syncs, token, gone)
    },
  }
}

function closedFault(isClosed: boolean): BrokerRefusal | undefined {
  return isClosed ? { code: 'ended' } : undefined
}

/** What is kept is copied: the bytes of a call belong to whoever calls. */
function kept<T extends { readonly protocols: readonly { name: string; metadata: Uint8Array }[] }>(
  order: T,
): T {
  const protocols = order.protocols.map(({ name, metadata }) => ({
    name,
    metadata: Uint8Array.from(metadata),
  }))
  return { ...order, protocols }
}

function promised<T>(waiting: Map<Token, (answer: T) => void>, token: Token): Promise<T> {
  return new Promise((resolve) => void waiting.set(token, resolve))
}

function answerOnce<T>(waiting: Map<Token, (answer: T) => void>, token: Token, answer: T): void {
  waiting.get(token)?.(answer)
  waiting.delete(token)
}

function viewOf(id: string, group: Group): GroupView {
  const { state, protocolType, protocol } = group
  return {
    group: id,
    state,
    protocolType,
    protocol,
    members: Array.from(group.members.values(), (member) => ({
      member: member.id,
      instance: member.instance,
      clientId: member.clientId,
      clientHost: member.clientHost,
      metadata: metadataOf(member, protocol),
      assignment: member.assignment,
    })),
  }
}
