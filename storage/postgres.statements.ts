import type { QueryConfig } from 'pg'
import { assert } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import type { CompiledStatement, Query, SqlValue } from './port.ts'

/** A query with the name under which each connection prepares it once. */
interface Named {
  readonly name: string
  readonly text: string
  readonly order: CompiledStatement['order']
}

/** Makes what the driver takes: a query's name, text and values. */
export type Bind = <P extends object>(query: Query<P, unknown>, params: P) => QueryConfig

/** Makes the binder, which gives every query its name when it is first used. */
export function openStatements(): Bind {
  const named = new Map<object, Named>()

  const name = (query: { compile: Query<object, unknown>['compile'] }): Named => {
    assert(
      named.size < limits.preparedStatementsMax,
      'queries are declared once, not made for every call',
    )
    const { sql, order } = query.compile('postgres')
    const made = { name: `fermata_${named.size}`, text: sql, order }
    named.set(query, made)
    return made
  }

  return (query, params) => {
    const { name: statement, text, order } = named.get(query) ?? name(query)
    const given = params as Readonly<Record<string, SqlValue | undefined>>
    const values = order.map((slot) => {
      if ('value' in slot) return slot.value
      const value = given[slot.name]
      if (value === undefined) assert(false, `the parameter ${slot.name} must be given`)
      return value
    })
    return { name: statement, text, values }
  }
}
