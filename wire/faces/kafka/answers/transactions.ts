import type { TransactionRef, TransactionView } from '../../../broker/transactions/port.ts'
import type { BrokerRefusal } from '../../../broker/refusals.ts'
import type { ProducerInfo } from '../../../log/store.ts'
import type { ResponseDraft } from '../apis.ts'
import { byTopic, type Answers, type Context } from '../context.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'
import { offsetsIn, outcomesByTopic } from './commits.ts'
import { distinct } from './distinct.ts'

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

/** What Kafka calls where a transaction stands. */
function stateOf({ state, commit }: TransactionView): string {
  switch (state) {
    case 'empty':
      return 'Empty'
    case 'open':
      return 'Ongoing'
    case 'ending':
      return commit ? 'PrepareCommit' : 'PrepareAbort'
    case 'ended':
      return commit ? 'CompleteCommit' : 'CompleteAbort'
  }
}

const states = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
]

/** Transactions are shown. */
export const transactionViewAnswers: Answers<
  'DescribeTransactions' | 'ListTransactions' | 'DescribeProducers'
> = {
  async DescribeTransactions({ body }, { broker, workspace }) {
    const transactionalIds = distinct(body.transactionalIds, (id) => id)
    const views = await broker.listTransactions({ workspace })
    const byId = new Map(views.map((view) => [view.transactionalId, view] as const))
    return {
      transactionStates: transactionalIds.map((transactionalId) => {
        const view = byId.get(transactionalId)
        return view ? describedOf(view) : unknownOf(transactionalId)
      }),
    }
  },
  async DescribeProducers({ body }, { broker, workspace }) {
    const partitions = body.topics.flatMap(({ name: topic, partitionIndexes }) =>
      partitionIndexes.map((index) => ({ topic, index })),
    )
    const answers = await broker.describeProducers({
      workspace,
      partitions: distinct(partitions, ({ topic, index }) => `${index} ${topic}`),
    })
    return {
      topics: byTopic(answers).map(({ topic, rows }) => ({
        name: topic,
        partitions: rows.map((answer) => ({
          partitionIndex: answer.index,
          errorCode: answer.ok ? errorCodes.NONE : errorCodeOf(answer.refusal),
          activeProducers: answer.ok ? answer.producers.map(producerOf) : [],
        })),
      })),
    }
  },
  async ListTransactions({ body }, { broker, workspace }) {
    const { stateFilters, durationFilter } = body
    const wantedStates = new Set(stateFilters)
    const wantedIds = new Set(body.producerIdFilters)
    const views = await broker.listTransactions({ workspace })
    const wanted = views.filter(
      (view) =>
        (wantedStates.size === 0 || wantedStates.has(stateOf(view))) &&
        (wantedIds.size === 0 || wantedIds.has(view.producer.id)) &&
        (view.state === 'open' ? view.openMs : -1) >= Math.max(-1, durationFilter),
    )
    return {
      errorCode: errorCodes.NONE,
      unknownStateFilters: stateFilters.filter((state) => !states.includes(state)),
      transactionStates: wanted.map((view) => ({
        transactionalId: view.transactionalId,
        producerId: view.producer.id,
        transactionState: stateOf(view),
      })),
    }
  },
}

function producerOf(producer: ProducerInfo) {
  const { id: producerId, epoch: producerEpoch, openFrom: currentTxnStartOffset } = producer
  const { lastSequence, lastTimestamp, coordinatorEpoch } = producer
  const last = { lastSequence, lastTimestamp, coordinatorEpoch }
  return { producerId, producerEpoch, ...last, currentTxnStartOffset }
}

type Described = ResponseDraft<'DescribeTransactions'>['transactionStates'][number]

function describedOf(view: TransactionView): Described {
  return {
    errorCode: errorCodes.NONE,
    transactionalId: view.transactionalId,
    transactionState: stateOf(view),
    transactionTimeoutMs: view.timeoutMs,
    transactionStartTimeMs: view.sinceMs,
    producerId: view.producer.id,
    producerEpoch: view.producer.epoch,
    topics: byTopic(view.partitions).map(({ topic, rows }) => ({
      topic,
      partitions: rows.map(({ index }) => index),
    })),
  }
}

function unknownOf(transactionalId: string): Described {
  return {
    errorCode: errorCodes.TRANSACTIONAL_ID_NOT_FOUND,
    transactionalId,
    transactionState: '',
    transactionTimeoutMs: 0,
    transactionStartTimeMs: -1,
    producerId: -1,
    producerEpoch: -1,
    topics: [],
  }
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
      // Who has no number yet says -1; @platformatic/kafka says 0, which nobody has.
      ...(producerId > 0 && { producer: { id: producerId, epoch: producerEpoch } }),
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
      offsets: offsetsIn(body.topics),
    })
    // Here clients know the epoch's error alone.
    return { topics: outcomesByTopic(outcomes, (refusal) => codeOf(refusal, false)) }
  },
  async EndTxn({ body, version }, context) {
    const order = { ...refOf(body, context), commit: body.committed }
    const answer = await context.broker.endTransaction(order)
    const refusal = answer.ok ? undefined : answer.refusal
    return { errorCode: codeOf(refusal, version >= fencedSince.others) }
  },
}
