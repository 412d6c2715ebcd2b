import type { TeamsTables } from '../teams/index.ts'

/** The table of this room, and those of teams that decide who sees which inbox. */
export interface PlacesTables extends Pick<TeamsTables, 'team_members'> {
  inboxes: InboxTable
}

export interface InboxTable {
  workspace: Uint8Array
  id: Uint8Array
  name: string
  medium: string
  /** The team that sees it; null for every member. */
  team: Uint8Array | null
  /** Stands in the widget's snippet for everybody to read. */
  public_key: string
  greeting: string
  /** A JSON list. */
  origins: string
  answer_low: number | null
  answer_normal: number | null
  answer_high: number | null
  answer_urgent: number | null
  /** The identity secret, sealed for this inbox. */
  secret_sealed: Uint8Array
  created_at: number
  /** Who added it, in text form. */
  created_by: string
}

/** An inbox without its secret. */
export type InboxRow = Omit<InboxTable, 'secret_sealed' | 'created_by'>
