import type { Visibility } from '@fermata/contract/words'
import type { TeamsTables } from '../teams/index.ts'

/** The table of this room, and those of teams that decide who sees which inbox. */
export interface PlacesTables extends Pick<TeamsTables, 'team_members'> {
  inboxes: InboxTable
  channels: ChannelTable
  channel_members: ChannelMemberTable
}

/** A channel. Ids of members are 16 bytes. */
export interface ChannelTable {
  workspace: Uint8Array
  id: Uint8Array
  name: string
  purpose: string
  visibility: Visibility
  members: number
  created_at: number
  created_by: Uint8Array
  /** When it was put out of use, and by whom; null while it is in use. */
  archived_at: number | null
  archived_by: Uint8Array | null
}

/** Somebody is in a channel. */
export interface ChannelMemberTable {
  workspace: Uint8Array
  channel: Uint8Array
  member: Uint8Array
  joined_at: number
  joined_by: Uint8Array
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
