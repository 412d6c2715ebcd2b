import { ok, refused } from '@fermata/base/result'
import type { BrokerRefusal } from '../refusals.ts'
import {
  chooseProtocol,
  metadataOf,
  type Group,
  type Member,
  type Outbox,
  type Token,
} from './group.ts'
import type { Joined } from './port.ts'

/** Begins anew: everybody is to join again, and has the longest of the members' times for it. */
export function beginRebalance(group: Group, nowMs: number, outbox: Outbox): void {
  if (group.state === 'CompletingRebalance') refuseSyncs(group, nowMs, outbox)
  group.state = 'PreparingRebalance'
  let longestMs = 0
  for (const { rebalanceMs } of group.members.values()) longestMs = Math.max(longestMs, rebalanceMs)
  group.untilMs = nowMs + longestMs
  completeIfAll(group, nowMs, outbox)
}

function refuseSyncs(group: Group, nowMs: number, outbox: Outbox): void {
  for (const member of group.members.values()) {
    member.assignment = new Uint8Array()
    answerSync(member, { code: 'rebalance_in_progress' }, nowMs, outbox)
  }
}

/** Refuses the call of a member that waits for the leader's word; from now on it is to be heard of again. */
export function answerSync(
  member: Member,
  refusal: BrokerRefusal,
  nowMs: number,
  outbox: Outbox,
): void {
  if (member.sync === undefined) return
  outbox.synced(member.sync, refused(refusal))
  member.sync = undefined
  member.untilMs = nowMs + member.sessionMs
}

/** Goes on where nobody is missing. Those who were given an id and have not come back count as missing. */
export function completeIfAll(group: Group, nowMs: number, outbox: Outbox): void {
  if (group.state !== 'PreparingRebalance' || group.pending.size > 0) return
  for (const { join } of group.members.values()) if (join === undefined) return
  completeJoin(group, nowMs, outbox)
}

/**
 * Everybody has joined or had the time to. Who has not is no member any more; one with a name of
 * its own stays until its session is over, as it may only be starting anew.
 */
export function completeJoin(group: Group, nowMs: number, outbox: Outbox): void {
  for (const member of group.members.values()) {
    if (member.join === undefined && member.instance === null) dropMember(group, member)
  }
  const joined = Array.from(group.members.values()).filter(({ join }) => join !== undefined)
  if (joined.length === 0 && group.members.size > 0) {
    // Only names are left, and none has come: they keep their places for another while.
    group.untilMs = nowMs + Math.max(...Array.from(group.members.values(), (m) => m.rebalanceMs))
    return
  }
  group.generation++
  group.isWriting = false
  if (group.members.size === 0) {
    Object.assign(group, { state: 'Empty', protocol: '', leader: '', untilMs: Infinity })
    outbox.write()
    return
  }
  if (!joined.some(({ id }) => id === group.leader)) group.leader = joined[0]!.id
  group.protocol = chooseProtocol(group)
  group.state = 'CompletingRebalance'
  group.untilMs = nowMs + Math.max(...joined.map(({ rebalanceMs }) => rebalanceMs))
  for (const member of joined) {
    member.owesSync = true
    answerJoin(group, member, nowMs, outbox)
  }
}

/** Tells a member that all have joined; from now on it is to be heard of. */
export function answerJoin(group: Group, member: Member, nowMs: number, outbox: Outbox): void {
  const { join } = member
  if (join === undefined) return
  member.join = undefined
  member.untilMs = nowMs + member.sessionMs
  outbox.joined(join, ok(joinedOf(group, member)))
}

/** What a member is told of the generation. */
export function joinedOf(group: Group, { id }: Member): Joined {
  const { generation, protocolType, protocol, leader, members } = group
  const all = Array.from(members.values(), (one) => ({
    member: one.id,
    instance: one.instance,
    metadata: metadataOf(one, protocol),
  }))
  const told = { generation, protocolType, protocol, leader, member: id, skipAssignment: false }
  return { ...told, members: id === leader ? all : [] }
}

/** Takes a member out of the group; whatever it waits for is to be answered by the caller. */
export function dropMember(group: Group, member: Member): void {
  group.members.delete(member.id)
  if (member.instance !== null && group.instances.get(member.instance) === member.id) {
    group.instances.delete(member.instance)
  }
}

/** Takes a member out, tells whoever waits for it, and lets the others go on without it. */
export function removeMember(group: Group, member: Member, nowMs: number, outbox: Outbox): void {
  dropMember(group, member)
  const refusal = { code: 'unknown_member' } as const
  if (member.join !== undefined) outbox.joined(member.join, refused(refusal))
  answerSync(member, refusal, nowMs, outbox)
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') {
    beginRebalance(group, nowMs, outbox)
  } else completeIfAll(group, nowMs, outbox)
}

/** A call to join takes the place of one before it, which nobody waits for any more. */
export function waitForJoin(member: Member, token: Token, outbox: Outbox): void {
  if (member.join !== undefined) {
    outbox.joined(member.join, refused({ code: 'rebalance_in_progress' }))
  }
  member.join = token
}
