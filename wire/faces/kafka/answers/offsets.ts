import type { FoundOffset } from '../../../broker/groups/port.ts'
import type { PartitionRef } from '../../../broker/records.port.ts'
import { byTopic, type Answers, type Context } from '../context.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'

/** From this version on several groups are asked for at once. */
const groupsSince = 8

type AskedTopics =
  readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null

/** What groups have come to is written down and told. */
export const committedAnswers: Answers<'OffsetCommit' | 'OffsetFetch'> = {
  async OffsetCommit({ body }, { broker, workspace }) {
    const outcomes = await broker.commitOffsets({
      workspace,
      group: body.groupId,
      generation: body.generationIdOrMemberEpoch,
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
          errorCode: refusal ? errorCodeOf(refusal) : errorCodes.NONE,
        })),
      })),
    }
  },
  async OffsetFetch({ body, version }, context) {
    if (version < groupsSince) {
      return { topics: await committedOf(context, body.groupId, body.topics, body.requireStable) }
    }
    const groups = await Promise.all(
      body.groups.map(async ({ groupId, topics }) => ({
        groupId,
        topics: await committedOf(context, groupId, topics, body.requireStable),
      })),
    )
    return { groups }
  },
}

async function committedOf(
  { broker, workspace }: Context,
  group: string,
  topics: AskedTopics,
  isStable: boolean,
) {
  const partitions: PartitionRef[] | undefined = topics?.flatMap(({ name, partitionIndexes }) =>
    partitionIndexes.map((index) => ({ topic: name, index })),
  )
  const found = await broker.committedOffsets({
    workspace,
    group,
    ...(partitions && { partitions }),
  })
  return byTopic(found).map(({ topic, rows }) => ({
    name: topic,
    partitions: rows.map((one) => partitionOf(one, isStable)),
  }))
}

function partitionOf(found: FoundOffset, isStable: boolean) {
  const { index: partitionIndex, offset, epoch, metadata } = found
  if (found.isUnstable && isStable) {
    const errorCode = errorCodes.UNSTABLE_OFFSET_COMMIT
    return { partitionIndex, committedOffset: -1, metadata: '', errorCode }
  }
  return {
    partitionIndex,
    committedOffset: offset,
    committedLeaderEpoch: epoch,
    metadata,
    errorCode: errorCodes.NONE,
  }
}
