import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  Kysely,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely'
import { assert } from '@fermata/base/assert'
import type { Cancel, Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { sqliteError } from './sqlite.errors.ts'

/** What a library's Kysely needs of the writer. */
export interface SqliteKyselyOptions {
  /** The writer's connection. */
  readonly db: DatabaseSync
  readonly clock: Clock
  /** Takes the writer's connection; the answer gives it back. */
  readonly takeTurn: () => Promise<() => void>
  /** Called after each commit. */
  readonly committed: () => void
}

/**
 * A Kysely over the writer's connection, for a library that brings its own queries. A connection is
 * the writer's turn: actions queue while it is held, so it is taken away after
 * `kyselyTransactionMsMax`, and what was not committed is taken back.
 */
export function sqliteKysely(options: SqliteKyselyOptions): Kysely<unknown> {
  const statements = statementsByText(options.db)
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new TurnDriver(options, statements),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}

/** Prepares statements and keeps those that were used last. */
function statementsByText(db: DatabaseSync): (sql: string) => StatementSync {
  const kept = new Map<string, StatementSync>()
  return (sql) => {
    const known = kept.get(sql)
    if (known !== undefined) {
      kept.delete(sql)
      kept.set(sql, known)
      return known
    }
    const statement = db.prepare(sql)
    kept.set(sql, statement)
    if (kept.size > limits.kyselyStatementsMax) {
      for (const oldest of kept.keys()) {
        kept.delete(oldest)
        break
      }
    }
    return statement
  }
}

/** A library's value as SQLite stores it: dates as ISO text, truth values as 0 and 1. */
function stored(value: unknown): string | number | bigint | null | Uint8Array {
  if (value === undefined || value === null) return null
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return value
  switch (typeof value) {
    case 'boolean':
      return value ? 1 : 0
    case 'string':
    case 'number':
    case 'bigint':
      return value
    default:
      throw new TypeError(`a ${typeof value} cannot be stored`)
  }
}

/** The writer's turn, as Kysely's connection. */
class TurnConnection implements DatabaseConnection {
  taken: Error | undefined
  readonly #options: SqliteKyselyOptions
  readonly #statement: (sql: string) => StatementSync
  readonly #endTurn: () => void
  readonly #cancelTimer: Cancel

  constructor(
    options: SqliteKyselyOptions,
    statement: (sql: string) => StatementSync,
    endTurn: () => void,
  ) {
    this.#options = options
    this.#statement = statement
    this.#endTurn = endTurn
    this.#cancelTimer = options.clock.after(limits.kyselyTransactionMsMax, () => {
      const ms = limits.kyselyTransactionMsMax
      this.taken = new Error(
        `a transaction was held for more than ${ms} ms (kyselyTransactionMsMax)`,
      )
      this.#end()
    })
  }

  async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.taken !== undefined) throw this.taken
    try {
      const statement = this.#statement(sql)
      const values = parameters.map(stored)
      if (statement.columns().length > 0) {
        const rows = statement.all(...values).map((row) => ({ ...row })) as R[]
        if (SelectQueryNode.is(query)) return { rows }
        this.#changed()
        return { rows, numAffectedRows: BigInt(rows.length) }
      }
      const { changes, lastInsertRowid } = statement.run(...values)
      this.#changed()
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
    } catch (error) {
      throw sqliteError(error)
    }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }

  /** Gives the turn back; a transaction that was left open is taken back. */
  release(): void {
    if (this.taken === undefined) this.#end()
    this.taken ??= new Error('the connection was given back')
  }

  /** Outside a transaction each statement is a commit of its own. */
  #changed(): void {
    if (!this.#options.db.isTransaction) this.#options.committed()
  }

  #end(): void {
    this.#cancelTimer()
    if (this.#options.db.isTransaction) this.#options.db.exec('rollback')
    this.#endTurn()
  }
}

class TurnDriver implements Driver {
  readonly #options: SqliteKyselyOptions
  readonly #statement: (sql: string) => StatementSync

  constructor(options: SqliteKyselyOptions, statement: (sql: string) => StatementSync) {
    this.#options = options
    this.#statement = statement
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new TurnConnection(this.#options, this.#statement, await this.#options.takeTurn())
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite may have taken the transaction back by itself, as it does on a full disk.
    if (!this.#options.db.isTransaction) return
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint ${quoted(name)}`))
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to ${quoted(name)}`))
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release ${quoted(name)}`))
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    assert(connection instanceof TurnConnection, 'the connection is one of this driver')
    connection.release()
  }

  /** The connection is the writer's and stays open. */
  async destroy(): Promise<void> {}
}

/** A name as SQL quotes it. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
