import type { Clock } from '@fermata/base/clock'
import type { Migration, Storage } from './port.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

/** What the people's database needs. */
export interface StorageOptions {
  /** The data folder, which holds the embedded database. */
  readonly folder: string
  /** PostgreSQL's address (`postgres://…`); without one the embedded SQLite is used. */
  readonly databaseUrl?: string
  readonly clock: Clock
  /** The rooms' steps of the schema. */
  readonly migrations: readonly Migration[]
  /** Hears of what must end the process at once: a failed flush, a broken invariant. */
  readonly fatal: (error: Error) => void
}

/** Opens the people's database; everything it then answers from is on disk. */
export function openStorage({ databaseUrl, ...options }: StorageOptions): Promise<Storage> {
  if (databaseUrl === undefined) return openSqlite(options)
  const { clock, migrations } = options
  return openPostgres({ url: databaseUrl, clock, migrations })
}
