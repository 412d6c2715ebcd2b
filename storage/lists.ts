import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Dialect } from './port.ts'

/** Ids as the one text parameter that {@link inIdList} takes. */
export function idList(ids: readonly Uint8Array[]): string {
  return JSON.stringify(ids.map((id) => Buffer.from(id).toString('hex')))
}

/**
 * Whether a column's id is one of a list. The list is one JSON text, so that a statement stays the
 * same, and stays prepared, however long the list is.
 */
export function inIdList(column: string, list: string, dialect: Dialect): RawBuilder<SqlBool> {
  return dialect === 'sqlite'
    ? sql<SqlBool>`${sql.ref(column)} in (select unhex(value) from json_each(${list}))`
    : sql<SqlBool>`${sql.ref(column)} in
        (select value::uuid from json_array_elements_text(cast(${list} as json)))`
}
