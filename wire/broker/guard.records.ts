import { denied, forAllowed, type Guarded } from './guard.items.ts'
import type { RecordCalls } from './records.port.ts'
import { allows, type Right } from './rights.ts'

/** The calls about records, for somebody who may do so much. */
export function guardRecords({ broker, rights }: Guarded): RecordCalls {
  const refusing =
    (right: Right | 'any') =>
    <T extends { readonly topic: string; readonly index: number }>({ topic, index }: T) => {
      if (allows(rights, topic, right)) return undefined
      const { refusal } = denied('topic_denied')
      return { topic, index, ok: false as const, refusal }
    }
  return {
    produce({ batches, ...rest }) {
      const { transactionalId } = rest
      const isForeign = transactionalId !== undefined && !allows(rights, transactionalId, 'write')
      const refuse = isForeign
        ? ({ topic, index }: (typeof batches)[number]) => {
            const { refusal } = denied('transaction_denied')
            return { topic, index, ok: false as const, refusal }
          }
        : refusing('write')
      return forAllowed(batches, refuse, (some) => broker.produce({ ...rest, batches: some }))
    },
    fetch: ({ partitions, ...rest }) =>
      forAllowed(partitions, refusing('read'), (some) =>
        broker.fetch({ ...rest, partitions: some }),
      ),
    findOffsets: ({ partitions, ...rest }) =>
      forAllowed(partitions, refusing('any'), (some) =>
        broker.findOffsets({ ...rest, partitions: some }),
      ),
    findEpochEnds: ({ partitions, ...rest }) =>
      forAllowed(partitions, refusing('any'), (some) =>
        broker.findEpochEnds({ ...rest, partitions: some }),
      ),
    describeProducers: ({ partitions, ...rest }) =>
      forAllowed(partitions, refusing('read'), (some) =>
        broker.describeProducers({ ...rest, partitions: some }),
      ),
    deleteRecords: ({ partitions, ...rest }) =>
      forAllowed(partitions, refusing('manage'), (some) =>
        broker.deleteRecords({ ...rest, partitions: some }),
      ),
  }
}
