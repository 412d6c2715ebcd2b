/** The table of this room: only lists that a workspace has made its own. */
export interface SmallTalkTables {
  small_talk: SmallTalkTable
}

export interface SmallTalkTable {
  workspace: Uint8Array
  language: string
  /** A JSON list. */
  words: string
  changed_at: number
  /** Who changed it, in text form. */
  changed_by: string
}
