import type {
  AppId,
  ContactId,
  InboxId,
  MemberId,
  RoleId,
  SessionId,
  WorkspaceId,
} from '@fermata/base/ids'
import type { Permission, Role, Scope } from './permissions.ts'

export { roles, scopes, type Role, type Scope } from './permissions.ts'

/** A member's role: one of those that every workspace has, or one of its own. */
export type RoleName = Role | RoleId

/** A person of the workspace who signed in. */
export interface MemberActor {
  readonly kind: 'member'
  readonly workspace: WorkspaceId
  readonly id: MemberId
  /** The name that others read. */
  readonly name: string
  readonly role: RoleName
  /** What the role allows, as it was when they were last looked up. */
  readonly permissions: readonly Permission[]
  readonly session: SessionId
}

/** A customer, known by a visitor's token that belongs to one inbox. */
export interface ContactActor {
  readonly kind: 'contact'
  readonly workspace: WorkspaceId
  readonly id: ContactId
  /** The name that others read; empty for a visitor who has told none. */
  readonly name: string
  readonly inbox: InboxId
}

/** A program with a token. */
export interface AppActor {
  readonly kind: 'app'
  readonly workspace: WorkspaceId
  readonly id: AppId
  readonly name: string
  readonly scopes: readonly Scope[]
}

/** Fermata itself, when a time has come. */
export interface SystemActor {
  readonly kind: 'system'
  readonly workspace: WorkspaceId
}

/** Whoever asks through a door. */
export type Caller = MemberActor | ContactActor | AppActor

/** Whoever acts. */
export type Actor = Caller | SystemActor
