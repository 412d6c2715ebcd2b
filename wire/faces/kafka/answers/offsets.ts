import type { FoundOffset } from '../../../broker/groups/port.ts'
import type { PartitionRef } from '../../../broker/records.port.ts'
import { byTopic, type Answers, type Context } from '../context.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'
import { offsetsIn, outcomesByTopic } from './commits.ts'
import { distinct } from './distinct.ts'

/** From this version on several groups are asked for at once. */
const groupsSince = 8
/** From this version on a group has an error of its own. */
const groupCodeSince = 2

type AskedTopics =
  readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null

/** What groups have come to is written down and told. */
export const committedAnswers: Answers<'OffsetCommit' | 'OffsetFetch' | 'OffsetDelete'> = {
  async OffsetCommit({ body }, { broker, workspace }) {
    const outcomes = await broker.commitOffsets({
      workspace,
      group: body.groupId,
      generation: body.generationIdOrMemberEpoch,
      member: body.memberId,
      instance: body.groupInstanceId,
      offsets: offsetsIn(body.topics),
    })
    return { topics: outcomesByTopic(outcomes) }
  },
  async OffsetFetch({ body, version }, context) {
    if (version < groupsSince) {
      return {
        ...groupCode(context, body.groupId, version >= groupCodeSince),
        topics: await committedOf(context, body.groupId, body.topics, body.requireStable),
      }
    }
    const groups = await Promise.all(
      distinct(body.groups, ({ groupId }) => groupId).map(async ({ groupId, topics }) => ({
        groupId,
        ...groupCode(context, groupId, true),
        topics: await committedOf(context, groupId, topics, body.requireStable),
      })),
    )
    return { groups }
  },
  async OffsetDelete({ body }, { broker, workspace }) {
    const answer = await broker.deleteOffsets({
      workspace,
      group: body.groupId,
      partitions: body.topics.flatMap(({ name: topic, partitions }) =>
        partitions.map(({ partitionIndex: index }) => ({ topic, index })),
      ),
    })
    if (!answer.ok) return { errorCode: errorCodeOf(answer.refusal), topics: [] }
    return { errorCode: errorCodes.NONE, topics: outcomesByTopic(answer.value) }
  },
}

/** Whether the group as a whole is kept from them; the oldest versions say it of each partition. */
function groupCode({ passage }: Context, group: string, isSaid: boolean) {
  if (!isSaid || passage.may('any', group)) return {}
  return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED }
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
  if (found.refusal !== undefined) {
    const errorCode = errorCodeOf(found.refusal)
    return { partitionIndex, committedOffset: -1, metadata: '', errorCode }
  }
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
