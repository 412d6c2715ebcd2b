import type { Rights } from '../../broker/rights.ts'
import { allRights } from '../../broker/rights.ts'

/** Who stands at the other end of a connection. */
export interface Identity {
  /** By what name they are known: it is the user name of SASL, and stays when a password is renewed. */
  readonly name: string
  /** By which of their passwords they are known; null for who has shown none. */
  readonly credential: string | null
  readonly rights: Rights
  /** When the password runs out, in milliseconds since 1970; null if it does not. */
  readonly expiresAt: number | null
}

/** Somebody who has not said who they are, where that is allowed. */
export const anonymous: Identity = {
  name: 'ANONYMOUS',
  credential: null,
  rights: allRights,
  expiresAt: null,
}

/** The two hashes by which clients prove that they know a password (RFC 5802, RFC 7677). */
export type ScramHash = 'sha256' | 'sha512'

/** What a user's passwords are checked with; they share a salt. Somebody unknown has a salt too, and no keys. */
export interface ScramKeys {
  readonly salt: Uint8Array
  readonly iterations: number
  readonly keys: readonly {
    readonly storedKey: Uint8Array
    readonly serverKey: Uint8Array
    readonly identity: Identity
  }[]
}

/** Who knows users and passwords. Wherever it lives, only data passes. */
export interface Doorkeeper {
  /** Who this is; undefined for nobody. */
  plain(order: { readonly user: string; readonly password: string }): Promise<Identity | undefined>
  scram(order: { readonly user: string; readonly hash: ScramHash }): Promise<ScramKeys>
  /** Who those are now that were let in by these credentials; undefined for who is to go. */
  still(credentials: readonly string[]): Promise<readonly (Identity | undefined)[]>
}
