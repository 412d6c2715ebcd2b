import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { assert } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import type { CompiledStatement, Query, SqlValue } from './port.ts'
import { sqliteError } from './sqlite.errors.ts'

/** A statement prepared on one connection, with a place for each of its parameters. */
interface Prepared {
  readonly statement: StatementSync
  readonly order: CompiledStatement['order']
  /** Reused for every call, which is safe because a call binds and runs without waiting. */
  readonly values: SqlValue[]
  readonly columns: readonly string[]
  /** Whether it can change nothing. */
  readonly looks: boolean
}

/** Runs queries on one connection. Each is prepared when it is first used and kept. */
export interface Statements {
  get<P extends object, R>(query: Query<P, R>, params: P): R | undefined
  all<P extends object, R>(query: Query<P, R>, params: P): R[]
  run<P extends object>(query: Query<P, unknown>, params: P): number
  /** How many statements that may change something have succeeded; one that fails changes nothing. */
  changes(): number
}

/** Makes the cache of prepared statements of a connection. Errors come out in the port's words. */
export function statementsOf(db: DatabaseSync): Statements {
  const cache = new Map<object, Prepared>()
  let changes = 0

  const prepare = (query: Query<object, unknown>): Prepared => {
    assert(
      cache.size < limits.preparedStatementsMax,
      'queries are declared once, not made for every call',
    )
    const { sql, order } = query.compile('sqlite')
    const statement = db.prepare(sql)
    // Rows as arrays are turned into objects below: node:sqlite's own have no prototype.
    statement.setReturnArrays(true)
    const columns = statement.columns().map((column) => column.name)
    const values = order.map((slot) => ('value' in slot ? slot.value : null))
    const looks = /^\s*select\b/i.test(sql)
    const prepared = { statement, order, values, columns, looks }
    cache.set(query, prepared)
    return prepared
  }

  const bound = (query: Query<object, unknown>, params: object): Prepared => {
    const prepared = cache.get(query) ?? prepare(query)
    const { order, values } = prepared
    for (let i = 0; i < order.length; i++) {
      const slot = order[i]!
      if ('value' in slot) continue
      const value = (params as Readonly<Record<string, SqlValue | undefined>>)[slot.name]
      if (value === undefined) assert(false, `the parameter ${slot.name} must be given`)
      values[i] = value
    }
    return prepared
  }

  return {
    get<P extends object, R>(query: Query<P, R>, params: P): R | undefined {
      try {
        const { statement, values, columns, looks } = bound(query, params)
        const row = statement.get(...values) as unknown as SqlValue[] | undefined
        if (!looks) changes += 1
        return row === undefined ? undefined : (object(columns, row) as R)
      } catch (error) {
        throw sqliteError(error)
      }
    },
    all<P extends object, R>(query: Query<P, R>, params: P): R[] {
      try {
        const { statement, values, columns, looks } = bound(query, params)
        const rows = statement.all(...values) as unknown[] as SqlValue[][]
        if (!looks) changes += 1
        for (let i = 0; i < rows.length; i++) rows[i] = object(columns, rows[i]!) as never
        return rows as unknown[] as R[]
      } catch (error) {
        throw sqliteError(error)
      }
    },
    run<P extends object>(query: Query<P, unknown>, params: P): number {
      try {
        const { statement, values } = bound(query, params)
        const changed = Number(statement.run(...values).changes)
        changes += 1
        return changed
      } catch (error) {
        throw sqliteError(error)
      }
    },
    changes: () => changes,
  }
}

/** A row as a plain object. */
function object(columns: readonly string[], row: readonly SqlValue[]): object {
  const made: Record<string, SqlValue> = {}
  for (let i = 0; i < columns.length; i++) made[columns[i]!] = row[i]!
  return made
}
