import type { ColumnTypes, Migration } from '@fermata/storage/port'
import { accessMigrations } from './migrations.access.ts'
import { factorMigrations } from './migrations.factors.ts'

/** Workspaces, who belongs to them, and how they sign in. */
export const accountsMigrations: readonly Migration[] = [
  {
    id: '0010-accounts',
    statements: (column) => [
      ...people(column),
      ...doors(column),
      // The tables of better-auth 1.7, with the columns that its core schema names.
      ...signIn(column),
    ],
  },
  ...accessMigrations,
  ...factorMigrations,
]

function people({ id, int, text }: ColumnTypes): readonly string[] {
  return [
    `create table workspaces (
      id ${id} not null primary key,
      name ${text} not null,
      created_at ${int} not null,
      locks ${int} not null default 0
    )`,
    `create table members (
      workspace ${id} not null,
      id ${id} not null,
      name ${text} not null,
      email ${text} not null,
      email_key ${text} not null,
      role ${text} not null,
      created_at ${int} not null,
      deactivated_at ${int},
      deactivated_by ${text},
      primary key (workspace, id)
    )`,
    'create unique index members_by_email on members (email_key, workspace)',
  ]
}

function doors({ id, int, text, bytes }: ColumnTypes): readonly string[] {
  return [
    `create table sessions (
      workspace ${id} not null,
      id ${id} not null,
      member ${id} not null,
      token_sha256 ${bytes} not null,
      agent ${text} not null,
      created_at ${int} not null,
      expires_at ${int} not null,
      primary key (workspace, id)
    )`,
    'create unique index sessions_by_token on sessions (token_sha256)',
    'create index sessions_of_member on sessions (workspace, member)',
    `create table apps (
      workspace ${id} not null,
      id ${id} not null,
      name ${text} not null,
      token_sha256 ${bytes} not null,
      scopes ${text} not null,
      created_at ${int} not null,
      created_by ${text} not null,
      removed_at ${int},
      removed_by ${text},
      primary key (workspace, id)
    )`,
    'create unique index apps_by_token on apps (token_sha256)',
    `create table setup_links (
      token_sha256 ${bytes} not null primary key,
      expires_at ${int} not null
    )`,
  ]
}

function signIn({ dialect, text }: ColumnTypes): readonly string[] {
  const date = dialect === 'sqlite' ? 'text' : 'timestamptz'
  const truth = dialect === 'sqlite' ? 'integer' : 'boolean'
  return [
    `create table auth_user (
      id ${text} not null primary key,
      name ${text} not null,
      email ${text} not null unique,
      email_verified ${truth} not null,
      image ${text},
      created_at ${date} not null,
      updated_at ${date} not null
    )`,
    `create table auth_session (
      id ${text} not null primary key,
      expires_at ${date} not null,
      token ${text} not null unique,
      created_at ${date} not null,
      updated_at ${date} not null,
      ip_address ${text},
      user_agent ${text},
      user_id ${text} not null references auth_user (id) on delete cascade
    )`,
    'create index auth_session_of_user on auth_session (user_id)',
    `create table auth_account (
      id ${text} not null primary key,
      account_id ${text} not null,
      provider_id ${text} not null,
      user_id ${text} not null references auth_user (id) on delete cascade,
      access_token ${text},
      refresh_token ${text},
      id_token ${text},
      access_token_expires_at ${date},
      refresh_token_expires_at ${date},
      scope ${text},
      password ${text},
      created_at ${date} not null,
      updated_at ${date} not null
    )`,
    'create index auth_account_of_user on auth_account (user_id)',
    `create table auth_verification (
      id ${text} not null primary key,
      identifier ${text} not null,
      value ${text} not null,
      expires_at ${date} not null,
      created_at ${date} not null,
      updated_at ${date} not null
    )`,
    'create index auth_verification_by_identifier on auth_verification (identifier)',
  ]
}
