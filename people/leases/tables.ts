import type { LeaseBegin, LeaseEnd } from '@fermata/contract/words'

/** The tables of this room. Rooms downstream may read them in a join, and write none of them. */
export interface LeasesTables {
  leases: LeaseTable
  lease_holdings: HoldingTable
}

/** The lease of a subject as it is. Without a holder only `token` says something. */
export interface LeaseTable {
  subject: Uint8Array
  workspace: Uint8Array
  /** How often it has been given. */
  token: number
  /** Who holds it, in text form. */
  holder: string | null
  holder_name: string
  since: number
  until: number
  span_ms: number
  note: string
  /** Who wrote the note; null when there is none. */
  note_by: string | null
  note_by_name: string
  /** The id that the holder's client gave to the taking, so that a repeat is known as one. */
  client: Uint8Array | null
}

/** Somebody's time with a lease. */
export interface HoldingTable {
  subject: Uint8Array
  token: number
  workspace: Uint8Array
  holder: string
  holder_name: string
  began_at: number
  began_why: LeaseBegin
  began_by: string
  note: string
  ended_at: number | null
  ended_why: LeaseEnd | null
  /** Who ended it; null also when its time did. */
  ended_by: string | null
  reason: string
}
