import { limits } from '@fermata/base/limits'
import type { PartitionId } from '../log/store.ts'
import type { Settings } from './settings.ts'

/** A topic: a name for some partitions of the log, and how they are kept. */
export interface Topic {
  readonly workspace: string
  /** A UUID as text; a topic that is deleted and made again has another. */
  readonly id: string
  readonly name: string
  /** The log's numbers of its partitions, by index. */
  readonly partitions: readonly PartitionId[]
  readonly settings: Settings
}

/** The topics that there are. */
export interface Topics {
  readonly byName: Map<string, Map<string, Topic>>
  readonly byId: Map<string, Topic>
}

/** No topics. */
export function noTopics(): Topics {
  return { byName: new Map(), byId: new Map() }
}

/** The topic of a name in a workspace. */
export function topicNamed(topics: Topics, workspace: string, name: string): Topic | undefined {
  return topics.byName.get(workspace)?.get(name)
}

/** The topic of an id, if it is of the workspace. */
export function topicOfId(topics: Topics, workspace: string, id: string): Topic | undefined {
  const topic = topics.byId.get(id)
  return topic?.workspace === workspace ? topic : undefined
}

/** The topics of a workspace by name. */
export function topicsOf(topics: Topics, workspace: string): readonly Topic[] {
  const found = Array.from(topics.byName.get(workspace)?.values() ?? [])
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Takes a topic in, new or changed. */
export function putTopic(topics: Topics, topic: Topic): void {
  const named = topics.byName.get(topic.workspace) ?? new Map<string, Topic>()
  topics.byName.set(topic.workspace, named)
  named.set(topic.name, topic)
  topics.byId.set(topic.id, topic)
}

/** Forgets a topic. */
export function dropTopic(topics: Topics, id: string): void {
  const topic = topics.byId.get(id)
  if (topic === undefined) return
  topics.byId.delete(id)
  const named = topics.byName.get(topic.workspace)
  if (named?.get(topic.name)?.id === id) named.delete(topic.name)
}

/**
 * What is wrong with the name of a topic: Kafka's rule (`Topic.validate`), and the names of Kafka's own
 * topics, which tools take for what they are there.
 */
export function topicNameFault(name: string): string | undefined {
  if (name === '') return 'a topic needs a name'
  if (name === '.' || name === '..') return `a topic cannot be called ${name}`
  if (name.length > limits.topicNameCharsMax) {
    return `a topic's name has at most ${limits.topicNameCharsMax} characters`
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) return "a topic's name is made of a-z A-Z 0-9 . _ -"
  if (name === '__consumer_offsets' || name === '__transaction_state') {
    return `${name} is the broker's own`
  }
  return undefined
}

/** The name of a topic's partition in the log. */
export function partitionNameOf(id: string, index: number): string {
  return `t-${id.replaceAll('-', '')}-${index}`
}

/** The id of the topic and the index that the name of a partition of the log tells, if it is a topic's. */
export function topicOfPartitionName(name: string): { id: string; index: number } | undefined {
  const match = /^t-([0-9a-f]{32})-(\d+)$/.exec(name)
  if (match === null) return undefined
  const hex = match[1]!
  const parts = [0, 8, 12, 16, 20].map((from, at, all) => hex.slice(from, all[at + 1] ?? 32))
  return { id: parts.join('-'), index: Number(match[2]) }
}
