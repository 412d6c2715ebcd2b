import { queriesOver } from '@fermata/storage/query'
import type { AccountsTables, ResetTable, SecondFactorTable } from './tables.ts'

const query = queriesOver<AccountsTables>()

interface MemberKey {
  workspace: Uint8Array
  member: Uint8Array
}

export const insertReset = query<ResetTable>()((db, p) =>
  db.insertInto('resets').values({
    token_sha256: p.token_sha256,
    workspace: p.workspace,
    member: p.member,
    expires_at: p.expires_at,
  }),
)

/** Whose password a link resets, as long as it holds. */
export const resetByToken = query<{ token_sha256: Uint8Array; now: number }>()((db, p) =>
  db
    .selectFrom('resets')
    .selectAll()
    .where('token_sha256', '=', p.token_sha256)
    .where('expires_at', '>', p.now),
)

/** Uses a link up; changes no row when that was done. */
export const deleteReset = query<{ token_sha256: Uint8Array }>()((db, p) =>
  db.deleteFrom('resets').where('token_sha256', '=', p.token_sha256),
)

export const deleteResetsOf = query<MemberKey>()((db, p) =>
  db.deleteFrom('resets').where('workspace', '=', p.workspace).where('member', '=', p.member),
)

export const deleteExpiredResets = query<{ now: number }>()((db, p) =>
  db.deleteFrom('resets').where('expires_at', '<=', p.now),
)

/** Sets a password, whatever it was. */
export const setPassword = query<{ user: string; password: string; at: string }>()((db, p) =>
  db
    .updateTable('auth_account')
    .set({ password: p.password, updated_at: p.at })
    .where('user_id', '=', p.user)
    .where('provider_id', '=', 'credential'),
)

export const insertFactor = query<SecondFactorTable>()((db, p) =>
  db.insertInto('second_factors').values({
    workspace: p.workspace,
    member: p.member,
    seed_sealed: p.seed_sealed,
    created_at: p.created_at,
    confirmed_at: p.confirmed_at,
    last_step: p.last_step,
  }),
)

export const factorOf = query<MemberKey>()((db, p) =>
  db
    .selectFrom('second_factors')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('member', '=', p.member),
)

export const confirmFactor = query<MemberKey & { at: number }>()((db, p) =>
  db
    .updateTable('second_factors')
    .set({ confirmed_at: p.at })
    .where('workspace', '=', p.workspace)
    .where('member', '=', p.member),
)

/** Uses the code of a step up, and all before it; changes no row when that was done. */
export const takeStep = query<MemberKey & { step: number }>()((db, p) =>
  db
    .updateTable('second_factors')
    .set({ last_step: p.step })
    .where('workspace', '=', p.workspace)
    .where('member', '=', p.member)
    .where('last_step', '<', p.step),
)

export const deleteFactor = query<MemberKey>()((db, p) =>
  db
    .deleteFrom('second_factors')
    .where('workspace', '=', p.workspace)
    .where('member', '=', p.member),
)

export const insertRecoveryCode = query<MemberKey & { code_sha256: Uint8Array }>()((db, p) =>
  db.insertInto('recovery_codes').values({
    workspace: p.workspace,
    member: p.member,
    code_sha256: p.code_sha256,
  }),
)

export const countRecoveryCodes = query<MemberKey>()((db, p) =>
  db
    .selectFrom('recovery_codes')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace', '=', p.workspace)
    .where('member', '=', p.member),
)

/** Uses a recovery code up; changes no row when it is none. */
export const takeRecoveryCode = query<MemberKey & { code_sha256: Uint8Array }>()((db, p) =>
  db
    .deleteFrom('recovery_codes')
    .where('workspace', '=', p.workspace)
    .where('member', '=', p.member)
    .where('code_sha256', '=', p.code_sha256),
)

export const deleteRecoveryCodes = query<MemberKey>()((db, p) =>
  db
    .deleteFrom('recovery_codes')
    .where('workspace', '=', p.workspace)
    .where('member', '=', p.member),
)
