import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { LogStore, PartitionId } from '../log/store.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import { ofLog, refuse, type BrokerRefusal } from './refusals.ts'
import { partitionConfigOf, settingsFault, type Settings } from './settings.ts'
import {
  dropTopic,
  noTopics,
  partitionNameOf,
  putTopic,
  topicNamed,
  topicNameFault,
  topicOfPartitionName,
  type Topic,
  type Topics,
} from './topic.ts'
import type { NewTopic } from './topics.port.ts'

/** What topics are made with. */
export interface TopicParts {
  readonly log: LogStore
  readonly ledger: Ledger
  readonly topics: Topics
  /** A UUID as text. */
  readonly newId: () => string
  /** How many partitions a topic gets of which nothing else is said. */
  readonly partitionsDefault: number
  /** Whether a topic that somebody asks for by name is made. */
  readonly createsOnDemand: boolean
  /** How many copies may be asked for. */
  readonly replicasMax: number
  /** Called when a topic is gone. */
  readonly onDeleted: (topic: Topic) => void
}

/** A topic that was made or changed. */
export type Made = Result<Topic, BrokerRefusal>

/** Takes an entry of the ledger into the topics. */
export function applyTopic(topics: Topics, { key, value }: LedgerEntry): void {
  const [kind, id] = key
  if (kind !== 'topic') return
  if (value === undefined) dropTopic(topics, String(id))
  else putTopic(topics, { id: String(id), ...(value as Omit<Topic, 'id'>) })
}

function entryOf({ id, ...value }: Topic): LedgerEntry {
  return { key: ['topic', id], value }
}

/**
 * Deletes what a crash between the partitions and the record of their topic has left. To be called
 * before anything is served.
 */
export async function dropOrphans(log: LogStore, topics: Topics): Promise<void> {
  const orphans = log.partitions().filter(({ name, partition }) => {
    const found = topicOfPartitionName(name)
    return found && topics.byId.get(found.id)?.partitions[found.index] !== partition
  })
  await inPieces(orphans, async ({ partition }) => log.deletePartition(partition))
}

/** Makes a topic; with `validateOnly` only says whether it could be made. */
export async function createTopic(
  parts: TopicParts,
  workspace: string,
  wanted: NewTopic,
  validateOnly: boolean,
): Promise<Made> {
  const { name, partitions: count = parts.partitionsDefault, replicas = 1 } = wanted
  const fault = topicNameFault(name)
  if (fault !== undefined) return refuse('invalid_topic', fault)
  const { topics, log } = parts
  if (topicNamed(topics, workspace, name)) return refuse('topic_exists', `${name} is there already`)
  if (replicas < 1 || replicas > parts.replicasMax) {
    return refuse('invalid_replication', 'there is one copy, on this server')
  }
  const { partitionsPerTopicMax, topicsPerWorkspaceMax } = limits
  if (!Number.isInteger(count) || count < 1 || count > partitionsPerTopicMax) {
    return refuse('invalid_partitions', `a topic has 1 to ${partitionsPerTopicMax} partitions`)
  }
  const settings: Record<string, string> = {}
  for (const { name: setting, value } of wanted.settings) {
    if (value === null) return refuse('invalid_config', `${setting} needs a value`)
    settings[setting] = value
  }
  const settingFault = settingsFault(settings)
  if (settingFault !== undefined) return refuse('invalid_config', settingFault)
  if ((topics.byName.get(workspace)?.size ?? 0) >= topicsPerWorkspaceMax) {
    return refuse('policy', `a workspace has at most ${topicsPerWorkspaceMax} topics`)
  }
  if (log.partitions().length + count > limits.partitionsMax) {
    return refuse('policy', `there are at most ${limits.partitionsMax} partitions`)
  }
  const id = parts.newId()
  if (validateOnly) {
    return ok({ id, workspace, name, settings, partitions: Array.from<number>({ length: count }) })
  }
  const made = await makePartitions(log, id, { from: 0, to: count }, settings)
  if (!made.ok) return made
  const topic: Topic = { id, workspace, name, settings, partitions: made.value }
  return keep(parts, topic, made.value)
}

/** Writes a topic down; what was made for it goes where that is refused. */
async function keep(
  { ledger, topics, log }: TopicParts,
  topic: Topic,
  made: readonly PartitionId[],
): Promise<Made> {
  const written = await ledger.write([entryOf(topic)])
  if (!written.ok) {
    await inPieces(made, async (partition) => log.deletePartition(partition))
    return written
  }
  putTopic(topics, topic)
  return ok(topic)
}

/** Writes changed settings down and sets the partitions to them. */
export async function configureTopic(
  { ledger, topics, log }: TopicParts,
  topic: Topic,
  settings: Settings,
): Promise<Made> {
  const changed: Topic = { ...topic, settings }
  const written = await ledger.write([entryOf(changed)])
  if (!written.ok) return written
  putTopic(topics, changed)
  const config = partitionConfigOf(settings)
  const done = await inPieces(changed.partitions, async (partition) =>
    log.configurePartition({ partition, config }),
  )
  const stopped = done.find((result) => !result.ok)
  return stopped === undefined ? ok(changed) : refused(ofLog(stopped.refusal))
}

/** Deletes a topic and its partitions. */
export async function deleteTopic(parts: TopicParts, topic: Topic): Promise<Made> {
  const { ledger, topics, log } = parts
  const written = await ledger.write([{ key: ['topic', topic.id], value: undefined }])
  if (!written.ok) return written
  dropTopic(topics, topic.id)
  parts.onDeleted(topic)
  // Should this stop in the middle, the next start goes on with it.
  await inPieces(topic.partitions, async (partition) => log.deletePartition(partition))
  return ok(topic)
}

/** Gives a topic more partitions. */
export async function growTopic(
  parts: TopicParts,
  topic: Topic,
  count: number,
  validateOnly: boolean,
): Promise<Made> {
  const has = topic.partitions.length
  if (count <= has) {
    return refuse('invalid_partitions', `the topic has ${has} partitions, and none can go`)
  }
  if (count > limits.partitionsPerTopicMax) {
    const reason = `a topic has at most ${limits.partitionsPerTopicMax} partitions`
    return refuse('invalid_partitions', reason)
  }
  if (parts.log.partitions().length + count - has > limits.partitionsMax) {
    return refuse('policy', `there are at most ${limits.partitionsMax} partitions`)
  }
  if (validateOnly) return ok(topic)
  const made = await makePartitions(parts.log, topic.id, { from: has, to: count }, topic.settings)
  if (!made.ok) return made
  const grown: Topic = { ...topic, partitions: [...topic.partitions, ...made.value] }
  return keep(parts, grown, made.value)
}

/** Makes the partitions of some indices, all or none. */
async function makePartitions(
  log: LogStore,
  id: string,
  { from, to }: { readonly from: number; readonly to: number },
  settings: Settings,
): Promise<Result<readonly PartitionId[], BrokerRefusal>> {
  const config = partitionConfigOf(settings)
  const names = Array.from({ length: to - from }, (_, at) => partitionNameOf(id, from + at))
  const results = await inPieces(names, async (name) => {
    const made = await log.createPartition({ name, config })
    if (made.ok || made.refusal.code !== 'name_taken') return made
    // An attempt that was refused half-way could not even take back what it had made.
    const left = log.partitions().find((info) => info.name === name)
    return left === undefined ? made : ok(left.partition)
  })
  const stopped = results.find((result) => !result.ok)
  const made = results.flatMap((result) => (result.ok ? [result.value] : []))
  if (stopped === undefined) return ok(made)
  await inPieces(made, async (partition) => log.deletePartition(partition))
  const { refusal } = stopped
  if (refusal.code === 'invalid_name' || refusal.code === 'name_taken') {
    return refuse('invalid_topic', refusal.code)
  }
  return refused(ofLog(refusal))
}

/** Runs over a list, some at once, and gives the results in its order. */
async function inPieces<T, R>(list: readonly T[], run: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < list.length; at += limits.partitionChangesAtOnceMax) {
    const piece = list.slice(at, at + limits.partitionChangesAtOnceMax)
    results.push(...(await Promise.all(piece.map(run))))
  }
  return results
}

/** Reads the topics out of a ledger's entries. */
export function topicReader(): { readonly topics: Topics; entry(entry: LedgerEntry): void } {
  const topics = noTopics()
  return { topics, entry: (entry) => applyTopic(topics, entry) }
}
