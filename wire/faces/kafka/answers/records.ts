import {
  leaderEpoch,
  type FetchAnswer,
  type OffsetQuestion,
  type ProduceAnswer,
} from '../../../broker/records.port.ts'
import type { RequestBody, ResponseDraft } from '../apis.ts'
import { byTopic, type Answers, type Context } from '../context.ts'
import { noUuid } from '../declare.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'
import { repeated } from './distinct.ts'

type Produced = ResponseDraft<'Produce'>['responses'][number]['partitionResponses'][number]
type Fetched = ResponseDraft<'Fetch'>['responses'][number]['partitions'][number]

/** The first version of Produce that carries record batches; those before carry what nobody writes any more. */
const batchesSince = 3

/** The first version of Fetch that names topics by their ids alone. */
const idsSince = 13

const noBytes = new Uint8Array()

/** Records go in and out. */
export const recordAnswers: Answers<'Produce' | 'Fetch'> = {
  async Produce({ body, version }, { broker, workspace }) {
    const { acks, transactionalId } = body
    const batches = body.topicData.flatMap(({ name: topic, partitionData }) =>
      partitionData.map(({ index, records }) => ({ topic, index, batch: records ?? noBytes })),
    )
    const answers =
      version < batchesSince
        ? batches.map(({ topic, index }) => ({ topic, index }))
        : await broker.produce({
            workspace,
            acks,
            batches,
            ...(transactionalId !== null && { transactionalId }),
          })
    const partitions = answers.map((answer) => ({
      topic: answer.topic,
      row: 'ok' in answer ? producedOf(answer) : oldFormat(answer.index),
    }))
    if (acks === 0) {
      return { noAnswer: true, isRefused: partitions.some(({ row }) => row.errorCode !== 0) }
    }
    return {
      responses: byTopic(partitions).map(({ topic, rows }) => ({
        name: topic,
        partitionResponses: rows.map(({ row }) => row),
      })),
    }
  },
  async Fetch({ body, version }, context) {
    const { broker, workspace } = context
    // No sessions (KIP-227): whoever asks for one is told that there is none, and names all partitions each time.
    if (body.sessionId !== 0) {
      return { errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND, responses: [] }
    }
    const topics = version < idsSince ? body.topics : await namedById(context, body.topics)
    const known = topics.filter(({ topic }) => topic !== '')
    const strange = topics.filter(({ topic }) => topic === '')
    const found = await broker.fetch({
      workspace,
      // Whatever is refused is told at once.
      waitMs: strange.length === 0 ? Math.max(0, body.maxWaitMs) : 0,
      bytesMin: Math.max(0, body.minBytes),
      bytesMax: Math.max(0, body.maxBytes),
      committed: body.isolationLevel === 1,
      partitions: known.flatMap(({ topic, partitions }) =>
        partitions.map((one) => ({
          topic,
          index: one.partition,
          offset: one.fetchOffset,
          bytesMax: Math.max(0, one.partitionMaxBytes),
          leaderEpoch: one.currentLeaderEpoch,
        })),
      ),
    })
    const answers = context.broker === broker ? found : found.map((one) => stillOf(one, context))
    const isCommitted = body.isolationLevel === 1
    const ids = new Map(known.map(({ topic, topicId }) => [topic, topicId] as const))
    const responses = byTopic(answers).map(({ topic, rows }) => ({
      topic,
      topicId: ids.get(topic) ?? noUuid,
      partitions: rows.map((answer) => fetchedOf(answer, isCommitted)),
    }))
    const refused = strange.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partition }) =>
        nothingOf(partition, errorCodes.UNKNOWN_TOPIC_ID),
      ),
    }))
    return { responses: [...responses, ...refused] }
  },
}

/** Topics that are named by their ids (KIP-516), with their names; those that are not there have none. */
async function namedById(
  { broker, workspace }: Context,
  asked: RequestBody<'Fetch'>['topics'],
): Promise<RequestBody<'Fetch'>['topics']> {
  const topics = asked.map(({ topicId: id }) => ({ id }))
  const found = await broker.describeTopics({ workspace, topics, create: false })
  return asked.map((one, at) => {
    const answer = found[at]
    return { ...one, topic: answer?.ok ? answer.name : '' }
  })
}

function oldFormat(index: number): Produced {
  return { index, errorCode: errorCodes.UNSUPPORTED_FOR_MESSAGE_FORMAT, baseOffset: -1 }
}

function producedOf(answer: ProduceAnswer): Produced {
  const { index } = answer
  if (answer.ok) {
    const { first: baseOffset, start: logStartOffset, stampedMs: logAppendTimeMs = -1 } = answer
    return { index, errorCode: errorCodes.NONE, baseOffset, logAppendTimeMs, logStartOffset }
  }
  const { refusal } = answer
  const { reason: errorMessage = null, records = [] } = refusal
  const recordErrors = records.map((batchIndex) => ({ batchIndex }))
  return { index, errorCode: errorCodeOf(refusal), baseOffset: -1, errorMessage, recordErrors }
}

function nothingOf(partitionIndex: number, errorCode: number): Fetched {
  const nothing = { highWatermark: -1, abortedTransactions: null, records: noBytes }
  return { partitionIndex, errorCode, ...nothing }
}

/** Of what was waited for, what whoever asks may still read. */
function stillOf(answer: FetchAnswer, { passage }: Context): FetchAnswer {
  const { topic, index } = answer
  if (passage.may('read', topic)) return answer
  return { topic, index, ok: false, refusal: { code: 'topic_denied' } }
}

function fetchedOf(answer: FetchAnswer, isCommitted: boolean): Fetched {
  const { index: partitionIndex } = answer
  if (!answer.ok) return nothingOf(partitionIndex, errorCodeOf(answer.refusal))
  return {
    partitionIndex,
    errorCode: errorCodes.NONE,
    highWatermark: answer.high,
    lastStableOffset: answer.stable,
    logStartOffset: answer.start,
    abortedTransactions: isCommitted ? answer.aborted : null,
    records: answer.bytes,
  }
}

/**
 * What a time below 0 means (KIP-79, KIP-734, KIP-405): what is local is all there is. Undefined for what only tiered
 * storage knows, and for what is not known.
 */
function questionOf(timestamp: number): OffsetQuestion | undefined {
  if (timestamp >= 0) return { kind: 'time', timestamp }
  if (timestamp === -1) return { kind: 'latest' }
  if (timestamp === -2 || timestamp === -4) return { kind: 'earliest' }
  return timestamp === -3 ? { kind: 'newest_time' } : undefined
}

/** Asks for the last record in tiered storage, where nothing lies. */
const latestTiered = -5

function nameOf({ topic, index }: { readonly topic: string; readonly index: number }): string {
  return `${index} ${topic}`
}

/** Places in partitions are found, and records before them deleted. */
export const offsetAnswers: Answers<'ListOffsets' | 'OffsetForLeaderEpoch' | 'DeleteRecords'> = {
  async ListOffsets({ body }, { broker, workspace }) {
    const asked = body.topics.flatMap(({ name: topic, partitions }) =>
      partitions.map((one) => ({
        topic,
        index: one.partitionIndex,
        timestamp: one.timestamp,
        question: questionOf(one.timestamp),
        leaderEpoch: one.currentLeaderEpoch,
      })),
    )
    const committed = body.isolationLevel === 1
    const twice = repeated(asked.map(nameOf))
    const isAsked = (one: (typeof asked)[number]): boolean =>
      one.question !== undefined && !twice.has(nameOf(one))
    const known = asked.flatMap((one) =>
      one.question && isAsked(one) ? [{ ...one, question: one.question }] : [],
    )
    const found = await broker.findOffsets({ workspace, committed, partitions: known })
    const strange = asked.filter((one) => !isAsked(one))
    const rows = [
      ...found.map((answer) => ({
        topic: answer.topic,
        row: answer.ok
          ? {
              partitionIndex: answer.index,
              errorCode: errorCodes.NONE,
              timestamp: answer.timestamp,
              offset: answer.offset,
              leaderEpoch: answer.offset < 0 ? -1 : leaderEpoch,
            }
          : { partitionIndex: answer.index, errorCode: errorCodeOf(answer.refusal) },
      })),
      ...strange.map((one) => {
        const { topic, index: partitionIndex, timestamp } = one
        const isTiered = timestamp === latestTiered
        const errorCode = isTiered ? errorCodes.NONE : errorCodes.UNSUPPORTED_VERSION
        const isTwice = twice.has(nameOf(one))
        const row = { partitionIndex, errorCode: isTwice ? errorCodes.INVALID_REQUEST : errorCode }
        return { topic, row }
      }),
    ]
    return {
      topics: byTopic(rows).map(({ topic, rows }) => ({
        name: topic,
        partitions: rows.map(({ row }) => row),
      })),
    }
  },
  async OffsetForLeaderEpoch({ body }, { broker, workspace }) {
    const answers = await broker.findEpochEnds({
      workspace,
      partitions: body.topics.flatMap(({ topic, partitions }) =>
        partitions.map((one) => ({
          topic,
          index: one.partition,
          epoch: one.leaderEpoch,
          leaderEpoch: one.currentLeaderEpoch,
        })),
      ),
    })
    return {
      topics: byTopic(answers).map(({ topic, rows }) => ({
        topic,
        partitions: rows.map((answer) =>
          answer.ok
            ? {
                errorCode: errorCodes.NONE,
                partition: answer.index,
                leaderEpoch: answer.epoch,
                endOffset: answer.end,
              }
            : { errorCode: errorCodeOf(answer.refusal), partition: answer.index },
        ),
      })),
    }
  },
  async DeleteRecords({ body }, { broker, workspace }) {
    const answers = await broker.deleteRecords({
      workspace,
      partitions: body.topics.flatMap(({ name: topic, partitions }) =>
        partitions.map(({ partitionIndex: index, offset }) => ({
          topic,
          index,
          // -1 stands for the high watermark.
          ...(offset !== -1 && { before: offset }),
        })),
      ),
    })
    return {
      topics: byTopic(answers).map(({ topic, rows }) => ({
        name: topic,
        partitions: rows.map((answer) => ({
          partitionIndex: answer.index,
          lowWatermark: answer.ok ? answer.start : -1,
          errorCode: answer.ok ? errorCodes.NONE : errorCodeOf(answer.refusal),
        })),
      })),
    }
  },
}
