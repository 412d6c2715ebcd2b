/**
 * The disk as the log needs it. What was written is on disk after `flush` has resolved; what was
 * made, renamed or removed in a folder, after `flushFolder` has. Before that a power cut may keep
 * any part of it, in any order, torn at the size of a sector. Paths use `/` and lie below the log's folder, which is the empty path.
 */
export interface Disk {
  /** Opens a file for reading and writing. With `create`, makes it, empty, unless it is there. */
  open(path: string, options?: { readonly create?: boolean }): Promise<DiskFile>
  /**
   * Opens a file whose writes are flushed one by one, by a thread that does nothing else. The file
   * must be there and hold `bytes` already: nothing is ever written beyond.
   */
  openFlushed(path: string): Promise<FlushedFile>
  /** What a folder holds, in the order of the names. An absent folder is an error. */
  list(folder: string): Promise<readonly DiskEntry[]>
  /** Makes a folder, with those above it; one that is there is left alone. */
  makeFolder(folder: string): Promise<void>
  /** Renames a file or folder; a file that had the name is replaced, in one step. */
  rename(from: string, to: string): Promise<void>
  /** Removes a file, or a folder with all that it holds. Absent is fine. */
  remove(path: string): Promise<void>
  flushFolder(folder: string): Promise<void>
}

/** A file or a folder in a folder. */
export interface DiskEntry {
  readonly name: string
  readonly bytes: number
  readonly isFolder: boolean
}

/** An open file. Every call fails with a `DiskFailure`. */
export interface DiskFile {
  /** Up to `bytes` bytes; fewer at the end of the file. The answer is the caller's. */
  read(position: number, bytes: number): Promise<Uint8Array>
  /** Writes all parts one after the other. When it fails, any of it may have been written. */
  write(position: number, parts: readonly Uint8Array[]): Promise<void>
  flush(): Promise<void>
  truncate(bytes: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

/** An open file that knows one operation: write and flush. */
export interface FlushedFile {
  /** Writes the parts and flushes them; resolves when they are on disk. One call at a time. */
  put(position: number, parts: readonly Uint8Array[]): Promise<void>
  close(): Promise<void>
}

/** Why the disk did not do what it was told. */
export type DiskFailureCode =
  /** No room, or a quota is reached (ENOSPC, EDQUOT, EFBIG). */
  | 'disk_full'
  /** No descriptor is free (EMFILE, ENFILE). */
  | 'files_exhausted'
  /** ENOENT. */
  | 'absent'
  /** EROFS, EACCES, EPERM. */
  | 'disk_read_only'
  /** Whatever else, every failed flush among it: what is on disk is no longer known. */
  | 'failed'

/** The disk did not do what it was told. */
export class DiskFailure extends Error {
  override readonly name = 'DiskFailure'
  readonly code: DiskFailureCode

  constructor(code: DiskFailureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
