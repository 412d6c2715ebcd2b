import {
  array,
  boolean,
  int16,
  int32,
  message,
  notAsked,
  rows,
  string,
  struct,
  uuid,
} from '../declare.ts'

// Groups whose partitions the server hands out. Source: KIP-848.

// Epoch 0 joins, -1 leaves, -2 leaves for a while. Null means "as before". 1 brings regular expressions.
export const consumerGroupHeartbeatRequest = message({
  name: 'ConsumerGroupHeartbeatRequest',
  versions: '0-1',
  flexible: '0+',
  fields: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    instanceId: string({ nullable: true, otherwise: null }),
    rackId: string({ nullable: true, otherwise: null }),
    rebalanceTimeoutMs: int32({ otherwise: -1 }),
    subscribedTopicNames: array(string(), { nullable: true, otherwise: null }),
    subscribedTopicRegex: string({ in: '1+', nullable: true, otherwise: null }),
    serverAssignor: string({ nullable: true, otherwise: null }),
    topicPartitions: rows(
      {
        topicId: uuid(),
        partitions: array(int32()),
      },
      { nullable: true, otherwise: null },
    ),
  },
})

export const consumerGroupHeartbeatResponse = message({
  name: 'ConsumerGroupHeartbeatResponse',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true, otherwise: null }),
    memberId: string({ nullable: true, otherwise: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct(
      {
        topicPartitions: rows({
          topicId: uuid(),
          partitions: array(int32()),
        }),
      },
      { nullable: true, otherwise: null },
    ),
  },
})

export const consumerGroupDescribeRequest = message({
  name: 'ConsumerGroupDescribeRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    groupIds: array(string()),
    includeAuthorizedOperations: boolean(),
  },
})

export const consumerGroupDescribeResponse = message({
  name: 'ConsumerGroupDescribeResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    groups: rows({
      errorCode: int16(),
      errorMessage: string({ nullable: true, otherwise: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      assignorName: string(),
      members: rows({
        memberId: string(),
        instanceId: string({ nullable: true, otherwise: null }),
        rackId: string({ nullable: true, otherwise: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array(string()),
        subscribedTopicRegex: string({ nullable: true, otherwise: null }),
        assignment: struct({
          topicPartitions: rows({
            topicId: uuid(),
            topicName: string(),
            partitions: array(int32()),
          }),
        }),
        targetAssignment: struct({
          topicPartitions: rows({
            topicId: uuid(),
            topicName: string(),
            partitions: array(int32()),
          }),
        }),
      }),
      authorizedOperations: int32({ otherwise: notAsked }),
    }),
  },
})
