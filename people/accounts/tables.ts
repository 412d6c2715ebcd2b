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
  token_sha256: Uint8Array
  /** A JSON list. */
  scopes: string
  created_at: number
  /** Who added and who removed it, in text form. */
  created_by: string
  removed_at: number | null
  removed_by: string | null
}
