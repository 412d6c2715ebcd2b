import { bytesEqual } from '@fermata/base/bytes'
import { limits } from '@fermata/base/limits'
import { ok, refused } from '@fermata/base/result'
import type { BrokerRefusal } from '../refusals.ts'
import {
  isConsistent,
  memberFault,
  metadataOf,
  type Group,
  type Member,
  type Outbox,
  type Token,
} from './group.ts'
import type { JoinOrder, MemberProtocol } from './port.ts'
import { bytesOfMember } from './room.ts'
import { answerSync, beginRebalance, completeIfAll, joinedOf, waitForJoin } from './rebalance.ts'

/** A call to join, and what the rules may need for it. */
export interface JoinCall {
  readonly order: JoinOrder
  readonly token: Token
  readonly nowMs: number
  /** An id that nobody has, should one be needed. */
  readonly newId: string
}

/** What is wrong with a wish to join, whatever the group is like. */
export function joinFault(order: JoinOrder): BrokerRefusal | undefined {
  const { group, sessionMs, rebalanceMs, protocols } = order
  if (group === '' || group.length > limits.groupIdCharsMax) return { code: 'invalid_group' }
  if (sessionMs < limits.groupSessionMsMin || sessionMs > limits.groupSessionMsMax) {
    const reason = `a session lasts ${limits.groupSessionMsMin} to ${limits.groupSessionMsMax} ms`
    return { code: 'invalid_session_timeout', reason }
  }
  const isLarge =
    bytesOfMember(order) > limits.groupMemberBytesMax || protocols.length > limits.groupProtocolsMax
  if (isLarge || rebalanceMs < 0)
    return { code: 'invalid_request', reason: 'a member is too large' }
  return undefined
}

/** Somebody joins, or joins again. The call is answered now or when all have joined. */
export function join(group: Group, call: JoinCall, outbox: Outbox): void {
  const refuse = (refusal: BrokerRefusal & { readonly member?: string }): void =>
    outbox.joined(call.token, refused(refusal))
  const { order } = call
  const others = order.instance === null ? order.member : group.instances.get(order.instance)
  if (!fits(group, order, others)) refuse({ code: 'inconsistent_protocol' })
  else if (order.member === '') joinNew(group, call, outbox, refuse)
  else if (group.pending.has(order.member) && order.instance === null) {
    group.pending.delete(order.member)
    addMember(group, call, order.member, outbox)
  } else {
    const fault = memberFault(group, order)
    if (fault === undefined) rejoin(group, call, group.members.get(order.member)!, outbox)
    else refuse(fault)
  }
}

/** Whether all members would have a protocol in common; one who joins again is not held against its old self. */
function fits(group: Group, { protocolType, protocols }: JoinOrder, self = ''): boolean {
  if (!group.members.has(self)) return isConsistent(group, protocolType, protocols)
  const others = new Map(group.members)
  others.delete(self)
  return isConsistent({ ...group, members: others }, protocolType, protocols)
}

function joinNew(
  group: Group,
  call: JoinCall,
  outbox: Outbox,
  refuse: (refusal: BrokerRefusal & { readonly member?: string }) => void,
): void {
  const { order, newId, nowMs } = call
  const known = order.instance === null ? undefined : group.instances.get(order.instance)
  const old = known === undefined ? undefined : group.members.get(known)
  if (old !== undefined) {
    replaceMember(group, call, old, outbox)
    return
  }
  if (group.members.size + group.pending.size >= limits.groupMembersMax) {
    refuse({ code: 'group_full', reason: `a group has at most ${limits.groupMembersMax} members` })
    return
  }
  if (order.needsId && order.instance === null) {
    group.pending.set(newId, nowMs + order.sessionMs)
    refuse({ code: 'member_id_required', member: newId })
    return
  }
  addMember(group, call, newId, outbox)
}

function memberOf(call: JoinCall, id: string): Member {
  const { order, token, nowMs } = call
  return {
    id,
    instance: order.instance,
    clientId: order.clientId,
    clientHost: order.clientHost,
    sessionMs: order.sessionMs,
    rebalanceMs: order.rebalanceMs,
    protocols: order.protocols,
    assignment: new Uint8Array(),
    join: token,
    sync: undefined,
    owesSync: false,
    untilMs: nowMs + order.sessionMs,
  }
}

function addMember(group: Group, call: JoinCall, id: string, outbox: Outbox): void {
  const { order, nowMs } = call
  if (group.members.size === 0) {
    group.protocolType = order.protocolType
    group.leader = id
  }
  group.members.set(id, memberOf(call, id))
  if (order.instance !== null) group.instances.set(order.instance, id)
  if (group.state === 'PreparingRebalance') completeIfAll(group, nowMs, outbox)
  else beginRebalance(group, nowMs, outbox)
}

/** A process that was started anew takes the place of its old self, which is not to be heard of any more. */
function replaceMember(group: Group, call: JoinCall, old: Member, outbox: Outbox): void {
  const { order, newId, nowMs, token } = call
  const fenced = { code: 'fenced_instance' } as const
  if (old.join !== undefined) outbox.joined(old.join, refused(fenced))
  answerSync(old, fenced, nowMs, outbox)
  const wasLeader = group.leader === old.id
  const member: Member = { ...memberOf(call, newId), assignment: old.assignment }
  const isSame = isSameProtocol(group, old, order.protocols)
  group.members.delete(old.id)
  group.members.set(newId, member)
  group.instances.set(order.instance!, newId)
  if (wasLeader) group.leader = newId
  if (group.state === 'Stable' && isSame) {
    member.join = undefined
    const joined = joinedOf(group, member)
    const skipAssignment = wasLeader && order.maySkip
    // A leader that cannot be told to change nothing is not told that it leads.
    const leader = wasLeader && !order.maySkip ? old.id : joined.leader
    const members = skipAssignment ? joined.members : []
    outbox.write()
    outbox.joined(token, ok({ ...joined, leader, members, skipAssignment }))
    return
  }
  if (group.state === 'PreparingRebalance') completeIfAll(group, nowMs, outbox)
  else beginRebalance(group, nowMs, outbox)
}

/** Whether a member would say the same of itself under the chosen protocol. */
function isSameProtocol(
  { protocol }: Group,
  old: Member,
  protocols: readonly MemberProtocol[],
): boolean {
  const said = protocols.find(({ name }) => name === protocol)?.metadata
  return said !== undefined && bytesEqual(said, metadataOf(old, protocol))
}

function isUnchanged(member: Member, protocols: readonly MemberProtocol[]): boolean {
  return (
    member.protocols.length === protocols.length &&
    member.protocols.every(
      ({ name, metadata }, at) =>
        protocols[at]?.name === name && bytesEqual(protocols[at].metadata, metadata),
    )
  )
}

function rejoin(group: Group, call: JoinCall, member: Member, outbox: Outbox): void {
  const { order, token, nowMs } = call
  const wasSame = isUnchanged(member, order.protocols)
  const isLeader = group.leader === member.id
  const { sessionMs, rebalanceMs, protocols, clientId, clientHost } = order
  Object.assign(member, { sessionMs, rebalanceMs, protocols, clientId, clientHost })
  if (group.members.size === 1) group.protocolType = order.protocolType
  member.untilMs = nowMs + sessionMs
  // It may not have heard the answer: then it is told again, and nobody is disturbed.
  const isRepeated = group.state === 'CompletingRebalance' && wasSame
  const isCurious = group.state === 'Stable' && wasSame && !isLeader
  if (isRepeated || isCurious) {
    outbox.joined(token, ok(joinedOf(group, member)))
    return
  }
  waitForJoin(member, token, outbox)
  if (group.state === 'PreparingRebalance') completeIfAll(group, nowMs, outbox)
  else beginRebalance(group, nowMs, outbox)
}
