import { ok } from '@fermata/base/result'
import { findPartition } from './partitions.ts'
import type { PartitionRef } from './records.port.ts'
import { refuse } from './refusals.ts'
import {
  topicNamed,
  topicNameFault,
  topicOfId,
  topicsOf,
  type Topic,
  type Topics,
} from './topic.ts'
import { createTopic, deleteTopic, growTopic, type Made, type TopicParts } from './topics.change.ts'
import type { NewTopic, TopicAnswer, TopicCalls, TopicRef } from './topics.port.ts'
import { settingCalls } from './topics.settings.ts'

/** What can be done with topics. Changes come one after the other. */
export function topicCalls(parts: TopicParts): TopicCalls {
  const { topics, log } = parts
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = last.then(run)
    last = turn.catch(() => undefined)
    return turn
  }
  const find = (workspace: string, { id, name }: TopicRef): Topic | undefined =>
    id === undefined ? topicNamed(topics, workspace, name ?? '') : topicOfId(topics, workspace, id)
  const create = (workspace: string, wanted: NewTopic, validateOnly: boolean): Promise<Made> =>
    inTurn(() => createTopic(parts, workspace, wanted, validateOnly))
  const provide = async (workspace: string, asked: TopicRef): Promise<TopicAnswer> => {
    const { name = '' } = asked
    const made = await create(workspace, { name, settings: [] }, false)
    // Somebody else was quicker: all that matters is that it is there.
    const found = made.ok ? undefined : find(workspace, asked)
    return answerOf(asked, found ? ok(found) : made)
  }
  return {
    async describeTopics({ workspace, topics: asked, create: wantsThem }) {
      if (asked === undefined) return topicsOf(topics, workspace).map((topic) => viewOf(topic))
      const answers: TopicAnswer[] = []
      for (const ref of asked) {
        const found = find(workspace, ref)
        const isMade = wantsThem && parts.createsOnDemand && ref.id === undefined
        const fault = found || ref.id !== undefined ? undefined : topicNameFault(ref.name ?? '')
        if (found !== undefined) answers.push(viewOf(found))
        else if (fault !== undefined) answers.push(answerOf(ref, refuse('invalid_topic', fault)))
        else if (isMade) answers.push(await provide(workspace, ref))
        else answers.push(answerOf(ref, refuse('unknown_topic')))
      }
      return answers
    },
    createTopics: ({ workspace, topics: wanted, validateOnly }) =>
      Promise.all(
        wanted.map(async (one) =>
          answerOf({ name: one.name }, await create(workspace, one, validateOnly)),
        ),
      ),
    deleteTopics: ({ workspace, topics: asked }) =>
      Promise.all(
        asked.map((ref) =>
          inTurn(async () => {
            const topic = find(workspace, ref)
            if (topic === undefined) return answerOf(ref, refuse('unknown_topic'))
            return answerOf(ref, await deleteTopic(parts, topic))
          }),
        ),
      ),
    addPartitions: ({ workspace, topics: asked, validateOnly }) =>
      Promise.all(
        asked.map(({ name, count }) =>
          inTurn(async () => {
            const topic = find(workspace, { name })
            if (topic === undefined) return answerOf({ name }, refuse('unknown_topic'))
            return answerOf({ name }, await growTopic(parts, topic, count, validateOnly))
          }),
        ),
      ),
    async measurePartitions({ workspace, partitions = partitionsOf(topics, workspace) }) {
      return partitions.flatMap(({ topic, index }) => {
        const found = findPartition(topics, workspace, { topic, index })
        const info = found.ok ? log.partition(found.value) : undefined
        return info === undefined ? [] : [{ topic, index, bytes: info.bytes }]
      })
    },
    ...settingCalls(parts, inTurn),
  }
}

function partitionsOf(topics: Topics, workspace: string): readonly PartitionRef[] {
  return topicsOf(topics, workspace).flatMap(({ name: topic, partitions }) =>
    partitions.map((_, index) => ({ topic, index })),
  )
}

function viewOf({ id, name, partitions }: Topic): TopicAnswer {
  return { ok: true, id, name, partitions: partitions.length }
}

function answerOf(asked: TopicRef, made: Made): TopicAnswer {
  return made.ok ? viewOf(made.value) : { ok: false, asked, refusal: made.refusal }
}
