import type { ColumnTypes, Migration } from '@fermata/storage/port'

/** Roles of a workspace's own, invitations, the letters that wait to be sent, and the tokens of apps. */
export const accessMigrations: readonly Migration[] = [
  { id: '0012-roles', statements: roles },
  { id: '0013-invitations', statements: (column) => [...invitations(column), ...letters(column)] },
  { id: '0014-app-tokens', statements: appTokens },
]

function roles({ id, int, text }: ColumnTypes): readonly string[] {
  return [
    `create table roles (
      workspace ${id} not null,
      id ${id} not null,
      name ${text} not null,
      permissions ${text} not null,
      created_at ${int} not null,
      created_by ${text} not null,
      removed_at ${int},
      removed_by ${text},
      primary key (workspace, id)
    )`,
    'create index members_by_role on members (workspace, role)',
  ]
}

function invitations({ id, int, text, bytes }: ColumnTypes): readonly string[] {
  return [
    `create table invitations (
      workspace ${id} not null,
      id ${id} not null,
      email ${text} not null,
      email_key ${text} not null,
      role ${text} not null,
      token_sha256 ${bytes} not null,
      created_at ${int} not null,
      created_by ${text} not null,
      expires_at ${int} not null,
      ended_at ${int},
      ended_by ${text},
      accepted ${int} not null,
      primary key (workspace, id)
    )`,
    'create unique index invitations_by_token on invitations (token_sha256)',
    'create index invitations_open on invitations (workspace, expires_at) where ended_at is null',
  ]
}

/** What is to be sent by mail; the link in it is sealed by the key file. */
function letters({ id, int, text, bytes }: ColumnTypes): readonly string[] {
  return [
    `create table letters (
      workspace ${id} not null,
      id ${id} not null,
      kind ${text} not null,
      recipient ${text} not null,
      about ${text} not null,
      token_sealed ${bytes} not null,
      created_at ${int} not null,
      expires_at ${int} not null,
      sent_at ${int},
      primary key (workspace, id)
    )`,
    'create index letters_about on letters (workspace, about)',
    'create index letters_to_send on letters (id) where sent_at is null',
  ]
}

/**
 * An app has several tokens while one takes the place of another. Those that are there keep the app's own
 * id as theirs; no verifier can be made of a hash, so they open HTTP alone.
 */
function appTokens({ id, int, text, bytes }: ColumnTypes): readonly string[] {
  return [
    `create table app_tokens (
      workspace ${id} not null,
      id ${id} not null,
      app ${id} not null,
      token_sha256 ${bytes} not null,
      scram_sha256 ${text},
      scram_sha512 ${text},
      created_at ${int} not null,
      created_by ${text} not null,
      expires_at ${int},
      primary key (workspace, id)
    )`,
    'create unique index app_tokens_by_hash on app_tokens (token_sha256)',
    'create index app_tokens_of_app on app_tokens (workspace, app)',
    `insert into app_tokens (workspace, id, app, token_sha256, created_at, created_by)
      select workspace, id, id, token_sha256, created_at, created_by from apps
      where removed_at is null`,
    'drop index apps_by_token',
    'alter table apps drop column token_sha256',
  ]
}
