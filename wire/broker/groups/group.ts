import type { Result } from '@fermata/base/result'
import type { BrokerRefusal } from '../refusals.ts'
import type { GroupState, Joined, JoinRefusal, MemberProtocol, MemberRef, Synced } from './port.ts'

// A group of readers that share partitions: Kafka's classic protocol (KIP-62, 345, 394, 814), as a state that
// rules change in place. The rules know no clock and no disk: they are handed the time, and say in an
// `Outbox` who is to be answered and what is to be written down.
//
//   Empty -> PreparingRebalance   somebody joins
//   PreparingRebalance -> CompletingRebalance   all have joined, or had their time
//   CompletingRebalance -> Stable   the leader has said who reads what, and it is written down
//   any -> PreparingRebalance   somebody joins, leaves, or is not heard of any more
//   PreparingRebalance -> Empty   nobody is left

/** Stands for a call that waits for its answer. */
export type Token = number

/** A member of a group. */
export interface Member {
  readonly id: string
  readonly instance: string | null
  clientId: string
  clientHost: string
  sessionMs: number
  rebalanceMs: number
  protocols: readonly MemberProtocol[]
  assignment: Uint8Array
  /** The call that waits until all have joined. */
  join: Token | undefined
  /** The call that waits for the leader's word. */
  sync: Token | undefined
  /** It was told that all have joined, and has not asked for its assignment yet. */
  owesSync: boolean
  /** When it counts as gone, unless it is heard of before. */
  untilMs: number
}

/** A group. */
export interface Group {
  state: GroupState
  protocolType: string
  /** Chosen of those that all members know; empty before. */
  protocol: string
  generation: number
  leader: string
  readonly members: Map<string, Member>
  /** Ids of members by the name that outlives their processes. */
  readonly instances: Map<string, string>
  /** Ids that were given out and have not come back yet, and until when they may. */
  readonly pending: Map<string, number>
  /** When those who have not joined, or not synced, have had their time. */
  untilMs: number
  /** Whether the leader's assignments are on their way to the disk. */
  isWriting: boolean
}

/** What a rule brings about besides its change of the group. */
export interface Outbox {
  joined(token: Token, answer: Result<Joined, JoinRefusal>): void
  synced(token: Token, answer: Result<Synced, BrokerRefusal>): void
  /** The group is to be written down; `stored` is to be called once that is done. */
  write(): void
}

/** A group of nobody. */
export function newGroup(): Group {
  return {
    state: 'Empty',
    protocolType: '',
    protocol: '',
    generation: 0,
    leader: '',
    members: new Map(),
    instances: new Map(),
    pending: new Map(),
    untilMs: Infinity,
    isWriting: false,
  }
}

/** What is wrong with how a member names itself; undefined where it is one. */
export function memberFault(
  group: Group,
  { member, instance }: MemberRef,
): BrokerRefusal | undefined {
  if (instance !== null) {
    const current = group.instances.get(instance)
    if (current === undefined) return { code: 'unknown_member' }
    if (current !== member) return { code: 'fenced_instance' }
  }
  return group.members.has(member) ? undefined : { code: 'unknown_member' }
}

/** What a member says of itself under a protocol. */
export function metadataOf(member: Member, protocol: string): Uint8Array {
  return member.protocols.find(({ name }) => name === protocol)?.metadata ?? new Uint8Array()
}

/** Whether somebody with these protocols finds one that all others know too. */
export function isConsistent(
  { members, protocolType }: Group,
  type: string,
  protocols: readonly MemberProtocol[],
): boolean {
  if (members.size === 0) return type !== '' && protocols.length > 0
  const all = Array.from(members.values())
  const isCommon = (name: string): boolean =>
    all.every((member) => member.protocols.some((protocol) => protocol.name === name))
  return type === protocolType && protocols.some(({ name }) => isCommon(name))
}

/** The protocol that most members like best of those that all of them know. */
export function chooseProtocol({ members }: Group): string {
  const all = Array.from(members.values())
  const isCommon = (name: string): boolean =>
    all.every(({ protocols }) => protocols.some((protocol) => protocol.name === name))
  const votes = new Map<string, number>()
  for (const { protocols } of all) {
    const liked = protocols.find(({ name }) => isCommon(name))?.name
    if (liked !== undefined) votes.set(liked, (votes.get(liked) ?? 0) + 1)
  }
  let chosen = ''
  for (const [name, count] of votes) if (count > (votes.get(chosen) ?? 0)) chosen = name
  return chosen
}

/** When something is to be done even if nobody says anything: at the earliest of all times that run. */
export function nextTime(group: Group): number {
  let next = group.untilMs
  for (const untilMs of group.pending.values()) next = Math.min(next, untilMs)
  for (const member of group.members.values()) {
    if (!isWaiting(member)) next = Math.min(next, member.untilMs)
  }
  return next
}

/** One that waits for an answer of ours need not be heard of. */
export function isWaiting({ join, sync }: Member): boolean {
  return join !== undefined || sync !== undefined
}
