import { createHash } from 'node:crypto'
import { assert } from '@fermata/base/assert'
import type { ColumnTypes, Dialect, Migration } from './port.ts'

/** The names of the column types in one database. */
export function columnTypes(dialect: Dialect): ColumnTypes {
  return dialect === 'sqlite'
    ? { dialect, id: 'blob', int: 'integer', text: 'text', bytes: 'blob' }
    : { dialect, id: 'uuid', int: 'bigint', text: 'text', bytes: 'bytea' }
}

/** A step that was taken, as the table `migrations` holds it. */
export interface AppliedMigration {
  readonly id: string
  readonly checksum: string
}

/** A step to take: its statements and the checksum to note beside its id. */
export interface PendingMigration extends AppliedMigration {
  readonly statements: readonly string[]
}

/** The data was written by another, mostly a newer version of Fermata; nothing was touched. */
export class UnknownData extends Error {
  override readonly name = 'UnknownData'
}

/** SHA-256 of a step's statements, in hexadecimal digits. */
function checksum(statements: readonly string[]): string {
  const hash = createHash('sha256')
  for (const statement of statements) hash.update(statement).update('\0')
  return hash.digest('hex')
}

/**
 * The steps that a database still needs, in order. Refuses by name a step that this version does
 * not know, and one whose text is no longer what was run then: such data is not guessed at.
 * Throws `UnknownData`.
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  dialect: Dialect,
): PendingMigration[] {
  const types = columnTypes(dialect)
  const steps = new Map<string, PendingMigration>()
  const ordered = migrations.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (const migration of ordered) {
    assert(!steps.has(migration.id), `only one migration may be called ${migration.id}`)
    const statements = migration.statements(types)
    steps.set(migration.id, { id: migration.id, checksum: checksum(statements), statements })
  }
  for (const { id, checksum: found } of applied) {
    const step = steps.get(id)
    if (step === undefined) {
      throw new UnknownData(
        `the data was written by a newer version of Fermata: it has the migration ${id}, which this version does not know`,
      )
    }
    if (step.checksum !== found) {
      throw new UnknownData(
        `the data was written by another version of Fermata: its migration ${id} is not the one that this version has`,
      )
    }
    steps.delete(id)
  }
  return [...steps.values()]
}
