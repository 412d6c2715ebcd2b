import { array, boolean, int16, int32, int64, int8, message, rows, string } from '../declare.ts'

// What administrators ask about disks, leaders and replicas. Sources: the Kafka protocol guide; KIP-113, KIP-183, KIP-455,
// KIP-460, KIP-827.

export const describeLogDirsRequest = message({
  name: 'DescribeLogDirsRequest',
  versions: '1-4',
  flexible: '2+',
  fields: {
    topics: rows(
      {
        topic: string(),
        partitions: array(int32()),
      },
      { nullable: true },
    ),
  },
})

// 3 brings an error of the whole, 4 how large the disk is.
export const describeLogDirsResponse = message({
  name: 'DescribeLogDirsResponse',
  versions: '1-4',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16({ in: '3+', otherwise: 0 }),
    results: rows({
      errorCode: int16(),
      logDir: string(),
      topics: rows({
        name: string(),
        partitions: rows({
          partitionIndex: int32(),
          partitionSize: int64(),
          offsetLag: int64(),
          isFutureKey: boolean(),
        }),
      }),
      totalBytes: int64({ in: '4+', otherwise: -1 }),
      usableBytes: int64({ in: '4+', otherwise: -1 }),
    }),
  },
})

export const electLeadersRequest = message({
  name: 'ElectLeadersRequest',
  versions: '0-2',
  flexible: '2+',
  fields: {
    electionType: int8({ in: '1+', otherwise: 0 }),
    topicPartitions: rows(
      {
        topic: string(),
        partitions: array(int32()),
      },
      { nullable: true },
    ),
    timeoutMs: int32({ otherwise: 60000 }),
  },
})

export const electLeadersResponse = message({
  name: 'ElectLeadersResponse',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16({ in: '1+', otherwise: 0 }),
    replicaElectionResults: rows({
      topic: string(),
      partitionResult: rows({
        partitionId: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
      }),
    }),
  },
})

export const alterPartitionReassignmentsRequest = message({
  name: 'AlterPartitionReassignmentsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    timeoutMs: int32({ otherwise: 60000 }),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        replicas: array(int32(), { nullable: true, otherwise: null }),
      }),
    }),
  },
})

export const alterPartitionReassignmentsResponse = message({
  name: 'AlterPartitionReassignmentsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    responses: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
      }),
    }),
  },
})

export const listPartitionReassignmentsRequest = message({
  name: 'ListPartitionReassignmentsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    timeoutMs: int32({ otherwise: 60000 }),
    topics: rows(
      {
        name: string(),
        partitionIndexes: array(int32()),
      },
      { nullable: true, otherwise: null },
    ),
  },
})

export const listPartitionReassignmentsResponse = message({
  name: 'ListPartitionReassignmentsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        replicas: array(int32()),
        addingReplicas: array(int32()),
        removingReplicas: array(int32()),
      }),
    }),
  },
})
