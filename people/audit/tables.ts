/** The table of this room. */
export interface AuditTables {
  audit_entries: AuditTable
}

export interface AuditTable {
  workspace: Uint8Array
  id: Uint8Array
  at: number
  /** Who, in text form; null for Fermata itself, or somebody unknown. */
  actor: string | null
  actor_name: string
  address: string
  agent: string
  action: string
  /** What it was done to, in text form. */
  target: string | null
  target_name: string
  /** A JSON list. */
  changes: string
}
