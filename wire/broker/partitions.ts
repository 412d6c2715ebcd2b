import { ok, type Result } from '@fermata/base/result'
import type { PartitionId } from '../log/store.ts'
import { leaderEpoch, type PartitionRef } from './records.port.ts'
import { refuse, type BrokerRefusal } from './refusals.ts'
import { topicNamed, type Topics } from './topic.ts'

/** The log's number of a topic's partition. */
export function findPartition(
  topics: Topics,
  workspace: string,
  { topic: name, index }: PartitionRef,
): Result<PartitionId, BrokerRefusal> {
  const topic = topicNamed(topics, workspace, name)
  if (topic === undefined) return refuse('unknown_topic')
  const partition = topic.partitions[index]
  return partition === undefined ? refuse('unknown_partition') : ok(partition)
}

/** What is wrong with the epoch that a client takes for a partition's; -1 says nothing (KIP-320). */
export function epochFault(said: number): BrokerRefusal | undefined {
  if (said < 0 || said === leaderEpoch) return undefined
  return { code: said > leaderEpoch ? 'unknown_leader_epoch' : 'fenced_leader_epoch' }
}
