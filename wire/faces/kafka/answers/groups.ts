import type { GroupView, MemberRef } from '../../../broker/groups/port.ts'
import type { BrokerRefusal } from '../../../broker/refusals.ts'
import type { ResponseDraft } from '../apis.ts'
import type { Answers } from '../context.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'
import { distinct } from './distinct.ts'
import { authorizedBits } from './security.ts'

/** From this version on a member without an id is sent away with one, to come again (KIP-394). */
const idsSince = 4
/** From this version on a leader may be told to leave the assignments as they are (KIP-814). */
const skippingSince = 9
/** From this version on a protocol that there is not may be null. */
const nullProtocolSince = 7

const noBytes = new Uint8Array()

function codeOf(refusal: BrokerRefusal | undefined): number {
  return refusal === undefined ? errorCodes.NONE : errorCodeOf(refusal)
}

/** Members come, go, and say that they are there. */
export const memberAnswers: Answers<'JoinGroup' | 'SyncGroup' | 'Heartbeat' | 'LeaveGroup'> = {
  async JoinGroup({ body, version, clientId }, { broker, workspace, peer }) {
    const { memberId: member, groupInstanceId: instance } = body
    const answer = await broker.joinGroup({
      workspace,
      group: body.groupId,
      member,
      instance,
      clientId: clientId ?? '',
      clientHost: `/${peer}`,
      sessionMs: body.sessionTimeoutMs,
      // Version 0 knows one time for both.
      rebalanceMs: version === 0 ? body.sessionTimeoutMs : body.rebalanceTimeoutMs,
      protocolType: body.protocolType,
      protocols: body.protocols,
      needsId: version >= idsSince,
      maySkip: version >= skippingSince,
    })
    if (!answer.ok) {
      const { refusal } = answer
      return {
        errorCode: errorCodeOf(refusal),
        protocolName: version >= nullProtocolSince ? null : '',
        leader: '',
        memberId: refusal.member ?? member,
        members: [],
      }
    }
    const joined = answer.value
    return {
      errorCode: errorCodes.NONE,
      generationId: joined.generation,
      protocolType: joined.protocolType,
      protocolName: joined.protocol,
      leader: joined.leader,
      skipAssignment: joined.skipAssignment,
      memberId: joined.member,
      members: joined.members.map((one) => ({
        memberId: one.member,
        groupInstanceId: one.instance,
        metadata: one.metadata,
      })),
    }
  },
  async SyncGroup({ body }, { broker, workspace }) {
    const answer = await broker.syncGroup({
      workspace,
      group: body.groupId,
      generation: body.generationId,
      member: body.memberId,
      instance: body.groupInstanceId,
      protocolType: body.protocolType,
      protocol: body.protocolName,
      assignments: body.assignments.map(({ memberId, assignment }) => ({
        member: memberId,
        assignment,
      })),
    })
    if (!answer.ok) return { errorCode: errorCodeOf(answer.refusal), assignment: noBytes }
    const { protocolType, protocol: protocolName, assignment } = answer.value
    return { errorCode: errorCodes.NONE, protocolType, protocolName, assignment }
  },
  async Heartbeat({ body }, { broker, workspace }) {
    const answer = await broker.heartbeat({
      workspace,
      group: body.groupId,
      generation: body.generationId,
      member: body.memberId,
      instance: body.groupInstanceId,
    })
    return { errorCode: codeOf(answer.ok ? undefined : answer.refusal) }
  },
  async LeaveGroup({ body, version }, { broker, workspace }) {
    const isOne = version < 3
    const members: readonly MemberRef[] = isOne
      ? [{ member: body.memberId, instance: null }]
      : body.members.map((one) => ({ member: one.memberId, instance: one.groupInstanceId }))
    const answers = await broker.leaveGroup({ workspace, group: body.groupId, members })
    if (isOne) return { errorCode: codeOf(answers[0]?.refusal) }
    return {
      errorCode: errorCodes.NONE,
      members: answers.map(({ member, instance, refusal }) => ({
        memberId: member,
        groupInstanceId: instance,
        errorCode: codeOf(refusal),
      })),
    }
  },
}

/** Groups are shown and forgotten. */
export const groupAnswers: Answers<'DescribeGroups' | 'ListGroups' | 'DeleteGroups'> = {
  async DescribeGroups({ body }, context) {
    const { broker, workspace } = context
    const { includeAuthorizedOperations } = body
    const groups = distinct(body.groups, (group) => group)
    const views = await broker.describeGroups({ workspace, groups })
    return {
      groups: views.map((view) => ({
        ...describedOf(view),
        ...(includeAuthorizedOperations && {
          authorizedOperations: authorizedBits(context, 'group', view.group),
        }),
      })),
    }
  },
  async ListGroups({ body }, { broker, workspace }) {
    const states = new Set(body.statesFilter.map((state) => state.toLowerCase()))
    const types = new Set(body.typesFilter.map((type) => type.toLowerCase()))
    const views = await broker.listGroups({ workspace })
    const wanted = views.filter(
      ({ state }) =>
        (states.size === 0 || states.has(state.toLowerCase())) &&
        (types.size === 0 || types.has('classic')),
    )
    return {
      errorCode: errorCodes.NONE,
      groups: wanted.map(({ group, protocolType, state }) => ({
        groupId: group,
        protocolType,
        groupState: state,
        groupType: 'classic',
      })),
    }
  },
  async DeleteGroups({ body }, { broker, workspace }) {
    const answers = await broker.deleteGroups({
      workspace,
      groups: distinct(body.groupsNames, (group) => group),
    })
    return {
      results: answers.map(({ group, refusal }) => ({
        groupId: group,
        errorCode: codeOf(refusal),
      })),
    }
  },
}

function describedOf(view: GroupView): ResponseDraft<'DescribeGroups'>['groups'][number] {
  return {
    errorCode: codeOf(view.refusal),
    groupId: view.group,
    groupState: view.state,
    protocolType: view.protocolType,
    protocolData: view.protocol,
    members: view.members.map((one) => ({
      memberId: one.member,
      groupInstanceId: one.instance,
      clientId: one.clientId,
      clientHost: one.clientHost,
      memberMetadata: one.metadata,
      memberAssignment: one.assignment,
    })),
  }
}
