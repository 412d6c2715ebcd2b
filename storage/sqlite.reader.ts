import type { DatabaseSync } from 'node:sqlite'
import { assert } from '@fermata/base/assert'
import type { Cancel, Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { ReadTooLong, type Query, type ReadTx } from './port.ts'
import { sqliteError } from './sqlite.errors.ts'
import { statementsOf, type Statements } from './sqlite.statements.ts'

/** The connection that only reads. */
export interface Reader {
  /** Runs a look within one snapshot. Looks take turns: two must not share a transaction. */
  read<T>(look: (tx: ReadTx) => Promise<T>): Promise<T>
  /** Looks that were cut off because they held their snapshot for too long. */
  cutOff(): number
  /** Refuses whatever waits, and all that comes. */
  close(): void
}

/** One look at the database, until its snapshot is given back. */
class Look implements ReadTx {
  readonly dialect = 'sqlite'
  ended = false
  readonly #statements: Statements

  constructor(statements: Statements) {
    this.#statements = statements
  }

  async get<P extends object, R>(query: Query<P, R>, params: P): Promise<R | undefined> {
    assert(!this.ended, 'a read must not go on after its snapshot was given back')
    return this.#statements.get(query, params)
  }

  async all<P extends object, R>(query: Query<P, R>, params: P): Promise<R[]> {
    assert(!this.ended, 'a read must not go on after its snapshot was given back')
    return this.#statements.all(query, params)
  }
}

/**
 * Makes the reader over a read-only connection. Statements run on this thread, so many looks in a row would keep everybody
 * else from being heard; after `readTurnMsMax` the event loop turns before the next begins.
 */
export function openReader(db: DatabaseSync, clock: Clock): Reader {
  const statements = statementsOf(db)
  const begin = db.prepare('begin')
  const commit = db.prepare('commit')
  const waiting: { readonly begin: () => void; readonly refuse: (error: Error) => void }[] = []
  let busy = false
  let current: { startedMs: number; cut: (error: Error) => void } | undefined
  let stopWatching: Cancel | undefined
  let cutOff = 0
  /** Since when reads have followed one another in this turn of the event loop. */
  let turnSinceMs: number | undefined
  let closed: Error | undefined

  // One timer at most, and none for each look: nearly all end within microseconds.
  const watch = (delayMs: number): void => {
    stopWatching = clock.after(delayMs, () => {
      stopWatching = undefined
      if (current === undefined) return
      const leftMs = current.startedMs + limits.readTransactionMsMax - clock.monotonic()
      if (leftMs > 0) return watch(leftMs)
      cutOff += 1
      current.cut(new ReadTooLong(tooLong))
    })
  }

  /** No newcomer overtakes those who wait. */
  const handOver = (): void => {
    const next = waiting.shift()
    if (next === undefined) busy = false
    else next.begin()
  }

  const start = <T>(
    look: (tx: ReadTx) => Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ): void => {
    const tx = new Look(statements)
    const end = (): void => {
      tx.ended = true
      current = undefined
      if (db.isTransaction) commit.run()
      const nowMs = clock.monotonic()
      if (nowMs - (turnSinceMs ?? nowMs) < limits.readTurnMsMax) handOver()
      else setImmediate(handOver)
    }
    const fail = (error: unknown): void => {
      if (tx.ended) return
      end()
      reject(sqliteError(error))
    }
    const startedMs = clock.monotonic()
    current = { startedMs, cut: fail }
    if (turnSinceMs === undefined) {
      turnSinceMs = startedMs
      setImmediate(() => (turnSinceMs = undefined))
    }
    if (stopWatching === undefined) watch(limits.readTransactionMsMax)
    try {
      begin.run()
      look(tx).then((value) => {
        if (tx.ended) return
        end()
        resolve(value)
      }, fail)
    } catch (error) {
      fail(error)
    }
  }

  return {
    read: (look) =>
      new Promise((resolve, reject) => {
        if (closed !== undefined) reject(closed)
        else if (busy) {
          waiting.push({ begin: () => start(look, resolve, reject), refuse: reject })
        } else {
          busy = true
          start(look, resolve, reject)
        }
      }),
    cutOff: () => cutOff,
    close() {
      closed = new Error('the database is closed')
      stopWatching?.()
      for (const { refuse } of waiting.splice(0)) refuse(closed)
      current?.cut(closed)
    },
  }
}

const tooLong = `a read held its snapshot for more than ${limits.readTransactionMsMax} ms (readTransactionMsMax) and was cut off`
