/** The table of this room. */
export interface RepliesTables {
  replies: ReplyTable
}

export interface ReplyTable {
  workspace: Uint8Array
  id: Uint8Array
  title: string
  shortcut: string
  body: string
  /** Whose own it is; null when it is shared. It never changes, so that nobody's own words come to others. */
  owner: Uint8Array | null
  created_at: number
  created_by: string
  removed_at: number | null
  /** How often it was sent, when last, and by whom in text form. */
  uses: number
  used_at: number | null
  used_by: string | null
}
