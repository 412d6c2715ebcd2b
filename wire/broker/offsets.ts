import { ok, refused, type Result } from '@fermata/base/result'
import type { LogStore, PartitionId, ReadRefusal, TimedOffset } from '../log/store.ts'
import type { Gate } from './gate.ts'
import { epochFault, findPartition } from './partitions.ts'
import {
  leaderEpoch,
  type EpochAnswer,
  type OffsetAnswer,
  type OffsetQuestion,
  type RecordCalls,
  type TrimAnswer,
  type ProducersAnswer,
} from './records.port.ts'
import { ofLog, refuse, type BrokerRefusal } from './refusals.ts'
import type { Topics } from './topic.ts'

/** What is asked for offsets. */
export interface OffsetParts {
  readonly log: LogStore
  readonly topics: Topics
  /** Looking for a time reads records: so only some look at a time. */
  readonly gate: Gate
}

type Calls = Pick<
  RecordCalls,
  'findOffsets' | 'findEpochEnds' | 'describeProducers' | 'deleteRecords'
>

const none: TimedOffset = { offset: -1, timestamp: -1 }

/** The calls that find offsets, and the one that moves the first of them. */
export function offsetCalls({ log, topics, gate }: OffsetParts): Calls {
  const find = (...asked: Parameters<typeof findOffset>): ReturnType<typeof findOffset> => {
    const [, , { kind }] = asked
    const isNear = kind === 'earliest' || kind === 'latest'
    return isNear ? findOffset(...asked) : gate.pass(() => findOffset(...asked))
  }
  return {
    findOffsets: ({ workspace, partitions, committed }) =>
      Promise.all(
        partitions.map(async ({ topic, index, question, leaderEpoch: said }) => {
          const found = await inPartition(topics, workspace, { topic, index }, said, (partition) =>
            find(log, partition, question, committed),
          )
          const answer: OffsetAnswer = found.ok
            ? { topic, index, ok: true, ...found.value }
            : { topic, index, ok: false, refusal: found.refusal }
          return answer
        }),
      ),
    findEpochEnds: ({ workspace, partitions }) =>
      Promise.all(
        partitions.map(async ({ topic, index, epoch, leaderEpoch: said }) => {
          const found = await inPartition(
            topics,
            workspace,
            { topic, index },
            said,
            async (partition): Promise<Result<{ epoch: number; end: number }, BrokerRefusal>> => {
              const info = log.partition(partition)
              if (info === undefined) return refuse('unknown_partition')
              const isOurs = epoch === leaderEpoch
              return ok(isOurs ? { epoch, end: info.high } : { epoch: -1, end: -1 })
            },
          )
          const answer: EpochAnswer = found.ok
            ? { topic, index, ok: true, ...found.value }
            : { topic, index, ok: false, refusal: found.refusal }
          return answer
        }),
      ),
    describeProducers: async ({ workspace, partitions }) =>
      partitions.map(({ topic, index }): ProducersAnswer => {
        const found = findPartition(topics, workspace, { topic, index })
        return found.ok
          ? { topic, index, ok: true, producers: log.producers(found.value) }
          : { topic, index, ok: false, refusal: found.refusal }
      }),
    deleteRecords: ({ workspace, partitions }) =>
      Promise.all(
        partitions.map(async ({ topic, index, before }) => {
          const found = await inPartition(topics, workspace, { topic, index }, -1, (partition) =>
            trim(log, partition, before),
          )
          const answer: TrimAnswer = found.ok
            ? { topic, index, ok: true, ...found.value }
            : { topic, index, ok: false, refusal: found.refusal }
          return answer
        }),
      ),
  }
}

async function inPartition<T>(
  topics: Topics,
  workspace: string,
  place: { readonly topic: string; readonly index: number },
  said: number,
  run: (partition: PartitionId) => Promise<Result<T, BrokerRefusal>>,
): Promise<Result<T, BrokerRefusal>> {
  const found = findPartition(topics, workspace, place)
  if (!found.ok) return found
  const fault = epochFault(said)
  return fault === undefined ? run(found.value) : refuse(fault.code)
}

async function findOffset(
  log: LogStore,
  partition: PartitionId,
  question: OffsetQuestion,
  committed: boolean,
): Promise<Result<TimedOffset, BrokerRefusal>> {
  const info = log.partition(partition)
  if (info === undefined) return refuse('unknown_partition')
  switch (question.kind) {
    case 'earliest':
      return ok({ offset: info.start, timestamp: -1 })
    case 'latest':
      return ok({ offset: committed ? info.stable : info.high, timestamp: -1 })
    case 'time': {
      const found = await log.findTime({ partition, timestamp: question.timestamp, committed })
      return found.ok ? ok(found.value ?? none) : refuseRead(found.refusal)
    }
    case 'newest_time':
      return newest(log, partition, committed)
  }
}

/** The record with the latest time: whether there is one at or after a time is asked until one is left. */
async function newest(
  log: LogStore,
  partition: PartitionId,
  committed: boolean,
): Promise<Result<TimedOffset, BrokerRefusal>> {
  let best = none
  let beyond = Number.MAX_SAFE_INTEGER
  while (beyond - best.timestamp > 1) {
    const timestamp = best.timestamp + Math.floor((beyond - best.timestamp) / 2)
    const found = await log.findTime({ partition, timestamp, committed })
    if (!found.ok) return refuseRead(found.refusal)
    if (found.value === undefined) beyond = timestamp
    else best = found.value
  }
  return ok(best)
}

async function trim(
  log: LogStore,
  partition: PartitionId,
  before: number | undefined,
): Promise<Result<{ start: number }, BrokerRefusal>> {
  const info = log.partition(partition)
  if (info === undefined) return refuse('unknown_partition')
  if (before !== undefined && before < 0) return refuse('offset_out_of_range')
  const trimmed = await log.deleteRecords({ partition, before: before ?? info.high })
  if (trimmed.ok) return trimmed
  const { refusal } = trimmed
  return refusal.code === 'offset_out_of_range' ? refuseRead(refusal) : refused(ofLog(refusal))
}

function refuseRead(refusal: ReadRefusal) {
  if (refusal.code !== 'offset_out_of_range') return refused(ofLog(refusal))
  return refuse(refusal.code, `${refusal.start} to ${refusal.high}`)
}
