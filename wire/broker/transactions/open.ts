import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type { LogStore } from '../../log/store.ts'
import type { Groups } from '../groups/open.ts'
import { openLedger } from '../ledger.ts'
import type { CheckTransactional } from '../produce.ts'
import type { Topics } from '../topic.ts'
import { openKeeper } from './coordinator.ts'
import { producerIds, producerIdsKey } from './ids.ts'
import type { TransactionCalls } from './port.ts'
import { transactionOf } from './transaction.record.ts'
import type { Transaction } from './transaction.ts'
import { transactionalCheck, transactionCalls } from './transactions.ts'

/** The transactions, and what producing asks of them. */
export interface Transactions {
  readonly calls: TransactionCalls
  readonly check: CheckTransactional
  close(): void
}

/** Finds the transactions of a log as they were; those whose end was decided are ended first. */
export async function openTransactions(parts: {
  readonly log: LogStore
  readonly clock: Clock
  readonly topics: Topics
  readonly groups: Groups
}): Promise<Transactions> {
  const { log, clock, topics, groups } = parts
  const found = new Map<string, { known: Transaction; atMs: number; path: [string, string] }>()
  // Nobody is number 0: it is what some clients say who have none.
  let firstId = 1
  const ledger = await openLedger(log, 'broker-transactions', () => clock.now(), {
    entry({ key: [kind, workspace, id], value }) {
      if (kind === producerIdsKey) firstId = Number(value)
      if (kind !== 'transaction') return
      const path: [string, string] = [String(workspace), String(id)]
      const name = JSON.stringify(path)
      if (value === undefined) found.delete(name)
      else found.set(name, { ...transactionOf(value), path })
    },
  })
  const keeper = openKeeper({ log, clock, ledger, groups })
  for (const { path, known, atMs } of found.values()) keeper.restore(...path, known, atMs)
  const decided = keeper.all().filter(({ known }) => known.state === 'ending')
  // What is refused now is tried again by the clock.
  await Promise.all(decided.map((held) => keeper.complete(held)))
  const look = (): void => {
    const nowMs = clock.now()
    for (const held of keeper.all()) {
      const { state } = held.known
      const isOld = nowMs - held.atMs >= limits.transactionIdMs
      if (isOld && !held.isBusy && (state === 'empty' || state === 'ended')) keeper.forget(held)
    }
    stop = clock.after(limits.transactionLookMs, look)
  }
  let stop = clock.after(limits.transactionLookMs, look)
  const ids = producerIds(ledger, firstId)
  return {
    calls: transactionCalls({ topics, clock, keeper, ids, groups }),
    check: transactionalCheck(topics, keeper),
    close() {
      stop()
      keeper.close()
    },
  }
}
