import type { Kysely } from 'kysely'
import { idList, inIdList } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import type { ReadTx } from '@fermata/storage/port'
import type { AccountsTables, AppTokenTable } from './tables.ts'

const query = queriesOver<AccountsTables>()

interface AppKey {
  workspace: Uint8Array
  app: Uint8Array
}

export const insertAppToken = query<AppTokenTable>()((db, p) =>
  db.insertInto('app_tokens').values({
    workspace: p.workspace,
    id: p.id,
    app: p.app,
    token_sha256: p.token_sha256,
    scram_sha256: p.scram_sha256,
    scram_sha512: p.scram_sha512,
    created_at: p.created_at,
    created_by: p.created_by,
    expires_at: p.expires_at,
  }),
)

/** Whose token this is, and until when; nothing for an app that was removed. */
export const appByToken = query<{ token_sha256: Uint8Array }>()((db, p) =>
  db
    .selectFrom('app_tokens')
    .innerJoin('apps', (join) =>
      join
        .onRef('apps.workspace', '=', 'app_tokens.workspace')
        .onRef('apps.id', '=', 'app_tokens.app'),
    )
    .select(['apps.workspace', 'apps.id', 'apps.name', 'apps.scopes', 'app_tokens.expires_at'])
    .where('app_tokens.token_sha256', '=', p.token_sha256)
    .where('apps.removed_at', 'is', null),
)

const tokensByApps = query<{ workspace: Uint8Array; ids: string }>()((db, p, dialect) =>
  db
    .selectFrom('app_tokens')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where(inIdList('app', p.ids, dialect))
    .orderBy('id'),
)

/** The tokens of some apps, oldest first; those that ran out are there until the next one is added. */
export function tokensOfApps(
  tx: ReadTx,
  workspace: Uint8Array,
  apps: readonly Uint8Array[],
): Promise<AppTokenTable[]> {
  return tx.all(tokensByApps, { workspace, ids: idList(apps) })
}

/** Lets all tokens of an app run out at a time, unless they do so earlier. */
export const expireAppTokens = query<AppKey & { at: number }>()((db, p) =>
  db
    .updateTable('app_tokens')
    .set({ expires_at: p.at })
    .where('workspace', '=', p.workspace)
    .where('app', '=', p.app)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p.at)])),
)

export const deleteAppToken = query<AppKey & { id: Uint8Array }>()((db, p) =>
  db
    .deleteFrom('app_tokens')
    .where('workspace', '=', p.workspace)
    .where('app', '=', p.app)
    .where('id', '=', p.id),
)

export const deleteAppTokens = query<AppKey>()((db, p) =>
  db.deleteFrom('app_tokens').where('workspace', '=', p.workspace).where('app', '=', p.app),
)

/** Removes what is left of an app's tokens that have run out. */
export const deleteExpiredAppTokens = query<AppKey & { now: number }>()((db, p) =>
  db
    .deleteFrom('app_tokens')
    .where('workspace', '=', p.workspace)
    .where('app', '=', p.app)
    .where('expires_at', '<=', p.now),
)

/** The columns by which a program is known that shows a token. */
const programColumns = [
  'apps.id',
  'apps.scopes',
  'app_tokens.id as token',
  'app_tokens.scram_sha256',
  'app_tokens.scram_sha512',
  'app_tokens.expires_at',
] as const

/** One of the tokens of an app that was not removed, by its hash. */
export const programByToken = query<{ workspace: Uint8Array; token_sha256: Uint8Array }>()(
  (db, p) =>
    programs(db)
      .where('app_tokens.workspace', '=', p.workspace)
      .where('app_tokens.token_sha256', '=', p.token_sha256),
)

/** The tokens of an app that was not removed, newest first. */
export const programsOfApp = query<AppKey>()((db, p) =>
  programs(db)
    .where('app_tokens.workspace', '=', p.workspace)
    .where('app_tokens.app', '=', p.app)
    .orderBy('app_tokens.id', 'desc'),
)

/** Some tokens of apps that were not removed. */
export const programsByIds = query<{ workspace: Uint8Array; ids: string }>()((db, p, dialect) =>
  programs(db)
    .where('app_tokens.workspace', '=', p.workspace)
    .where(inIdList('app_tokens.id', p.ids, dialect)),
)

/** The workspace that the server was set up with. */
export const oldestWorkspace = query<object>()((db) =>
  db.selectFrom('workspaces').select('id').orderBy('created_at').orderBy('id').limit(1),
)

function programs(db: Kysely<AccountsTables>) {
  return db
    .selectFrom('app_tokens')
    .innerJoin('apps', (join) =>
      join
        .onRef('apps.workspace', '=', 'app_tokens.workspace')
        .onRef('apps.id', '=', 'app_tokens.app'),
    )
    .select(programColumns)
    .where('apps.removed_at', 'is', null)
}
