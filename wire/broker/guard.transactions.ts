import { denied, type Guarded } from './guard.items.ts'
import { allows } from './rights.ts'
import type { TransactionCalls } from './transactions/port.ts'

/** The calls about producers and their transactions, for somebody who may do so much. */
export function guardTransactions({ broker, rights }: Guarded): TransactionCalls {
  const may = (transactionalId: string): boolean => allows(rights, transactionalId, 'write')
  return {
    async initProducer(order) {
      const { transactionalId } = order
      if (transactionalId === null) {
        return rights.held.includes('write') ? broker.initProducer(order) : denied('cluster_denied')
      }
      return may(transactionalId) ? broker.initProducer(order) : denied('transaction_denied')
    },
    async addToTransaction(order) {
      const { transactionalId, partitions } = order
      if (!may(transactionalId)) {
        return partitions.map((one) => ({ ...one, refusal: { code: 'transaction_denied' } }))
      }
      if (partitions.every(({ topic }) => allows(rights, topic, 'write'))) {
        return broker.addToTransaction(order)
      }
      return partitions.map((one) => ({
        ...one,
        refusal: { code: allows(rights, one.topic, 'write') ? 'not_attempted' : 'topic_denied' },
      }))
    },
    async addGroupToTransaction(order) {
      if (!may(order.transactionalId)) return denied('transaction_denied')
      if (!allows(rights, order.group, 'read')) return denied('group_denied')
      return broker.addGroupToTransaction(order)
    },
    async commitOffsetsWithin(order) {
      const refused = (code: 'transaction_denied' | 'group_denied') =>
        order.offsets.map(({ topic, index }) => ({ topic, index, refusal: { code } }))
      if (!may(order.transactionalId)) return refused('transaction_denied')
      if (!allows(rights, order.group, 'read')) return refused('group_denied')
      const { offsets } = order
      const allowed = offsets.filter(({ topic }) => allows(rights, topic, 'read'))
      const found = await broker.commitOffsetsWithin({ ...order, offsets: allowed })
      let next = 0
      return offsets.map(({ topic, index }) =>
        allows(rights, topic, 'read')
          ? found[next++]!
          : { topic, index, refusal: { code: 'topic_denied' } },
      )
    },
    async listTransactions(order) {
      const all = await broker.listTransactions(order)
      return all.filter(({ transactionalId }) => allows(rights, transactionalId, 'any'))
    },
    endTransaction: async (order) =>
      may(order.transactionalId) ? broker.endTransaction(order) : denied('transaction_denied'),
  }
}
