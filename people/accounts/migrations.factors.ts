import type { ColumnTypes, Migration } from '@fermata/storage/port'

/** Resets of passwords, and the second factor. */
export const factorMigrations: readonly Migration[] = [
  { id: '0015-resets', statements: resets },
  { id: '0016-second-factor', statements: factors },
]

/** A link that was used leaves no row. */
function resets({ id, int, bytes }: ColumnTypes): readonly string[] {
  return [
    `create table resets (
      token_sha256 ${bytes} not null primary key,
      workspace ${id} not null,
      member ${id} not null,
      expires_at ${int} not null
    )`,
    'create index resets_of_member on resets (workspace, member)',
    'create index resets_by_end on resets (expires_at)',
  ]
}

function factors({ id, int, bytes }: ColumnTypes): readonly string[] {
  return [
    `create table second_factors (
      workspace ${id} not null,
      member ${id} not null,
      seed_sealed ${bytes} not null,
      created_at ${int} not null,
      confirmed_at ${int},
      last_step ${int} not null,
      primary key (workspace, member)
    )`,
    `create table recovery_codes (
      workspace ${id} not null,
      member ${id} not null,
      code_sha256 ${bytes} not null,
      primary key (workspace, member, code_sha256)
    )`,
  ]
}
