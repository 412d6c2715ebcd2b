import { queriesOver } from '@fermata/storage/query'
import type { AccountsTables, SessionTable } from './tables.ts'

const query = queriesOver<AccountsTables>()

export const insertSession = query<SessionTable>()((db, p) =>
  db.insertInto('sessions').values({
    workspace: p.workspace,
    id: p.id,
    member: p.member,
    token_sha256: p.token_sha256,
    agent: p.agent,
    created_at: p.created_at,
    expires_at: p.expires_at,
  }),
)

/** Whose session a token opens; nothing for a member who was deactivated. */
export const memberByToken = query<{ token_sha256: Uint8Array }>()((db, p) =>
  db
    .selectFrom('sessions')
    .innerJoin('members', (join) =>
      join
        .onRef('members.workspace', '=', 'sessions.workspace')
        .onRef('members.id', '=', 'sessions.member'),
    )
    .select([
      'sessions.workspace',
      'sessions.id as session',
      'sessions.expires_at',
      'members.id',
      'members.name',
      'members.role',
    ])
    .where('sessions.token_sha256', '=', p.token_sha256)
    .where('members.deactivated_at', 'is', null),
)

/** A member's sessions that still hold, oldest first. */
export const sessionsOfMember = query<{
  workspace: Uint8Array
  member: Uint8Array
  now: number
}>()((db, p) =>
  db
    .selectFrom('sessions')
    .select(['id', 'agent', 'created_at'])
    .where('workspace', '=', p.workspace)
    .where('member', '=', p.member)
    .where('expires_at', '>', p.now)
    .orderBy('id'),
)

export const deleteSession = query<{
  workspace: Uint8Array
  member: Uint8Array
  id: Uint8Array
}>()((db, p) =>
  db
    .deleteFrom('sessions')
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id)
    .where('member', '=', p.member),
)

/** Removes what is left of a member's sessions that have run out. */
export const deleteExpiredSessions = query<{
  workspace: Uint8Array
  member: Uint8Array
  now: number
}>()((db, p) =>
  db
    .deleteFrom('sessions')
    .where('workspace', '=', p.workspace)
    .where('member', '=', p.member)
    .where('expires_at', '<=', p.now),
)

/** The library's user of a member, with dates as the library writes them. */
export const insertAuthUser = query<{
  id: string
  name: string
  email: string
  at: string
}>()((db, p) =>
  db.insertInto('auth_user').values({
    id: p.id,
    name: p.name,
    email: p.email,
    email_verified: 0,
    created_at: p.at,
    updated_at: p.at,
  }),
)

/** The library's record of a member's password: account and user share the id. */
export const insertAuthAccount = query<{ id: string; password: string; at: string }>()((db, p) =>
  db.insertInto('auth_account').values({
    id: p.id,
    account_id: p.id,
    provider_id: 'credential',
    user_id: p.id,
    password: p.password,
    created_at: p.at,
    updated_at: p.at,
  }),
)

export const storedPassword = query<{ user: string }>()((db, p) =>
  db
    .selectFrom('auth_account')
    .select('password')
    .where('user_id', '=', p.user)
    .where('provider_id', '=', 'credential'),
)

/** Replaces a password, unless somebody else just did. */
export const replacePassword = query<{
  user: string
  former: string
  password: string
  at: string
}>()((db, p) =>
  db
    .updateTable('auth_account')
    .set({ password: p.password, updated_at: p.at })
    .where('user_id', '=', p.user)
    .where('provider_id', '=', 'credential')
    .where('password', '=', p.former),
)

/** The library begins a session whenever a password was right; ours takes its place. */
export const deleteAuthSessions = query<{ user: string }>()((db, p) =>
  db.deleteFrom('auth_session').where('user_id', '=', p.user),
)

export const insertSetupLink = query<{ token_sha256: Uint8Array; expires_at: number }>()((db, p) =>
  db.insertInto('setup_links').values({ token_sha256: p.token_sha256, expires_at: p.expires_at }),
)

/** Removes the links, but never the mark that set-up is done, which expires at 0. */
export const deleteSetupLinks = query()((db) =>
  db.deleteFrom('setup_links').where('expires_at', '>', 0),
)

/** Uses a set-up link up; changes no row when there is none or it has run out. */
export const takeSetupLink = query<{ token_sha256: Uint8Array; now: number }>()((db, p) =>
  db
    .deleteFrom('setup_links')
    .where('token_sha256', '=', p.token_sha256)
    .where('expires_at', '>', p.now),
)

/** Whether a set-up link holds. */
export const setupLink = query<{ token_sha256: Uint8Array; now: number }>()((db, p) =>
  db
    .selectFrom('setup_links')
    .select('expires_at')
    .where('token_sha256', '=', p.token_sha256)
    .where('expires_at', '>', p.now),
)
