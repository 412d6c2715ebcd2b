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
