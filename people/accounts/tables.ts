/** The tables of this room, as its queries see them. */
export interface AccountsTables {
  workspaces: {
    id: Uint8Array
    name: string
    created_at: number
    /** Counted up by actions that must not run beside each other in one workspace. */
    locks: number
  }
  members: MemberTable
  roles: RoleTable
  sessions: SessionTable
  apps: AppTable
  app_tokens: AppTokenTable
  invitations: InvitationTable
  letters: LetterTable
  resets: ResetTable
  second_factors: SecondFactorTable
  recovery_codes: { workspace: Uint8Array; member: Uint8Array; code_sha256: Uint8Array }
  setup_links: { token_sha256: Uint8Array; expires_at: number }
  auth_user: {
    id: string
    name: string
    email: string
    email_verified: number
    created_at: string
    updated_at: string
  }
  auth_session: { id: string; user_id: string }
  auth_account: {
    id: string
    account_id: string
    provider_id: string
    user_id: string
    password: string | null
    created_at: string
    updated_at: string
  }
}

export interface MemberTable {
  workspace: Uint8Array
  id: Uint8Array
  name: string
  email: string
  /** The address as it is compared. */
  email_key: string
  /** One of the usual roles, or the id of one of the workspace's own. */
  role: string
  created_at: number
  deactivated_at: number | null
  /** Who deactivated them, in text form. */
  deactivated_by: string | null
}

/** A role that the workspace made itself. */
export interface RoleTable {
  workspace: Uint8Array
  id: Uint8Array
  name: string
  /** A JSON list. */
  permissions: string
  created_at: number
  /** Who made and who removed it, in text form. */
  created_by: string
  removed_at: number | null
  removed_by: string | null
}

export interface SessionTable {
  workspace: Uint8Array
  id: Uint8Array
  member: Uint8Array
  token_sha256: Uint8Array
  agent: string
  created_at: number
  expires_at: number
}

export interface AppTable {
  workspace: Uint8Array
  id: Uint8Array
  name: string
  /** A JSON list. */
  scopes: string
  created_at: number
  /** Who added and who removed it, in text form. */
  created_by: string
  removed_at: number | null
  removed_by: string | null
}

/** One of an app's tokens; a revoked one has no row. */
export interface AppTokenTable {
  workspace: Uint8Array
  id: Uint8Array
  app: Uint8Array
  token_sha256: Uint8Array
  /** What SCRAM needs (RFC 5803); null for tokens older than it. */
  scram_sha256: string | null
  scram_sha512: string | null
  created_at: number
  created_by: string
  /** When it runs out, once another has taken its place. */
  expires_at: number | null
}

export interface InvitationTable {
  workspace: Uint8Array
  id: Uint8Array
  email: string
  email_key: string
  role: string
  token_sha256: Uint8Array
  created_at: number
  created_by: string
  expires_at: number
  /** When and by whom it was accepted or revoked, in text form. */
  ended_at: number | null
  ended_by: string | null
  /** 1 for one that was accepted. */
  accepted: number
}

/** What is to be sent by mail. */
export interface LetterTable {
  workspace: Uint8Array
  id: Uint8Array
  kind: string
  recipient: string
  /** The invitation, or the member, in text form. */
  about: string
  token_sealed: Uint8Array
  created_at: number
  expires_at: number
  sent_at: number | null
}

export interface ResetTable {
  token_sha256: Uint8Array
  workspace: Uint8Array
  member: Uint8Array
  expires_at: number
}

/** A member's second factor; not in use before it was confirmed. */
export interface SecondFactorTable {
  workspace: Uint8Array
  member: Uint8Array
  seed_sealed: Uint8Array
  created_at: number
  confirmed_at: number | null
  /** The last step of 30 seconds whose code was used. */
  last_step: number
}
