import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Dialect } from './port.ts'

/** Ids as the one parameter of a list of varying length: a JSON array of hexadecimal digits. */
export function idList(ids: readonly Uint8Array[]): string {
  return JSON.stringify(ids.map((id) => Buffer.from(id).toString('hex')))
}

/** Texts or whole numbers as the one parameter of a list of varying length. */
export function jsonList(values: readonly string[] | readonly number[]): string {
  return JSON.stringify(values)
}

/** Whether an id column is in a list made by {@link idList}: `.where(inIdList('id', p.ids, dialect))`. */
export function inIdList(column: string, list: string, dialect: Dialect): RawBuilder<SqlBool> {
  return dialect === 'sqlite'
    ? sql`${sql.ref(column)} in (select unhex(value) from json_each(${list}))`
    : sql`${sql.ref(column)} = any (array(select value::uuid from json_array_elements_text(${list}::json)))`
}

/** Whether a text column is in a list made by {@link jsonList}. */
export function inTextList(column: string, list: string, dialect: Dialect): RawBuilder<SqlBool> {
  return dialect === 'sqlite'
    ? sql`${sql.ref(column)} in (select value from json_each(${list}))`
    : sql`${sql.ref(column)} = any (array(select value from json_array_elements_text(${list}::json)))`
}

/** Whether a whole-number column is in a list made by {@link jsonList}. */
export function inIntList(column: string, list: string, dialect: Dialect): RawBuilder<SqlBool> {
  return dialect === 'sqlite'
    ? sql`${sql.ref(column)} in (select value from json_each(${list}))`
    : sql`${sql.ref(column)} = any (array(select value::bigint from json_array_elements_text(${list}::json)))`
}

/**
 * A JSON list of lists as a table: `each(p.asked)`, which the statement must call `place`, and what stands at a place of
 * each list: ids as hexadecimal digits, whole numbers, or the text as it is.
 */
export const jsonPlaces = {
  sqlite: {
    each: (list: string) => sql<{ value: string }>`json_each(${list})`,
    id: (at: number) => sql<Uint8Array>`unhex(place.value ->> ${sql.lit(at)})`,
    number: (at: number) => sql<number>`place.value ->> ${sql.lit(at)}`,
    text: (at: number) => sql<string>`place.value ->> ${sql.lit(at)}`,
  },
  postgres: {
    each: (list: string) => sql<{ value: string }>`json_array_elements(${list}::json)`,
    id: (at: number) => sql<Uint8Array>`cast(place.value ->> ${sql.lit(at)} as uuid)`,
    number: (at: number) => sql<number>`cast(place.value ->> ${sql.lit(at)} as bigint)`,
    text: (at: number) => sql<string>`place.value ->> ${sql.lit(at)}`,
  },
} as const satisfies Record<Dialect, object>

/**
 * Locks the rows that a select finds until the transaction ends, so that no other action changes
 * them in between. SQLite runs one action at a time and needs no lock.
 */
export function lockForUpdate<Builder extends { forUpdate(): Builder }>(
  select: Builder,
  dialect: Dialect,
): Builder {
  return dialect === 'postgres' ? select.forUpdate() : select
}
