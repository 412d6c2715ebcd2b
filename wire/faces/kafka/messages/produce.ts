import { int16, int32, int64, message, records, rows, string, struct } from '../declare.ts'

// Records go in. Sources: the Kafka protocol guide; KIP-98 (transactions, version 3), KIP-74, KIP-467 (errors of single
// records), KIP-951 (who leads now), KIP-890 (versions 11 and 12).

// From 0 to 2 the records are message sets of the old kinds, from 3 on batches of version 2. 3 brings the transaction,
// 7 zstd, 9 is flexible, 10 wants to hear who leads, 11 and 12 change the rules of transactions and not the bytes.
export const produceRequest = message({
  name: 'ProduceRequest',
  versions: '0-12',
  flexible: '9+',
  fields: {
    transactionalId: string({ in: '3+', nullable: true, otherwise: null }),
    acks: int16(),
    timeoutMs: int32(),
    topicData: rows({
      name: string(),
      partitionData: rows({
        index: int32(),
        records: records({ nullable: true }),
      }),
    }),
  },
})

// 2 brings the time of appending, 5 the start of the log, 8 errors of single records, 10 who leads now.
export const produceResponse = message({
  name: 'ProduceResponse',
  versions: '0-12',
  flexible: '9+',
  fields: {
    responses: rows({
      name: string(),
      partitionResponses: rows({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTimeMs: int64({ in: '2+', otherwise: -1 }),
        logStartOffset: int64({ in: '5+', otherwise: -1 }),
        recordErrors: rows(
          {
            batchIndex: int32(),
            batchIndexErrorMessage: string({ nullable: true, otherwise: null }),
          },
          { in: '8+', otherwise: [] },
        ),
        errorMessage: string({ in: '8+', nullable: true, otherwise: null }),
        currentLeader: struct(
          {
            leaderId: int32({ otherwise: -1 }),
            leaderEpoch: int32({ otherwise: -1 }),
          },
          { in: '10+', tag: 0 },
        ),
      }),
    }),
    throttleTimeMs: int32({ in: '1+', otherwise: 0 }),
    nodeEndpoints: rows(
      {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: true, otherwise: null }),
      },
      { in: '10+', tag: 0, otherwise: [] },
    ),
  },
})
