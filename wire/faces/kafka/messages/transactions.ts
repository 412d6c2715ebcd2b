import { array, boolean, int16, int32, int64, message, rows, string } from '../declare.ts'

// Producers with an identity, and what they do all at once or not at all. Sources: the Kafka protocol guide; KIP-98,
// KIP-360, KIP-447, KIP-588, KIP-664, KIP-890.

// 2 is flexible, 3 lets a producer keep its id at the next epoch, 4 and 5 change no bytes.
export const initProducerIdRequest = message({
  name: 'InitProducerIdRequest',
  versions: '0-5',
  flexible: '2+',
  fields: {
    transactionalId: string({ nullable: true }),
    transactionTimeoutMs: int32(),
    producerId: int64({ in: '3+', otherwise: -1 }),
    producerEpoch: int16({ in: '3+', otherwise: -1 }),
  },
})

export const initProducerIdResponse = message({
  name: 'InitProducerIdResponse',
  versions: '0-5',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
    producerId: int64({ otherwise: -1 }),
    producerEpoch: int16(),
  },
})

// 3 is flexible. Versions from 4 on are spoken between brokers and are not declared.
export const addPartitionsToTxnRequest = message({
  name: 'AddPartitionsToTxnRequest',
  versions: '0-3',
  flexible: '3+',
  fields: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    topics: rows({
      name: string(),
      partitions: array(int32()),
    }),
  },
})

export const addPartitionsToTxnResponse = message({
  name: 'AddPartitionsToTxnResponse',
  versions: '0-3',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    resultsByTopic: rows({
      name: string(),
      resultsByPartition: rows({
        partitionIndex: int32(),
        partitionErrorCode: int16(),
      }),
    }),
  },
})

export const addOffsetsToTxnRequest = message({
  name: 'AddOffsetsToTxnRequest',
  versions: '0-4',
  flexible: '3+',
  fields: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    groupId: string(),
  },
})

export const addOffsetsToTxnResponse = message({
  name: 'AddOffsetsToTxnResponse',
  versions: '0-4',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
  },
})

export const endTxnRequest = message({
  name: 'EndTxnRequest',
  versions: '0-5',
  flexible: '3+',
  fields: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    committed: boolean(),
  },
})

// From 5 on the producer goes on with another epoch.
export const endTxnResponse = message({
  name: 'EndTxnResponse',
  versions: '0-5',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
    producerId: int64({ in: '5+', otherwise: -1 }),
    producerEpoch: int16({ in: '5+', otherwise: -1 }),
  },
})

// 2 brings the epoch, 3 the member, and is flexible; 4 and 5 change no bytes.
export const txnOffsetCommitRequest = message({
  name: 'TxnOffsetCommitRequest',
  versions: '0-5',
  flexible: '3+',
  fields: {
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generationId: int32({ in: '3+', otherwise: -1 }),
    memberId: string({ in: '3+', otherwise: '' }),
    groupInstanceId: string({ in: '3+', nullable: true, otherwise: null }),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ in: '2+', otherwise: -1 }),
        committedMetadata: string({ nullable: true }),
      }),
    }),
  },
})

export const txnOffsetCommitResponse = message({
  name: 'TxnOffsetCommitResponse',
  versions: '0-5',
  flexible: '3+',
  fields: {
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

export const describeTransactionsRequest = message({
  name: 'DescribeTransactionsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    transactionalIds: array(string()),
  },
})

export const describeTransactionsResponse = message({
  name: 'DescribeTransactionsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    transactionStates: rows({
      errorCode: int16(),
      transactionalId: string(),
      transactionState: string(),
      transactionTimeoutMs: int32(),
      transactionStartTimeMs: int64(),
      producerId: int64(),
      producerEpoch: int16(),
      topics: rows({
        topic: string(),
        partitions: array(int32()),
      }),
    }),
  },
})

export const listTransactionsRequest = message({
  name: 'ListTransactionsRequest',
  versions: '0-1',
  flexible: '0+',
  fields: {
    stateFilters: array(string()),
    producerIdFilters: array(int64()),
    durationFilter: int64({ in: '1+', otherwise: -1 }),
  },
})

export const listTransactionsResponse = message({
  name: 'ListTransactionsResponse',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    errorCode: int16(),
    unknownStateFilters: array(string()),
    transactionStates: rows({
      transactionalId: string(),
      producerId: int64(),
      transactionState: string(),
    }),
  },
})

export const describeProducersRequest = message({
  name: 'DescribeProducersRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: rows({
      name: string(),
      partitionIndexes: array(int32()),
    }),
  },
})

export const describeProducersResponse = message({
  name: 'DescribeProducersResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32({ otherwise: 0 }),
    topics: rows({
      name: string(),
      partitions: rows({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, otherwise: null }),
        activeProducers: rows({
          producerId: int64(),
          producerEpoch: int32(),
          lastSequence: int32({ otherwise: -1 }),
          lastTimestamp: int64({ otherwise: -1 }),
          coordinatorEpoch: int32(),
          currentTxnStartOffset: int64({ otherwise: -1 }),
        }),
      }),
    }),
  },
})
