import { denied, forAllowed, type Guarded } from './guard.items.ts'
import type { GroupCalls, GroupView } from './groups/port.ts'
import { allows, type Right } from './rights.ts'

/** The calls about groups, for somebody who may do so much. */
export function guardGroups({ broker, rights }: Guarded): GroupCalls {
  const may = (group: string, right: Right | 'any'): boolean => allows(rights, group, right)
  return {
    joinGroup: async (order) =>
      may(order.group, 'read') ? broker.joinGroup(order) : denied('group_denied'),
    syncGroup: async (order) =>
      may(order.group, 'read') ? broker.syncGroup(order) : denied('group_denied'),
    heartbeat: async (order) =>
      may(order.group, 'read') ? broker.heartbeat(order) : denied('group_denied'),
    async leaveGroup(order) {
      if (may(order.group, 'read')) return broker.leaveGroup(order)
      const { refusal } = denied('group_denied')
      return order.members.map((one) => ({ ...one, refusal }))
    },
    async listGroups(order) {
      const all = await broker.listGroups(order)
      return all.filter(({ group }) => may(group, 'any'))
    },
    describeGroups: ({ workspace, groups }) =>
      forAllowed(
        groups,
        (group) => (may(group, 'any') ? undefined : unseen(group)),
        (some) => broker.describeGroups({ workspace, groups: some }),
      ),
    deleteGroups: ({ workspace, groups }) =>
      forAllowed(
        groups,
        (group) => (may(group, 'manage') ? undefined : { group, ...deniedGroup() }),
        (some) => broker.deleteGroups({ workspace, groups: some }),
      ),
    async commitOffsets({ offsets, ...rest }) {
      const isForeign = !may(rest.group, 'read')
      return forAllowed(
        offsets,
        ({ topic, index }) => {
          if (isForeign) return { topic, index, ...deniedGroup() }
          return may(topic, 'read') ? undefined : { topic, index, ...deniedTopic() }
        },
        (some) => broker.commitOffsets({ ...rest, offsets: some }),
      )
    },
    async committedOffsets({ partitions, ...rest }) {
      const nothing = { offset: -1, epoch: -1, metadata: '', isUnstable: false }
      if (!may(rest.group, 'any')) {
        return (partitions ?? []).map((one) => ({ ...one, ...nothing, ...deniedGroup() }))
      }
      if (partitions === undefined) {
        const all = await broker.committedOffsets(rest)
        return all.filter(({ topic }) => may(topic, 'any'))
      }
      return forAllowed(
        partitions,
        ({ topic, index }) => {
          if (may(topic, 'any')) return undefined
          return { topic, index, ...nothing, ...deniedTopic() }
        },
        (some) => broker.committedOffsets({ ...rest, partitions: some }),
      )
    },
    async deleteOffsets(order) {
      if (!may(order.group, 'manage')) return denied('group_denied')
      const { partitions, ...rest } = order
      const allowed = partitions.filter(({ topic }) => may(topic, 'read'))
      const answer = await broker.deleteOffsets({ ...rest, partitions: allowed })
      if (!answer.ok) return answer
      let next = 0
      const value = partitions.map((one) =>
        may(one.topic, 'read') ? answer.value[next++]! : { ...one, ...deniedTopic() },
      )
      return { ok: true, value }
    },
  }
}

const deniedGroup = () => ({ refusal: denied('group_denied').refusal })
const deniedTopic = () => ({ refusal: denied('topic_denied').refusal })

function unseen(group: string): GroupView {
  const nothing = { state: 'Dead', protocolType: '', protocol: '', members: [] } as const
  return { group, ...nothing, ...deniedGroup() }
}
