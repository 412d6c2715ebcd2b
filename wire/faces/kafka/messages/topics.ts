import {
  array,
  boolean,
  int16,
  int32,
  int64,
  int8,
  message,
  noUuid,
  rows,
  string,
  uuid,
} from '../declare.ts'

// Topics are made, widened, emptied and removed. Sources: the Kafka protocol guide; KIP-4, KIP-107, KIP-195, KIP-464,
// KIP-516, KIP-525, KIP-599.

// 1 may only validate, 4 takes defaults (-1) for partitions and replicas, 5 is flexible.
export const createTopicsRequest = message({
  name: 'CreateTopicsRequest',
  versions: '0-7',
  flexible: '5+',
  fields: {
    topics: rows({
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: rows({
        partitionIndex: int32(),
        brokerIds: array(int32()),
      }),
      configs: rows({
        name: string(),
        value: string({ nullable: true }),
      }),
    }),
    timeoutMs: int32({ otherwise: 60000 }),
    validateOnly: boolean({ in: '1+', otherwise: false }),
  },
})

// 5 says which settings the topic has, 7 its id. The error of the settings stands in a tag.
export const createTopicsResponse = message({
  name: 'CreateTopicsResponse',
  versions: '0-7',
  flexible: '5+',
  fields: {
    throttleTimeMs: int32({ in: '2+', otherwise: 0 }),
    topics: rows({
      name: string(),
      topicId: uuid({ in: '7+', otherwise: noUuid }),
      errorCode: int16(),
      errorMessage: string({ in: '1+', nullable: true, otherwise: null }),
      topicConfigErrorCode: int16({ in: '5+', tag: 0, otherwise: 0 }),
      numPartitions: int32({ in: '5+', otherwise: -1 }),
      replicationFactor: int16({ in: '5+', otherwise: -1 }),
      configs: rows(
        {
          name: string(),
          value: string({ nullable: true }),
          readOnly: boolean(),
          configSource: int8({ otherwise: -1 }),
          isSensitive: boolean(),
        },
        { in: '5+', nullable: true, otherwise: [] },
      ),
    }),
  },
})

// 4 is flexible, 6 names topics by name or by id.
export const deleteTopicsRequest = message({
  name: 'DeleteTopicsRequest',
  versions: '0-6',
  flexible: '4+',
  fields: {
    topics: rows(
      {
        name: string({ nullable: true, otherwise: null }),
        topicId: uuid(),
      },
      { in: '6+', otherwise: [] },
    ),
    topicNames: array(string(), { in: '0-5', otherwise: [] }),
    timeoutMs: int32(),
  },
})

export const deleteTopicsResponse = message({
  name: 'DeleteTopicsResponse',
  versions: '0-6',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32({ in: '1+', otherwise: 0 }),
    responses: rows({
      name: string({ nullable: '6+' }),
      topicId: uuid({ in: '6+', otherwise: noUuid }),
      errorCode: int16(),
      errorMessage: string({ in: '5+', nullable: true, otherwise: null }),
    }),
  },
})

// 2 is flexible, 3 changes no bytes.
export const createPartitionsRequest = message({
  name: 'CreatePartitionsRequest',
  versions: '0-3',
  flexible: '2+',
  fields: {
    topics: rows({
      name: string(),
      count: int32(),
      assignments: rows(
        {
          brokerIds: array(int32()),
        },
        { nullable: true },
      ),
    }),
    timeoutMs: int32(),
    validateOnly: boolean(),
  },
})

export const createPartitionsResponse = message({
  name: 'CreatePartitionsResponse',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    results: rows({
      name: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: true, otherwise: null }),
    }),
  },
})

// Everything before the offset goes; -1 is the high watermark. 2 is flexible.
export const deleteRecordsRequest = message({
  name: 'DeleteRecordsRequest',
  versions: '0-2',
  flexible: '2+',
  fields: {
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        offset: int64(),
      }),
    }),
    timeoutMs: int32(),
  },
})

export const deleteRecordsResponse = message({
  name: 'DeleteRecordsResponse',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        lowWatermark: int64(),
        errorCode: int16(),
      }),
    }),
  },
})
