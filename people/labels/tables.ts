/** The table of this room. */
export interface LabelsTables {
  labels: LabelTable
}

export interface LabelTable {
  workspace: Uint8Array
  /** In text form, as conversations hold it. */
  id: string
  name: string
  /** What no two labels of a workspace have in common. */
  name_key: string
  colour: string
  created_at: number
  /** Who added it, in text form. */
  created_by: string
  /** When it was removed; it may still come back. */
  removed_at: number | null
}
