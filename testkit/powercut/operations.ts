/** A file as the disk knows it: names come and go, it stays the same. */
export type FileNumber = number

/** What a system call did to the disk. */
export type DiskChange =
  | {
      readonly kind: 'write'
      readonly file: FileNumber
      readonly offset: number
      readonly data: Buffer
    }
  | { readonly kind: 'truncate'; readonly file: FileNumber; readonly size: number }
  /** A name in a folder now means this file; `from` is the name that it had before, if it was moved. */
  | {
      readonly kind: 'name'
      readonly path: string
      readonly file: FileNumber
      readonly from: string | null
    }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string }

/** A change with its place in the recording. */
export interface DiskOperation {
  readonly change: DiskChange
  /** It may have had an effect when the power is cut after this line. */
  readonly begun: number
  readonly ended: number
  /**
   * The line at which a flush ended that had begun after this operation ended: from there on it is on
   * disk. Infinity when nobody flushed it.
   */
  durable: number
}

/** Bytes that left the process: to a client, or to its standard output (streams 1 and 2). */
export interface SentBytes {
  readonly stream: number
  /** Whoever looks after this line must count with the bytes having been seen. */
  readonly begun: number
  readonly data: Buffer
}

/** A file that stood in the folder before the recording began, all of it on disk. */
export interface BaseFile {
  readonly file: FileNumber
  readonly path: string
  readonly data: Buffer
}

/** Everything that a process did to one folder, and what it told the world meanwhile. */
export interface Recording {
  /** What was there before. */
  readonly base: readonly BaseFile[]
  /** In the order in which they ended. */
  readonly operations: readonly DiskOperation[]
  /** In the order in which they ended. */
  readonly sent: readonly SentBytes[]
  /** The lines of the recording: cuts lie between 0 and this. */
  readonly lines: number
  /** Flushes that succeeded, of files and of folders. */
  readonly flushes: number
}
