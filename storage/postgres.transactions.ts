import type { Pool, PoolClient } from 'pg'
import { assert } from '@fermata/base/assert'
import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type { GrownHead } from './heads.ts'
import { ReadTooLong, StorageBusy } from './port.ts'
import type { NewEvent, Query, ReadTx, WriteTx } from './port.ts'
import { connection } from './postgres.connections.ts'
import { mayRunAgain, postgresError } from './postgres.errors.ts'
import { sendEvents } from './postgres.positions.ts'
import type { Bind } from './postgres.statements.ts'

/** One transaction on one connection. */
class Transaction implements WriteTx {
  readonly dialect = 'postgres'
  readonly events: NewEvent[] = []
  /** Why it cannot be used any more. */
  ended: string | undefined
  readonly #client: PoolClient
  readonly #bind: Bind
  readonly #begun: Promise<unknown>

  constructor(client: PoolClient, bind: Bind, begin: string) {
    this.#client = client
    this.#bind = bind
    // The first statement follows at once; whoever waits for it learns of a failure here too.
    this.#begun = client.query(begin)
    this.#begun.catch(() => {})
  }

  async get<P extends object, R>(query: Query<P, R>, params: P): Promise<R | undefined> {
    return (await this.all(query, params))[0]
  }

  async all<P extends object, R>(query: Query<P, R>, params: P): Promise<R[]> {
    return (await this.#query(query, params)).rows as R[]
  }

  async run<P extends object>(query: Query<P, unknown>, params: P): Promise<number> {
    return (await this.#query(query, params)).rowCount ?? 0
  }

  emit(event: NewEvent): void {
    assert(this.ended === undefined, this.ended ?? '')
    this.events.push(event)
  }

  async #query<P extends object>(query: Query<P, unknown>, params: P) {
    assert(this.ended === undefined, this.ended ?? '')
    const answer = this.#client.query(this.#bind(query, params))
    // Both are looked at, so that neither's failure is left without a listener.
    const [, result] = await Promise.all([this.#begun, answer])
    return result
  }
}

/** Runs actions and reads on the connections of a pool. */
export interface Transactions {
  write<T>(action: (tx: WriteTx) => Promise<T>): Promise<T>
  read<T>(look: (tx: ReadTx) => Promise<T>): Promise<T>
  figures(): Readonly<Record<string, number>>
}

/** What transactions need. */
export interface TransactionsOptions {
  readonly pool: Pool
  readonly bind: Bind
  readonly clock: Clock
  /** Called after each commit with the heads that have grown. */
  readonly committed: (heads: readonly GrownHead[]) => void
}

/** Makes the transactions over a pool. */
export function openTransactions(options: TransactionsOptions): Transactions {
  const { pool, bind, clock, committed } = options
  const figures = { commits_total: 0, attempts_repeated_total: 0, reads_cut_off_total: 0 }

  const attempt = async <T>(action: (tx: WriteTx) => Promise<T>): Promise<T> => {
    const client = await connection(pool)
    try {
      const tx = new Transaction(client, bind, 'begin isolation level read committed')
      const value = await action(tx).finally(() => (tx.ended = afterAction))
      const heads = await commit(client, tx.events)
      client.release()
      figures.commits_total += 1
      committed(heads)
      return value
    } catch (error) {
      await takeBack(client)
      throw error
    }
  }

  const write = async <T>(action: (tx: WriteTx) => Promise<T>): Promise<T> => {
    if (pool.waitingCount >= limits.writeQueueActionsMax) {
      throw new StorageBusy(
        `more than ${limits.writeQueueActionsMax} actions wait for a connection (writeQueueActionsMax)`,
      )
    }
    for (let count = 1; ; count++) {
      try {
        return await attempt(action)
      } catch (error) {
        if (count >= limits.postgresAttemptsMax || !mayRunAgain(error, count)) {
          throw postgresError(error)
        }
        figures.attempts_repeated_total += 1
      }
    }
  }

  const read = async <T>(look: (tx: ReadTx) => Promise<T>): Promise<T> => {
    const client = await connection(pool)
    const tx = new Transaction(client, bind, beginRead)
    const cut = Promise.withResolvers<never>()
    const cancel = clock.after(limits.readTransactionMsMax, () => {
      figures.reads_cut_off_total += 1
      cut.reject(new ReadTooLong(tooLong))
    })
    try {
      const value = await Promise.race([look(tx), cut.promise])
      tx.ended = afterRead
      // The answer need not wait for the end of a transaction that changed nothing.
      client.query('commit').then(
        () => client.release(),
        (error: unknown) => client.release(error instanceof Error ? error : true),
      )
      return value
    } catch (error) {
      tx.ended = afterRead
      if (error instanceof ReadTooLong) client.release(error)
      else await takeBack(client)
      throw postgresError(error)
    } finally {
      cancel()
    }
  }

  return { write, read, figures: () => ({ ...figures, connections: pool.totalCount }) }
}

const afterAction = 'an action must not go on after it has ended'
const afterRead = 'a read must not go on after its snapshot was given back'
const tooLong = `a read held its snapshot for more than ${limits.readTransactionMsMax} ms (readTransactionMsMax) and was cut off`

/** The server ends a statement by itself, as it would not notice that nobody waits any more. */
const beginRead = `begin isolation level repeatable read read only; set local statement_timeout = ${limits.readTransactionMsMax}`

/** Places the events and commits, in one round trip. */
async function commit(client: PoolClient, events: readonly NewEvent[]): Promise<GrownHead[]> {
  const placed = sendEvents(client, events)
  const committed = client.query('commit')
  const done = await Promise.allSettled([...placed, committed])
  for (const one of done) if (one.status === 'rejected') throw one.reason
  // The server answers ROLLBACK when a statement failed and the action hid it.
  if ((await committed).command !== 'COMMIT') {
    throw new Error('a statement of the action failed, so that nothing of it was kept')
  }
  return Promise.all(placed)
}

/** Takes a transaction back and returns its connection; one that is lost leaves the pool. */
async function takeBack(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback')
    client.release()
  } catch (error) {
    client.release(error instanceof Error ? error : true)
  }
}
