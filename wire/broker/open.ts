import { assert } from '@fermata/base/assert'
import type { Clock } from '@fermata/base/clock'
import { uuidText, type NewUuid } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { LogStore } from '../log/store.ts'
import type { Broker } from './broker.ts'
import { openAhead } from './ahead.ts'
import { fetch } from './fetch.ts'
import { openGate } from './gate.ts'
import { openGroups } from './groups/open.ts'
import { openLedger } from './ledger.ts'
import { offsetCalls } from './offsets.ts'
import { produce } from './produce.ts'
import { dropOrphans, topicReader } from './topics.change.ts'
import { openToil } from './toil.ts'
import { topicCalls } from './topics.ts'
import { openTransactions } from './transactions/open.ts'

/** What a broker is handed. */
export interface BrokerOptions {
  /** A log that nobody else writes to; it stays open when the broker is closed. */
  readonly log: LogStore
  readonly clock: Clock
  readonly newUuid: NewUuid
  /** How many partitions a topic gets of which nothing else is said. */
  readonly partitionsDefault?: number
  /** Whether topics are made when somebody asks for them by name. */
  readonly createsOnDemand?: boolean
  /**
   * How many copies of a topic may be asked for, 1 where nothing is said. There is one in any case: more lets programs
   * work that were written for a cluster, at the price of a yes to what is not done.
   */
  readonly replicasMax?: number
}

/** Opens the broker over a log, and finds in it what the broker knew before. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { log, clock, newUuid } = options
  const { partitionsDefault = 1, createsOnDemand = true, replicasMax = 1 } = options
  const now = (): number => clock.now()
  const { topics, entry } = topicReader()
  let clusterId: string | undefined
  const ledger = await openLedger(log, 'broker-topics', now, {
    entry(one) {
      if (one.key[0] === 'cluster') clusterId = String(one.value)
      else entry(one)
    },
  })
  if (clusterId === undefined) {
    clusterId = uuidText(newUuid())
    const written = await ledger.write([{ key: ['cluster'], value: clusterId }])
    if (!written.ok) throw new Error(`the broker cannot begin: ${written.refusal.code}`)
  }
  assert(clusterId !== undefined, 'a broker has a name')
  await dropOrphans(log, topics)
  const newId = (): string => uuidText(newUuid())
  const groups = await openGroups({ log, clock, topics, newId })
  const transactions = await openTransactions({ log, clock, topics, groups })
  const gate = openGate(limits.fetchReadsAtOnceMax)
  const ahead = openAhead(log)
  const toil = openToil(clock)
  return {
    clusterId,
    ...topicCalls({
      log,
      ledger,
      topics,
      newId,
      partitionsDefault,
      createsOnDemand,
      replicasMax,
      onDeleted: (topic) => groups.dropTopic(topic),
    }),
    produce: (order) =>
      produce({ log, topics, checkTransactional: transactions.check, toil }, order),
    fetch: (order) => fetch({ log, topics, clock, gate, ahead }, order),
    ...offsetCalls({ log, topics, gate: openGate(limits.timeSearchesAtOnceMax) }),
    ...groups.calls,
    ...transactions.calls,
    close() {
      transactions.close()
      groups.close()
    },
  }
}
