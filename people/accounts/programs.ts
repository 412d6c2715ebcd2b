import {
  bytesOf,
  idBytes,
  idText,
  type AppId,
  type TokenId,
  type WorkspaceId,
} from '@fermata/base/ids'
import type { Clock } from '@fermata/base/clock'
import type { Scope } from '@fermata/contract/actors'
import type { ReadTx, Storage } from '@fermata/storage/port'
import { saltOf, turns, verifierFrom, type ScramHash } from './scram.ts'
import {
  oldestWorkspace,
  programByToken,
  programsByIds,
  programsOfApp,
} from './store.tokens.sql.ts'
import { idList } from '@fermata/storage/lists'
import { tokenHash } from './token.ts'
import { scopesOf } from './views.ts'

/** A program that has shown one of its app's tokens. */
export interface Program {
  readonly app: AppId
  readonly token: TokenId
  readonly scopes: readonly Scope[]
  /** When the token runs out, in ms; null if it does not. */
  readonly expiresAt: number | null
}

/** What an app's tokens are checked with; they share the salt. An app that there is not has one too, and no keys. */
export interface ProgramKeys {
  readonly salt: Uint8Array
  readonly iterations: number
  readonly keys: readonly {
    readonly storedKey: Uint8Array
    readonly serverKey: Uint8Array
    readonly program: Program
  }[]
}

/**
 * Programs that sign in by name and password, as those of other protocols do: the name is the app's id, the
 * password one of its tokens. Only apps of the workspace that the server was set up with are known here.
 */
export interface Programs {
  /** That workspace; undefined while there is none. */
  workspace(): Promise<WorkspaceId | undefined>
  byToken(token: string): Promise<Program | undefined>
  keysOf(app: string, hash: ScramHash): Promise<ProgramKeys>
  /** Who those are now that hold these tokens; undefined where one is void. */
  still(tokens: readonly string[]): Promise<readonly (Program | undefined)[]>
}

interface Row {
  readonly id: Uint8Array
  readonly scopes: string
  readonly token: Uint8Array
  readonly scram_sha256: string | null
  readonly scram_sha512: string | null
  readonly expires_at: number | null
}

/** Looks programs up. Nothing is remembered, so that what is revoked is void at once. */
export function programsOf(deps: { readonly storage: Storage; readonly clock: Clock }): Programs {
  const { storage, clock } = deps
  const programOf = (row: Row): Program => ({
    app: idText('app', row.id),
    token: idText('tok', row.token),
    scopes: scopesOf(row),
    expiresAt: row.expires_at,
  })
  const holds = ({ expires_at }: Row): boolean => expires_at === null || expires_at > clock.now()
  /** Asks for rows of the first workspace, and passes over tokens that have run out. */
  const rowsOf = (
    ask: (tx: ReadTx, workspace: Uint8Array) => Promise<readonly Row[]>,
  ): Promise<readonly Row[]> =>
    storage.read(async (tx) => {
      const first = await tx.get(oldestWorkspace, {})
      return first === undefined ? [] : (await ask(tx, first.id)).filter(holds)
    })

  return {
    async workspace() {
      const first = await storage.read((tx) => tx.get(oldestWorkspace, {}))
      return first && idText('wsp', first.id)
    },
    async byToken(token) {
      const token_sha256 = tokenHash(token)
      const [row] = await rowsOf((tx, workspace) =>
        tx.all(programByToken, { workspace, token_sha256 }),
      )
      return row && programOf(row)
    },
    async keysOf(app, hash) {
      const id = app.startsWith('app_') ? idBytes(app) : undefined
      const rows =
        id === undefined
          ? []
          : await rowsOf((tx, workspace) => tx.all(programsOfApp, { workspace, app: id }))
      const kept = rows.flatMap((row) => {
        const text = hash === 'sha256' ? row.scram_sha256 : row.scram_sha512
        return text === null ? [] : [{ ...verifierFrom(text), program: programOf(row) }]
      })
      const { salt, iterations } = kept[0] ?? { salt: saltOf(hash, app), iterations: turns }
      const isShared = (one: (typeof kept)[number]): boolean =>
        one.iterations === iterations && Buffer.compare(one.salt, salt) === 0
      const keys = kept.filter(isShared).map(({ storedKey, serverKey, program }) => ({
        ...{ storedKey, serverKey, program },
      }))
      return { salt, iterations, keys }
    },
    async still(tokens) {
      const ids = idList(tokens.map((token) => bytesOf(token as TokenId)))
      const rows = await rowsOf((tx, workspace) => tx.all(programsByIds, { workspace, ids }))
      const found = new Map(rows.map((row) => [idText('tok', row.token) as string, programOf(row)]))
      return tokens.map((token) => found.get(token))
    },
  }
}
