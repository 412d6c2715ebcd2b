import {
  array,
  int16,
  int32,
  int64,
  int8,
  message,
  noUuid,
  records,
  rows,
  string,
  struct,
  uuid,
} from '../declare.ts'

// Records come out. Sources: the Kafka protocol guide; KIP-98 (isolation, version 4), KIP-107, KIP-227 (sessions),
// KIP-320 (epochs), KIP-392 (racks), KIP-516 (topic ids), KIP-595 (what replicas ask), KIP-951 (who leads now).

// 4 brings isolation, 5 the follower's start, 7 sessions, 9 the epoch, 11 the rack, 12 is flexible, 13 names topics by id,
// 15 moves the replica into a tag, 17 brings the replica's directory.
export const fetchRequest = message({
  name: 'FetchRequest',
  versions: '4-17',
  flexible: '12+',
  fields: {
    clusterId: string({ in: '12+', nullable: true, tag: 0, otherwise: null }),
    replicaId: int32({ in: '0-14', otherwise: -1 }),
    replicaState: struct(
      {
        replicaId: int32({ otherwise: -1 }),
        replicaEpoch: int64({ otherwise: -1 }),
      },
      { in: '15+', tag: 1 },
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ otherwise: 2147483647 }),
    isolationLevel: int8({ otherwise: 0 }),
    sessionId: int32({ in: '7+', otherwise: 0 }),
    sessionEpoch: int32({ in: '7+', otherwise: -1 }),
    topics: rows({
      topic: string({ in: '0-12', otherwise: '' }),
      topicId: uuid({ in: '13+', otherwise: noUuid }),
      partitions: rows({
        partition: int32(),
        currentLeaderEpoch: int32({ in: '9+', otherwise: -1 }),
        fetchOffset: int64(),
        lastFetchedEpoch: int32({ in: '12+', otherwise: -1 }),
        logStartOffset: int64({ in: '5+', otherwise: -1 }),
        partitionMaxBytes: int32(),
        replicaDirectoryId: uuid({ in: '17+', tag: 0, otherwise: noUuid }),
      }),
    }),
    forgottenTopicsData: rows(
      {
        topic: string({ in: '7-12', otherwise: '' }),
        topicId: uuid({ in: '13+', otherwise: noUuid }),
        partitions: array(int32()),
      },
      { in: '7+', otherwise: [] },
    ),
    rackId: string({ in: '11+', otherwise: '' }),
  },
})

// 5 brings the start of the log, 7 sessions, 11 a replica that is nearer, 12 the end of diverging epochs, 13 names topics by
// id, 16 who leads now. Records are null or empty where there are none.
export const fetchResponse = message({
  name: 'FetchResponse',
  versions: '4-17',
  flexible: '12+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16({ in: '7+', otherwise: 0 }),
    sessionId: int32({ in: '7+', otherwise: 0 }),
    responses: rows({
      topic: string({ in: '0-12', otherwise: '' }),
      topicId: uuid({ in: '13+', otherwise: noUuid }),
      partitions: rows({
        partitionIndex: int32(),
        errorCode: int16(),
        highWatermark: int64(),
        lastStableOffset: int64({ otherwise: -1 }),
        logStartOffset: int64({ in: '5+', otherwise: -1 }),
        divergingEpoch: struct(
          {
            epoch: int32({ otherwise: -1 }),
            endOffset: int64({ otherwise: -1 }),
          },
          { in: '12+', tag: 0 },
        ),
        currentLeader: struct(
          {
            leaderId: int32({ otherwise: -1 }),
            leaderEpoch: int32({ otherwise: -1 }),
          },
          { in: '12+', tag: 1 },
        ),
        snapshotId: struct(
          {
            endOffset: int64({ otherwise: -1 }),
            epoch: int32({ otherwise: -1 }),
          },
          { in: '12+', tag: 2 },
        ),
        abortedTransactions: rows(
          {
            producerId: int64(),
            firstOffset: int64(),
          },
          { nullable: true },
        ),
        preferredReadReplica: int32({ in: '11+', otherwise: -1 }),
        records: records({ nullable: true }),
      }),
    }),
    nodeEndpoints: rows(
      {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: true, otherwise: null }),
      },
      { in: '16+', tag: 0, otherwise: [] },
    ),
  },
})
