import type { Broker } from './broker.ts'
import { guardGroups } from './guard.groups.ts'
import { guardRecords } from './guard.records.ts'
import { guardTopics } from './guard.topics.ts'
import { guardTransactions } from './guard.transactions.ts'
import type { Rights } from './rights.ts'

/**
 * A broker that does for somebody what they may do, and nothing else: whatever protocol they speak, this is the
 * one place that knows. A call that is added to the broker does not compile before it is thought of here.
 */
export function guardBroker(broker: Broker, rights: Rights): Broker {
  const guarded = { broker, rights }
  return {
    clusterId: broker.clusterId,
    ...guardTopics(guarded),
    ...guardRecords(guarded),
    ...guardGroups(guarded),
    ...guardTransactions(guarded),
    // Others use it, too.
    close() {},
  }
}
