/** A file, from when it is announced to when it is erased. Ids are 16 bytes, times ms. */
export interface FileTable {
  workspace: Uint8Array
  id: Uint8Array
  /** Who uploads it, in text form. */
  owner: string
  name: string
  bytes: number
  /** SHA-256 of what has come, once all of it has; until then null. */
  hash: Uint8Array | null
  /** The message that carries it; null until there is one. */
  message: Uint8Array | null
  /** Who keeps it from being forgotten until a message carries it; null: nobody. */
  keeper: string | null
  made_at: number
  /** When something came of it last, in ms. */
  touched_at: number
}

/** What files of the same content share. */
export interface BlobTable {
  workspace: Uint8Array
  hash: Uint8Array
  /** The file that it came with, under whose id its bytes lie. */
  file: Uint8Array
  bytes: number
  type: string
  width: number | null
  height: number | null
  /** How many bytes the small picture of it has; 0 when there is none. */
  small: number
}

/** How many bytes a workspace holds: its blobs, and its open uploads at their full length. */
export interface UsageTable {
  workspace: Uint8Array
  bytes: number
}

/** Bytes that nothing refers to any more, and that are still to be removed. */
export interface TrashTable {
  file: Uint8Array
}

export interface FilesTables {
  files: FileTable
  file_blobs: BlobTable
  file_usage: UsageTable
  file_trash: TrashTable
}
