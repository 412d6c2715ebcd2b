import { array, boolean, int16, int32, int64, int8, message, rows, string } from '../declare.ts'

// Where to read: positions by time, by epoch, and those that a group has committed. Sources: the Kafka protocol guide;
// KIP-79, KIP-98, KIP-320, KIP-211, KIP-345, KIP-447, KIP-496, KIP-709, KIP-848.

// Timestamps below 0 have meanings: -1 the end, -2 the start, -3 the newest timestamp (7), -4 the local start (8), -5 the
// last that was tiered (9). 2 brings isolation, 4 the epoch, 6 is flexible. A time beyond 2^53 is as late as that.
export const listOffsetsRequest = message({
  name: 'ListOffsetsRequest',
  versions: '1-9',
  flexible: '6+',
  fields: {
    replicaId: int32(),
    isolationLevel: int8({ in: '2+', otherwise: 0 }),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        currentLeaderEpoch: int32({ in: '4+', otherwise: -1 }),
        timestamp: int64({ saturates: true }),
      }),
    }),
  },
})

export const listOffsetsResponse = message({
  name: 'ListOffsetsResponse',
  versions: '1-9',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32({ in: '2+', otherwise: 0 }),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: int64({ otherwise: -1 }),
        offset: int64({ otherwise: -1 }),
        leaderEpoch: int32({ in: '4+', otherwise: -1 }),
      }),
    }),
  },
})

// 3 says which replica asks: -2 for none, -1 a consumer that debugs. 4 is flexible.
export const offsetForLeaderEpochRequest = message({
  name: 'OffsetForLeaderEpochRequest',
  versions: '2-4',
  flexible: '4+',
  fields: {
    replicaId: int32({ in: '3+', otherwise: -2 }),
    topics: rows({
      topic: string(),
      partitions: rows({
        partition: int32(),
        currentLeaderEpoch: int32({ otherwise: -1 }),
        leaderEpoch: int32(),
      }),
    }),
  },
})

export const offsetForLeaderEpochResponse = message({
  name: 'OffsetForLeaderEpochResponse',
  versions: '2-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    topics: rows({
      topic: string(),
      partitions: rows({
        errorCode: int16(),
        partition: int32(),
        leaderEpoch: int32({ otherwise: -1 }),
        endOffset: int64({ otherwise: -1 }),
      }),
    }),
  },
})

// 2 to 4 say how long to keep it, 6 brings the epoch, 7 static members, 8 is flexible, 9 is for groups of KIP-848 too.
export const offsetCommitRequest = message({
  name: 'OffsetCommitRequest',
  versions: '2-9',
  flexible: '8+',
  fields: {
    groupId: string(),
    generationIdOrMemberEpoch: int32({ otherwise: -1 }),
    memberId: string(),
    groupInstanceId: string({ in: '7+', nullable: true, otherwise: null }),
    retentionTimeMs: int64({ in: '0-4', otherwise: -1, saturates: true }),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ in: '6+', otherwise: -1 }),
        committedMetadata: string({ nullable: true }),
      }),
    }),
  },
})

export const offsetCommitResponse = message({
  name: 'OffsetCommitResponse',
  versions: '2-9',
  flexible: '8+',
  fields: {
    throttleTimeMs: int32({ in: '3+', otherwise: 0 }),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
})

// From 2 on null topics ask for all that the group has committed. 7 waits for transactions that are still open, 8 asks for
// several groups at once, 9 is for groups of KIP-848 too.
export const offsetFetchRequest = message({
  name: 'OffsetFetchRequest',
  versions: '1-9',
  flexible: '6+',
  fields: {
    groupId: string({ in: '0-7', otherwise: '' }),
    topics: rows(
      {
        name: string(),
        partitionIndexes: array(int32()),
      },
      { in: '0-7', nullable: '2-7', otherwise: [] },
    ),
    groups: rows(
      {
        groupId: string(),
        memberId: string({ in: '9+', nullable: true, otherwise: null }),
        memberEpoch: int32({ in: '9+', otherwise: -1 }),
        topics: rows(
          {
            name: string(),
            partitionIndexes: array(int32()),
          },
          { nullable: true },
        ),
      },
      { in: '8+', otherwise: [] },
    ),
    requireStable: boolean({ in: '7+', otherwise: false }),
  },
})

// From 8 on one answer for each group.
export const offsetFetchResponse = message({
  name: 'OffsetFetchResponse',
  versions: '1-9',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32({ in: '3+', otherwise: 0 }),
    topics: rows(
      {
        name: string(),
        partitions: rows({
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32({ in: '5-7', otherwise: -1 }),
          metadata: string({ nullable: true }),
          errorCode: int16(),
        }),
      },
      { in: '0-7', otherwise: [] },
    ),
    errorCode: int16({ in: '2-7', otherwise: 0 }),
    groups: rows(
      {
        groupId: string(),
        topics: rows({
          name: string(),
          partitions: rows({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32({ otherwise: -1 }),
            metadata: string({ nullable: true }),
            errorCode: int16(),
          }),
        }),
        errorCode: int16({ otherwise: 0 }),
      },
      { in: '8+', otherwise: [] },
    ),
  },
})

export const offsetDeleteRequest = message({
  name: 'OffsetDeleteRequest',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
      }),
    }),
  },
})

export const offsetDeleteResponse = message({
  name: 'OffsetDeleteResponse',
  versions: '0',
  flexible: 'none',
  fields: {
    errorCode: int16(),
    throttleTimeMs: int32({ otherwise: 0 }),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
})
