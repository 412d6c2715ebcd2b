import type { AddressKind } from '@fermata/contract/words'

/** The tables of this room, as its queries see them. */
export interface ContactsTables {
  contacts: ContactTable
  visits: VisitTable
  contact_addresses: AddressTable
  contact_unions: UnionTable
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
  /** Whom a member said that they are the same person as, and who comes first of all of these. */
  joined_to: Uint8Array | null
  person: Uint8Array | null
}

/** Where a contact is reached. */
export interface AddressTable {
  workspace: Uint8Array
  id: Uint8Array
  contact: Uint8Array
  kind: AddressKind
  value: string
  /** The address as it is compared. */
  value_key: string
  verified_at: number | null
  /** When somebody put it first; the latest of its kind comes first. */
  preferred_at: number
  added_at: number
}

/** That somebody said that two contacts are one person. */
export interface UnionTable {
  workspace: Uint8Array
  id: Uint8Array
  contact: Uint8Array
  into_contact: Uint8Array
  by_id: string
  at: number
  undone_by: string | null
  undone_at: number | null
}

export interface VisitTable {
  workspace: Uint8Array
  id: Uint8Array
  contact: Uint8Array
  inbox: Uint8Array
  token_sha256: Uint8Array
  created_at: number
}
