import { denied, forAllowed, type Guarded } from './guard.items.ts'
import { allows, type Right } from './rights.ts'
import type { TopicAnswer, TopicCalls, TopicRef } from './topics.port.ts'

/** The calls about topics, for somebody who may do so much. */
export function guardTopics({ broker, rights }: Guarded): TopicCalls {
  const refusing =
    (right: Right | 'any') =>
    <T extends { readonly name: string }>(item: T) => {
      if (allows(rights, item.name, right)) return undefined
      const { refusal } = denied('topic_denied')
      return { ok: false as const, name: item.name, asked: { name: item.name }, refusal }
    }
  /** Somebody who may not see a topic does not learn from its id that there is one. */
  const unseen = (asked: TopicRef): TopicAnswer => ({
    ok: false,
    asked,
    refusal: asked.name === undefined ? { code: 'unknown_topic' } : { code: 'topic_denied' },
  })
  const refusingRef = (asked: TopicRef): TopicAnswer | undefined =>
    asked.name === undefined || allows(rights, asked.name, 'any') ? undefined : unseen(asked)

  const describeTopics: TopicCalls['describeTopics'] = async ({ workspace, topics, create }) => {
    const mayCreate = create && rights.held.includes('manage')
    if (topics === undefined) {
      const all = await broker.describeTopics({ workspace, create: false })
      return all.filter((answer) => answer.ok && allows(rights, answer.name, 'any'))
    }
    const answers = await forAllowed(topics, refusingRef, (some) =>
      broker.describeTopics({ workspace, topics: some, create: mayCreate }),
    )
    return answers.map((answer, at) => {
      if (answer.ok) return allows(rights, answer.name, 'any') ? answer : unseen(topics[at]!)
      const isWished = create && !mayCreate && answer.refusal.code === 'unknown_topic'
      return isWished ? unseen(answer.asked) : answer
    })
  }
  return {
    describeTopics,
    createTopics: ({ topics, ...rest }) =>
      forAllowed(topics, refusing('manage'), (some) =>
        broker.createTopics({ ...rest, topics: some }),
      ),
    async deleteTopics({ workspace, topics }) {
      const seen = await describeTopics({ workspace, topics, create: false })
      const answers = new Map(topics.map((asked, at) => [asked, seen[at]] as const))
      const refuse = (asked: TopicRef): TopicAnswer | undefined => {
        const answer = answers.get(asked)
        if (answer?.ok !== true) return answer
        if (allows(rights, answer.name, 'manage')) return undefined
        return { ok: false, asked, refusal: { code: 'topic_denied' } }
      }
      return forAllowed(topics, refuse, (some) => broker.deleteTopics({ workspace, topics: some }))
    },
    addPartitions: ({ topics, ...rest }) =>
      forAllowed(topics, refusing('manage'), (some) =>
        broker.addPartitions({ ...rest, topics: some }),
      ),
    measurePartitions: async (order) => {
      const sizes = await broker.measurePartitions(order)
      return sizes.filter(({ topic }) => allows(rights, topic, 'any'))
    },
    describeSettings: ({ workspace, topics }) =>
      forAllowed(
        topics,
        (name) => refusing('any')({ name }),
        (some) => broker.describeSettings({ workspace, topics: some }),
      ),
    alterSettings: ({ topics, ...rest }) =>
      forAllowed(topics, refusing('manage'), (some) =>
        broker.alterSettings({ ...rest, topics: some }),
      ),
  }
}
