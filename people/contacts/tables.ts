/** The tables of this room, as its queries see them. */
export interface ContactsTables {
  contacts: ContactTable
  visits: VisitTable
}

export interface ContactTable {
  workspace: Uint8Array
  id: Uint8Array
  name: string | null
  email: string | null
  /** The address as it is compared. */
  email_key: string | null
  external_id: string | null
  identified_at: number | null
  time_zone: string | null
  locale: string | null
  created_at: number
  /** Whom this visitor turned out to be, and when that was proven. */
  merged_into: Uint8Array | null
  merged_at: number | null
}

export interface VisitTable {
  workspace: Uint8Array
  id: Uint8Array
  contact: Uint8Array
  inbox: Uint8Array
  token_sha256: Uint8Array
  created_at: number
}
