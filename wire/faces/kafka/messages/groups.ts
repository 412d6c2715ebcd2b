import { array, boolean, bytes, int16, int32, message, notAsked, rows, string } from '../declare.ts'

// Consumers that share the partitions of topics. What they write to each other (metadata, assignment) is opaque here.
// Sources: the Kafka protocol guide; KIP-62, KIP-345, KIP-394, KIP-518, KIP-559, KIP-800, KIP-814, KIP-848.

// 1 tells the time for rebalancing, 4 first asks for a member's id, 5 brings static members, 6 is flexible, 8 a reason.
export const joinGroupRequest = message({
  name: 'JoinGroupRequest',
  versions: '0-9',
  flexible: '6+',
  fields: {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32({ in: '1+', otherwise: -1 }),
    memberId: string(),
    groupInstanceId: string({ in: '5+', nullable: true, otherwise: null }),
    protocolType: string(),
    protocols: rows({
      name: string(),
      metadata: bytes(),
    }),
    reason: string({ in: '8+', nullable: true, otherwise: null }),
  },
})

// 5 brings static members, 7 the protocol's type and a protocol that may be null, 9 lets the leader keep what it had.
export const joinGroupResponse = message({
  name: 'JoinGroupResponse',
  versions: '0-9',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32({ in: '2+', otherwise: 0 }),
    errorCode: int16(),
    generationId: int32({ otherwise: -1 }),
    protocolType: string({ in: '7+', nullable: true, otherwise: null }),
    protocolName: string({ nullable: '7+' }),
    leader: string(),
    skipAssignment: boolean({ in: '9+', otherwise: false }),
    memberId: string(),
    members: rows({
      memberId: string(),
      groupInstanceId: string({ in: '5+', nullable: true, otherwise: null }),
      metadata: bytes(),
    }),
  },
})

// 3 brings static members, 4 is flexible, 5 says which protocol the member thinks was chosen.
export const syncGroupRequest = message({
  name: 'SyncGroupRequest',
  versions: '0-5',
  flexible: '4+',
  fields: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ in: '3+', nullable: true, otherwise: null }),
    protocolType: string({ in: '5+', nullable: true, otherwise: null }),
    protocolName: string({ in: '5+', nullable: true, otherwise: null }),
    assignments: rows({
      memberId: string(),
      assignment: bytes(),
    }),
  },
})

export const syncGroupResponse = message({
  name: 'SyncGroupResponse',
  versions: '0-5',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32({ in: '1+', otherwise: 0 }),
    errorCode: int16(),
    protocolType: string({ in: '5+', nullable: true, otherwise: null }),
    protocolName: string({ in: '5+', nullable: true, otherwise: null }),
    assignment: bytes(),
  },
})

export const heartbeatRequest = message({
  name: 'HeartbeatRequest',
  versions: '0-4',
  flexible: '4+',
  fields: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ in: '3+', nullable: true, otherwise: null }),
  },
})

export const heartbeatResponse = message({
  name: 'HeartbeatResponse',
  versions: '0-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32({ in: '1+', otherwise: 0 }),
    errorCode: int16(),
  },
})

// From 3 on several members leave at once.
export const leaveGroupRequest = message({
  name: 'LeaveGroupRequest',
  versions: '0-5',
  flexible: '4+',
  fields: {
    groupId: string(),
    memberId: string({ in: '0-2', otherwise: '' }),
    members: rows(
      {
        memberId: string(),
        groupInstanceId: string({ nullable: true, otherwise: null }),
        reason: string({ in: '5+', nullable: true, otherwise: null }),
      },
      { in: '3+', otherwise: [] },
    ),
  },
})

export const leaveGroupResponse = message({
  name: 'LeaveGroupResponse',
  versions: '0-5',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32({ in: '1+', otherwise: 0 }),
    errorCode: int16(),
    members: rows(
      {
        memberId: string(),
        groupInstanceId: string({ nullable: true }),
        errorCode: int16(),
      },
      { in: '3+', otherwise: [] },
    ),
  },
})

// 3 asks for permissions, 5 is flexible.
export const describeGroupsRequest = message({
  name: 'DescribeGroupsRequest',
  versions: '0-5',
  flexible: '5+',
  fields: {
    groups: array(string()),
    includeAuthorizedOperations: boolean({ in: '3+', otherwise: false }),
  },
})

export const describeGroupsResponse = message({
  name: 'DescribeGroupsResponse',
  versions: '0-5',
  flexible: '5+',
  fields: {
    throttleTimeMs: int32({ in: '1+', otherwise: 0 }),
    groups: rows({
      errorCode: int16(),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: rows({
        memberId: string(),
        groupInstanceId: string({ in: '4+', nullable: true, otherwise: null }),
        clientId: string(),
        clientHost: string(),
        memberMetadata: bytes(),
        memberAssignment: bytes(),
      }),
      authorizedOperations: int32({ in: '3+', otherwise: notAsked }),
    }),
  },
})

// 3 is flexible, 4 filters by state, 5 by type.
export const listGroupsRequest = message({
  name: 'ListGroupsRequest',
  versions: '0-5',
  flexible: '3+',
  fields: {
    statesFilter: array(string(), { in: '4+', otherwise: [] }),
    typesFilter: array(string(), { in: '5+', otherwise: [] }),
  },
})

export const listGroupsResponse = message({
  name: 'ListGroupsResponse',
  versions: '0-5',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32({ in: '1+', otherwise: 0 }),
    errorCode: int16(),
    groups: rows({
      groupId: string(),
      protocolType: string(),
      groupState: string({ in: '4+' }),
      groupType: string({ in: '5+' }),
    }),
  },
})

export const deleteGroupsRequest = message({
  name: 'DeleteGroupsRequest',
  versions: '0-2',
  flexible: '2+',
  fields: {
    groupsNames: array(string()),
  },
})

export const deleteGroupsResponse = message({
  name: 'DeleteGroupsResponse',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    results: rows({
      groupId: string(),
      errorCode: int16(),
    }),
  },
})
