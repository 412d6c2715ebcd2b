import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { assert } from '@fermata/base/assert'
import type { Built, CompiledStatement, Dialect, Query } from './port.ts'

/** Stands in a statement for a value that is given when it runs. */
class Placeholder {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

const compilers: Record<Dialect, Kysely<unknown>> = {
  sqlite: new Kysely<unknown>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  postgres: new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
}

/** Hands out one placeholder for each parameter that the builder names. */
function placeholders<Params extends object>(): Params {
  return new Proxy({} as Params, { get: (_, name) => new Placeholder(String(name)) })
}

function place(value: unknown): CompiledStatement['order'][number] {
  if (value instanceof Placeholder) return { name: value.name }
  const constant =
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    value instanceof Uint8Array
  assert(constant, 'a constant in a statement is a text, a number, bytes or null')
  return { value }
}

/**
 * Declares statements over a room's tables: `const query = queriesOver<Tables>()`, then
 * `query<{ id: Uint8Array }>()((db, p) => db.selectFrom('teams').selectAll().where('id', '=', p.id))`.
 * The builder runs once for each database; `p.name` stands for the parameter `name`, so the builder
 * must not look at its values. Lists of varying length go in as JSON text, see `inJsonList`.
 */
export function queriesOver<DB>(): <Params extends object = Record<never, never>>() => <Row>(
  build: (db: Kysely<DB>, p: Params, dialect: Dialect) => Built<Row>,
) => Query<Params, Row> {
  return <Params extends object>() =>
    <Row>(build: (db: Kysely<DB>, p: Params, dialect: Dialect) => Built<Row>) => {
      const compiled: Partial<Record<Dialect, CompiledStatement>> = {}
      return {
        compile(dialect) {
          const known = compiled[dialect]
          if (known !== undefined) return known
          const db = compilers[dialect] as unknown as Kysely<DB>
          const { sql, parameters } = build(db, placeholders<Params>(), dialect).compile()
          return (compiled[dialect] = { sql, order: parameters.map(place) })
        },
      }
    }
}
