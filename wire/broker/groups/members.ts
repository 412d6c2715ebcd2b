import { ok, refused, type Result } from '@fermata/base/result'
import type { BrokerRefusal } from '../refusals.ts'
import { isWaiting, memberFault, type Group, type Outbox, type Token } from './group.ts'
import type { CommitOrder, MemberRef, Synced, SyncOrder } from './port.ts'
import {
  answerSync,
  beginRebalance,
  completeIfAll,
  completeJoin,
  dropMember,
  removeMember,
} from './rebalance.ts'

type Standing = MemberRef & { readonly generation: number }

/** What is wrong with somebody who speaks as a member of a generation. */
function standingFault(group: Group, who: Standing): BrokerRefusal | undefined {
  const fault = memberFault(group, who)
  if (fault !== undefined) return fault
  return who.generation === group.generation ? undefined : { code: 'illegal_generation' }
}

/** A member asks for its assignment; the leader brings all of them. Answered now or when they are on disk. */
export function sync(
  group: Group,
  { order, token, nowMs }: { order: SyncOrder; token: Token; nowMs: number },
  outbox: Outbox,
): void {
  const refuse = (refusal: BrokerRefusal): void => outbox.synced(token, refused(refusal))
  const fault = standingFault(group, order)
  const { protocolType, protocol } = order
  const isOther =
    (protocolType !== null && protocolType !== group.protocolType) ||
    (protocol !== null && protocol !== group.protocol)
  if (fault !== undefined) return refuse(fault)
  if (isOther) return refuse({ code: 'inconsistent_protocol' })
  if (group.state === 'PreparingRebalance') return refuse({ code: 'rebalance_in_progress' })
  const member = group.members.get(order.member)!
  member.untilMs = nowMs + member.sessionMs
  member.owesSync = false
  if (group.state === 'Stable') {
    outbox.synced(token, ok(syncedOf(group, member.assignment)))
    return undefined
  }
  answerSync(member, { code: 'rebalance_in_progress' }, nowMs, outbox)
  member.sync = token
  if (group.leader !== member.id || group.isWriting) return undefined
  for (const one of group.members.values()) one.assignment = new Uint8Array()
  for (const { member: id, assignment } of order.assignments) {
    const one = group.members.get(id)
    if (one !== undefined) one.assignment = assignment
  }
  group.isWriting = true
  outbox.write()
  return undefined
}

function syncedOf({ protocolType, protocol }: Group, assignment: Uint8Array): Synced {
  return { protocolType, protocol, assignment }
}

/**
 * A generation's assignments are on disk, or were refused. To be called with the generation that was
 * written: by now there may be another.
 */
export function stored(
  group: Group,
  generation: number,
  written: Result<void, BrokerRefusal>,
  nowMs: number,
  outbox: Outbox,
): void {
  const isDue = group.state === 'CompletingRebalance' && group.generation === generation
  if (!isDue || !group.isWriting) return
  group.isWriting = false
  if (!written.ok) {
    for (const member of group.members.values()) answerSync(member, written.refusal, nowMs, outbox)
    beginRebalance(group, nowMs, outbox)
    return
  }
  group.state = 'Stable'
  // Until then those are waited for who have not asked: what they were given, nobody reads.
  if (!Array.from(group.members.values()).some(({ owesSync }) => owesSync)) group.untilMs = Infinity
  for (const member of group.members.values()) {
    member.untilMs = nowMs + member.sessionMs
    if (member.sync === undefined) continue
    outbox.synced(member.sync, ok(syncedOf(group, member.assignment)))
    member.sync = undefined
  }
}

/** A member says that it is there, and hears whether it is to join again. */
export function heartbeat(group: Group, who: Standing, nowMs: number): Result<void, BrokerRefusal> {
  const fault = standingFault(group, who)
  if (fault !== undefined) return refused(fault)
  const member = group.members.get(who.member)!
  member.untilMs = nowMs + member.sessionMs
  const isMoving = group.state === 'PreparingRebalance'
  return isMoving ? refused({ code: 'rebalance_in_progress' }) : ok(undefined)
}

/** A member goes; one with a name of its own may be sent away by that name alone. */
export function leave(
  group: Group,
  { member, instance }: MemberRef,
  nowMs: number,
  outbox: Outbox,
): BrokerRefusal | undefined {
  if (group.pending.delete(member)) {
    completeIfAll(group, nowMs, outbox)
    return undefined
  }
  const id = instance !== null && member === '' ? (group.instances.get(instance) ?? '') : member
  const fault = memberFault(group, { member: id, instance })
  if (fault === undefined) removeMember(group, group.members.get(id)!, nowMs, outbox)
  return fault
}

/** Why somebody may not commit offsets; a member that does is heard of thereby. */
export function commitFault(
  group: Group,
  order: Pick<CommitOrder, 'generation' | 'member' | 'instance'>,
  { nowMs, isTransactional }: { readonly nowMs: number; readonly isTransactional: boolean },
): BrokerRefusal | undefined {
  const { generation, member: id, instance } = order
  if (generation < 0 && id === '' && instance === null) {
    // Whoever assigns partitions to itself must not disturb those who share them.
    return isTransactional || group.members.size === 0 ? undefined : { code: 'unknown_member' }
  }
  const fault = standingFault(group, order)
  if (fault !== undefined) {
    const isGone = fault.code === 'unknown_member' && group.members.size === 0
    return isGone && !isTransactional ? { code: 'illegal_generation' } : fault
  }
  if (group.state === 'CompletingRebalance') return { code: 'rebalance_in_progress' }
  const member = group.members.get(id)!
  member.untilMs = nowMs + member.sessionMs
  return undefined
}

/** Time has passed: who was not heard of is gone, and who is waited for has had the time. */
export function tick(group: Group, nowMs: number, outbox: Outbox): void {
  for (const [id, untilMs] of group.pending) if (untilMs <= nowMs) group.pending.delete(id)
  for (const member of group.members.values()) {
    if (member.untilMs <= nowMs && !isWaiting(member)) removeMember(group, member, nowMs, outbox)
  }
  if (group.untilMs <= nowMs) {
    if (group.state === 'PreparingRebalance') completeJoin(group, nowMs, outbox)
    else dropSilent(group, nowMs, outbox)
  }
  completeIfAll(group, nowMs, outbox)
}

/** Those who have joined and never asked for their assignment keep it from the others, and the leader all of them. */
function dropSilent(group: Group, nowMs: number, outbox: Outbox): void {
  group.untilMs = Infinity
  const silent = Array.from(group.members.values()).filter(({ owesSync }) => owesSync)
  for (const member of silent) dropMember(group, member)
  if (silent.length > 0) beginRebalance(group, nowMs, outbox)
}
