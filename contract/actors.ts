import type { AppId, ContactId, InboxId, MemberId, SessionId, WorkspaceId } from '@fermata/base/ids'

/** What a member may do. The other roles of the product come with their rooms. */
export const roles = ['owner', 'agent'] as const
export type Role = (typeof roles)[number]

/** What an app's token may do. */
export const scopes = [
  'conversations:read',
  'conversations:write',
  'contacts:read',
  'contacts:write',
  'inboxes:read',
  'feed:read',
] as const
export type Scope = (typeof scopes)[number]

/** A person of the workspace who signed in. */
export interface MemberActor {
  readonly kind: 'member'
  readonly workspace: WorkspaceId
  readonly id: MemberId
  /** The name that others read. */
  readonly name: string
  readonly role: Role
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
