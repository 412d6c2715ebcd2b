import {
  array,
  boolean,
  int16,
  int32,
  int64,
  int8,
  message,
  noUuid,
  notAsked,
  rows,
  string,
  uuid,
} from '../declare.ts'

// What the server speaks, what there is, and who looks after it. Sources: the Kafka protocol guide; KIP-35 and KIP-511
// (ApiVersions), KIP-584 (features), KIP-4, KIP-430, KIP-516 (Metadata), KIP-98, KIP-699 (FindCoordinator), KIP-700,
// KIP-919 (DescribeCluster), KIP-1102 (Metadata 13).

// The first that a client sends, at a version that the server may not know; see codec.ts. 3 is flexible and brings the
// client's name; 4 allows features whose least version is 0.
export const apiVersionsRequest = message({
  name: 'ApiVersionsRequest',
  versions: '0-4',
  flexible: '3+',
  fields: {
    clientSoftwareName: string({ in: '3+', otherwise: '' }),
    clientSoftwareVersion: string({ in: '3+', otherwise: '' }),
  },
})

// Its header is that of version 0 in every version, so that a client can always read it.
export const apiVersionsResponse = message({
  name: 'ApiVersionsResponse',
  versions: '0-4',
  flexible: '3+',
  fields: {
    errorCode: int16(),
    apiKeys: rows({
      apiKey: int16(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
    throttleTimeMs: int32({ in: '1+', otherwise: 0 }),
    supportedFeatures: rows(
      {
        name: string(),
        minVersion: int16(),
        maxVersion: int16(),
      },
      { in: '3+', tag: 0, otherwise: [] },
    ),
    finalizedFeaturesEpoch: int64({ in: '3+', tag: 1, otherwise: -1 }),
    finalizedFeatures: rows(
      {
        name: string(),
        maxVersionLevel: int16(),
        minVersionLevel: int16(),
      },
      { in: '3+', tag: 2, otherwise: [] },
    ),
  },
})

// No topics means all of them in version 0, none from 1 on, where null means all. 4 lets the client refuse that topics are
// made, 8 asks for permissions, 9 is flexible, 10 and 12 name topics by id.
export const metadataRequest = message({
  name: 'MetadataRequest',
  versions: '0-13',
  flexible: '9+',
  fields: {
    topics: rows(
      {
        topicId: uuid({ in: '10+', otherwise: noUuid }),
        name: string({ nullable: '10+' }),
      },
      { nullable: '1+' },
    ),
    allowAutoTopicCreation: boolean({ in: '4+', otherwise: true }),
    includeClusterAuthorizedOperations: boolean({ in: '8-10', otherwise: false }),
    includeTopicAuthorizedOperations: boolean({ in: '8+', otherwise: false }),
  },
})

// 1 brings rack, controller and internal topics, 2 the cluster's id, 5 the replicas that are away, 7 the epoch, 8 to 10 the
// cluster's permissions, 10 topic ids, 13 an error of the whole.
export const metadataResponse = message({
  name: 'MetadataResponse',
  versions: '0-13',
  flexible: '9+',
  fields: {
    throttleTimeMs: int32({ in: '3+', otherwise: 0 }),
    brokers: rows({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ in: '1+', nullable: true, otherwise: null }),
    }),
    clusterId: string({ in: '2+', nullable: true, otherwise: null }),
    controllerId: int32({ in: '1+', otherwise: -1 }),
    topics: rows({
      errorCode: int16(),
      name: string({ nullable: '12+' }),
      topicId: uuid({ in: '10+', otherwise: noUuid }),
      isInternal: boolean({ in: '1+', otherwise: false }),
      partitions: rows({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ in: '7+', otherwise: -1 }),
        replicaNodes: array(int32()),
        isrNodes: array(int32()),
        offlineReplicas: array(int32(), { in: '5+', otherwise: [] }),
      }),
      topicAuthorizedOperations: int32({ in: '8+', otherwise: notAsked }),
    }),
    clusterAuthorizedOperations: int32({ in: '8-10', otherwise: notAsked }),
    errorCode: int16({ in: '13+', otherwise: 0 }),
  },
})

// 1 asks for transactions too (key type 1), 4 for several keys at once; 5 and 6 change no bytes.
export const findCoordinatorRequest = message({
  name: 'FindCoordinatorRequest',
  versions: '0-6',
  flexible: '3+',
  fields: {
    key: string({ in: '0-3', otherwise: '' }),
    keyType: int8({ in: '1+', otherwise: 0 }),
    coordinatorKeys: array(string(), { in: '4+', otherwise: [] }),
  },
})

// From 4 on one answer for each key.
export const findCoordinatorResponse = message({
  name: 'FindCoordinatorResponse',
  versions: '0-6',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32({ in: '1+', otherwise: 0 }),
    errorCode: int16({ in: '0-3', otherwise: 0 }),
    errorMessage: string({ in: '1-3', nullable: true, otherwise: null }),
    nodeId: int32({ in: '0-3', otherwise: 0 }),
    host: string({ in: '0-3', otherwise: '' }),
    port: int32({ in: '0-3', otherwise: 0 }),
    coordinators: rows(
      {
        key: string(),
        nodeId: int32(),
        host: string(),
        port: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
      },
      { in: '4+', otherwise: [] },
    ),
  },
})

// 1 says which kind of end is asked for: 1 brokers, 2 controllers.
export const describeClusterRequest = message({
  name: 'DescribeClusterRequest',
  versions: '0-1',
  flexible: '0+',
  fields: {
    includeClusterAuthorizedOperations: boolean(),
    endpointType: int8({ in: '1+', otherwise: 1 }),
  },
})

export const describeClusterResponse = message({
  name: 'DescribeClusterResponse',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true, otherwise: null }),
    endpointType: int8({ in: '1+', otherwise: 1 }),
    clusterId: string(),
    controllerId: int32({ otherwise: -1 }),
    brokers: rows({
      brokerId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: true, otherwise: null }),
    }),
    clusterAuthorizedOperations: int32({ otherwise: notAsked }),
  },
})
