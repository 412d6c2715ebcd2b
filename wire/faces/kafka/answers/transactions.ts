import type { TransactionRef } from '../../../broker/transactions/port.ts'
import type { BrokerRefusal } from '../../../broker/refusals.ts'
import { byTopic, type Answers, type Context } from '../context.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'

/** The versions from which on clients know that they were fenced by another one (KIP-588). */
const fencedSince = { init: 4, others: 2 } as const

function codeOf(refusal: BrokerRefusal | undefined, knowsFenced: boolean): number {
  if (refusal === undefined) return errorCodes.NONE
  const isOld = refusal.code === 'producer_fenced' && !knowsFenced
  return isOld ? errorCodes.INVALID_PRODUCER_EPOCH : errorCodeOf(refusal)
}

function refOf(
  body: {
    readonly transactionalId: string
    readonly producerId: number
    readonly producerEpoch: number
  },
  { workspace }: Context,
): TransactionRef {
  const { transactionalId, producerId, producerEpoch } = body
  return { workspace, transactionalId, producer: { id: producerId, epoch: producerEpoch } }
}

/** Producers get their numbers, and do things all at once or not at all. */
export const transactionAnswers: Answers<
  'InitProducerId' | 'AddPartitionsToTxn' | 'AddOffsetsToTxn' | 'TxnOffsetCommit' | 'EndTxn'
> = {
  async InitProducerId({ body, version }, { broker, workspace }) {
    const { transactionalId, transactionTimeoutMs: timeoutMs, producerId, producerEpoch } = body
    const answer = await broker.initProducer({
      workspace,
      transactionalId,
      timeoutMs,
      ...(producerId >= 0 && { producer: { id: producerId, epoch: producerEpoch } }),
    })
    if (answer.ok) {
      const { id, epoch } = answer.value
      return { errorCode: errorCodes.NONE, producerId: id, producerEpoch: epoch }
    }
    const errorCode = codeOf(answer.refusal, version >= fencedSince.init)
    return { errorCode, producerEpoch: -1 }
  },
  async AddPartitionsToTxn({ body, version }, context) {
    const answers = await context.broker.addToTransaction({
      ...refOf(body, context),
      partitions: body.topics.flatMap(({ name: topic, partitions }) =>
        partitions.map((index) => ({ topic, index })),
      ),
    })
    return {
      resultsByTopic: byTopic(answers).map(({ topic, rows }) => ({
        name: topic,
        resultsByPartition: rows.map(({ index, refusal }) => ({
          partitionIndex: index,
          partitionErrorCode: codeOf(refusal, version >= fencedSince.others),
        })),
      })),
    }
  },
  async AddOffsetsToTxn({ body, version }, context) {
    const order = { ...refOf(body, context), group: body.groupId }
    const answer = await context.broker.addGroupToTransaction(order)
    const refusal = answer.ok ? undefined : answer.refusal
    return { errorCode: codeOf(refusal, version >= fencedSince.others) }
  },
  async TxnOffsetCommit({ body }, context) {
    const outcomes = await context.broker.commitOffsetsWithin({
      ...refOf(body, context),
      group: body.groupId,
      generation: body.generationId,
      member: body.memberId,
      instance: body.groupInstanceId,
      offsets: body.topics.flatMap(({ name: topic, partitions }) =>
        partitions.map((one) => ({
          topic,
          index: one.partitionIndex,
          offset: one.committedOffset,
          epoch: one.committedLeaderEpoch,
          metadata: one.committedMetadata ?? '',
        })),
      ),
    })
    return {
      topics: byTopic(outcomes).map(({ topic, rows }) => ({
        name: topic,
        partitions: rows.map(({ index, refusal }) => ({
          partitionIndex: index,
          // Here clients know the epoch's error alone.
          errorCode: codeOf(refusal, false),
        })),
      })),
    }
  },
  async EndTxn({ body, version }, context) {
    const order = { ...refOf(body, context), commit: body.committed }
    const answer = await context.broker.endTransaction(order)
    const refusal = answer.ok ? undefined : answer.refusal
    return { errorCode: codeOf(refusal, version >= fencedSince.others) }
  },
}
