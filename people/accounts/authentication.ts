import { idText } from '@fermata/base/ids'
import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type { Caller, MemberActor } from '@fermata/contract/actors'
import type { ReadTx, Storage, StoredEvent } from '@fermata/storage/port'
import { permissionsOf } from './role.ts'
import { scopesOf } from './views.ts'
import { appByToken } from './store.tokens.sql.ts'
import { memberByToken } from './store.sign-in.sql.ts'
import { tokenHash, type TokenPrefix } from './token.ts'

/** Whom a token stands for, and until when (ms); null when it does not run out. */
export interface Known {
  readonly caller: Caller
  readonly expiresAt: number | null
}

/** Looks up the tokens of one kind, by their SHA-256. */
export interface BearerLookup {
  readonly prefix: TokenPrefix
  find(tx: ReadTx, hash: Uint8Array): Promise<Known | undefined>
}

/** What a request brings to say who it is from. */
export interface Credential {
  /** The value of the session cookie. */
  readonly cookie?: string | null
  /** The token of the header `Authorization: Bearer …`; when it is there, the cookie is not looked at. */
  readonly bearer?: string | null
}

/** Tells who is asking. */
export interface Authentication {
  /** Who this is; null for nobody: an unknown, expired or revoked credential, or none. */
  authenticate(credential: Credential): Promise<Caller | null>
  /**
   * Forgets what an event makes untrue, so that a revocation holds at once on this server. An entry
   * is never older than `authenticationCacheMs` anyway, so that it holds within a second even
   * where the event comes late or from another server.
   */
  forget(event: Pick<StoredEvent, 'type' | 'only' | 'body'>): void
  /** How many credentials are remembered. */
  remembered(): number
}

interface Entry {
  readonly known: Known
  /** Monotonic ms. */
  readonly readAt: number
}

/** A token of ours is 47 characters; whatever is much longer is none, and is not even hashed. */
const tokenCharsMax = 100

/** Makes the look-up with its bounded memory, over all kinds of tokens. */
export function authentication(deps: {
  readonly storage: Storage
  readonly clock: Clock
  readonly bearers: readonly BearerLookup[]
}): Authentication {
  const { storage, clock } = deps
  const bearers = [appTokens, ...deps.bearers]
  // Oldest first: a Map keeps the order in which its keys were set.
  const entries = new Map<string, Entry>()
  const tokensOf = new Map<string, Set<string>>()
  let forgotten = 0

  function drop(token: string): void {
    const entry = entries.get(token)
    if (entry === undefined) return
    entries.delete(token)
    const tokens = tokensOf.get(entry.known.caller.id)
    tokens?.delete(token)
    if (tokens?.size === 0) tokensOf.delete(entry.known.caller.id)
  }

  function remember(token: string, known: Known, readAt: number): void {
    drop(token)
    entries.set(token, { known, readAt })
    const tokens = tokensOf.get(known.caller.id)
    if (tokens === undefined) tokensOf.set(known.caller.id, new Set([token]))
    else tokens.add(token)
    if (entries.size <= limits.authenticationCacheEntriesMax) return
    for (const oldest of entries.keys()) {
      drop(oldest)
      break
    }
  }

  /** What a role allows has changed: whoever has it is looked up anew. */
  function forgetRole({ body }: Pick<StoredEvent, 'body'>): void {
    const { role } = JSON.parse(body) as { role: string }
    forgotten += 1
    for (const [token, { known }] of entries) {
      if (known.caller.kind === 'member' && known.caller.role === role) drop(token)
    }
  }

  function holds(known: Known): boolean {
    return known.expiresAt === null || known.expiresAt > clock.now()
  }

  async function look(token: string, lookup: BearerLookup): Promise<Caller | null> {
    const entry = entries.get(token)
    if (entry !== undefined && clock.monotonic() - entry.readAt < limits.authenticationCacheMs) {
      return holds(entry.known) ? entry.known.caller : null
    }
    const readAt = clock.monotonic()
    const before = forgotten
    const known = await storage.read((tx) => lookup.find(tx, tokenHash(token)))
    if (known === undefined || !holds(known)) {
      drop(token)
      return null
    }
    // What was read before an event must not be remembered after it.
    if (before === forgotten) remember(token, known, readAt)
    return known.caller
  }

  return {
    async authenticate({ cookie, bearer }) {
      const token = bearer ?? cookie
      if (typeof token !== 'string' || token.length > tokenCharsMax) return null
      if (typeof bearer !== 'string') {
        return token.startsWith(sessionTokens.prefix) ? look(token, sessionTokens) : null
      }
      const lookup = bearers.find(({ prefix }) => token.startsWith(prefix))
      return lookup === undefined ? null : look(token, lookup)
    },
    forget(event) {
      if (event.type === 'role.changed') return forgetRole(event)
      const actor = concerned(event)
      if (actor === null) return
      forgotten += 1
      for (const token of tokensOf.get(actor) ?? []) drop(token)
    },
    remembered: () => entries.size,
  }
}

/** Whose credentials an event may change. */
function concerned({
  type,
  only,
  body,
}: Pick<StoredEvent, 'type' | 'only' | 'body'>): string | null {
  switch (type) {
    case 'session.ended':
      return only
    case 'member.changed':
      return (JSON.parse(body) as { member: string }).member
    case 'app.changed':
    case 'app.removed':
      return (JSON.parse(body) as { app: string }).app
    case 'contact.changed':
      return (JSON.parse(body) as { contact: string }).contact
    default:
      return null
  }
}

/** Sessions: their tokens come in the cookie, never as a bearer. */
const sessionTokens: BearerLookup = {
  prefix: 'fms_',
  async find(tx, hash) {
    const row = await tx.get(memberByToken, { token_sha256: hash })
    if (row === undefined) return undefined
    const caller: MemberActor = {
      kind: 'member',
      workspace: idText('wsp', row.workspace),
      id: idText('mbr', row.id),
      name: row.name,
      role: row.role as MemberActor['role'],
      permissions: await permissionsOf(tx, row.workspace, row.role),
      session: idText('ses', row.session),
    }
    return { caller, expiresAt: row.expires_at }
  },
}

const appTokens: BearerLookup = {
  prefix: 'fma_',
  async find(tx, hash) {
    const row = await tx.get(appByToken, { token_sha256: hash })
    if (row === undefined) return undefined
    return {
      caller: {
        kind: 'app',
        workspace: idText('wsp', row.workspace),
        id: idText('app', row.id),
        name: row.name,
        scopes: scopesOf(row),
      },
      expiresAt: row.expires_at,
    }
  },
}
