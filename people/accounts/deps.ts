import type { Clock } from '@fermata/base/clock'
import type { FillRandom, Ids, MemberId, WorkspaceId } from '@fermata/base/ids'
import type { Storage, WriteTx } from '@fermata/storage/port'
import type { FellowsOf } from './directory.ts'
import type { PasswordWork } from './password.ts'
import type { BearerLookup } from './authentication.ts'

/** Counts tries against a limit; `people/access` has one. */
export interface Rate {
  take(key: string): { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }
}

/** A workspace that has just been made, in the transaction that made it. */
export interface WorkspaceMade {
  readonly workspace: WorkspaceId
  readonly owner: MemberId
  readonly at: number
}

/** A member who may act no longer, in the transaction that says so. */
export interface Deactivated {
  readonly workspace: WorkspaceId
  readonly member: MemberId
  readonly at: number
  readonly by: MemberId
}

/** Seals what must be read again by a key file that lies outside the database; `people/access` does. */
export interface Seal {
  seal(secret: string, context: string): Uint8Array
  open(sealed: Uint8Array, context: string): string
}

/** What the room of accounts is built from. */
export interface AccountsDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly random: FillRandom
  /** The identity library's own secret, at least 32 characters of high entropy. */
  readonly secret: string
  /** How much work a new password's hash is; `usualWork` unless given. Tests give less. */
  readonly passwordWork?: PasswordWork
  /** Counts sign-ins by e-mail address. */
  readonly signIns: Rate
  /** Counts codes of second factors by member. */
  readonly codes: Rate
  /** Counts resets that are asked for, by e-mail address. */
  readonly resets: Rate
  /** Counts invitations by who sends them. */
  readonly invitations: Rate
  /** Seals the links that wait to be sent. */
  readonly seal: Seal
  /** The tokens of rooms downstream: who they are. */
  readonly bearers: readonly BearerLookup[]
  /** Whom a guest may see. */
  readonly fellowsOf: FellowsOf
  /** What belongs into every new workspace. */
  readonly onWorkspaceMade: (tx: WriteTx, made: WorkspaceMade) => Promise<void>
  /** What somebody must give back who is deactivated, in the same transaction. */
  readonly onDeactivated: (tx: WriteTx, gone: Deactivated) => Promise<void>
}
