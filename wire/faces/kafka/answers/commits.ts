import type { CommitOrder, OffsetOutcome } from '../../../broker/groups/port.ts'
import type { BrokerRefusal } from '../../../broker/refusals.ts'
import type { RequestBody } from '../apis.ts'
import { byTopic } from '../context.ts'
import { errorCodes } from '../errors.ts'
import { errorCodeOf } from '../refusals.ts'

// What is the same of every commit, within a transaction or not.

/** The offsets that a commit brings. */
export function offsetsIn(
  topics: RequestBody<'OffsetCommit' | 'TxnOffsetCommit'>['topics'],
): CommitOrder['offsets'] {
  return topics.flatMap(({ name: topic, partitions }) =>
    partitions.map((one) => ({
      topic,
      index: one.partitionIndex,
      offset: one.committedOffset,
      epoch: one.committedLeaderEpoch,
      metadata: one.committedMetadata ?? '',
    })),
  )
}

/** What became of each partition's offset, in the words of `codeOf` where there are others than usual. */
export function outcomesByTopic(
  outcomes: readonly OffsetOutcome[],
  codeOf: (refusal: BrokerRefusal) => number = errorCodeOf,
) {
  return byTopic(outcomes).map(({ topic, rows }) => ({
    name: topic,
    partitions: rows.map(({ index: partitionIndex, refusal }) => ({
      partitionIndex,
      errorCode: refusal ? codeOf(refusal) : errorCodes.NONE,
    })),
  }))
}
