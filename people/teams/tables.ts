/** The tables of this room. Rooms downstream may read them in a join, and write none of them. */
export interface TeamsTables {
  teams: TeamTable
  team_members: TeamMemberTable
}

export interface TeamTable {
  workspace: Uint8Array
  id: Uint8Array
  name: string
  created_at: number
  /** How long its leases last from their holder's last act. */
  lease_ms: number
}

export interface TeamMemberTable {
  workspace: Uint8Array
  team: Uint8Array
  member: Uint8Array
  joined_at: number
  /** Who put them in, in text form. */
  joined_by: string
}
