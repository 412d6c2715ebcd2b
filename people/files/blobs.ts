import type { Readable } from 'node:stream'
import type { FileId } from '@fermata/base/ids'

/** What a blob is called: the file that it came with, or the small picture of that file. */
export type BlobName = FileId | `${FileId}.small`

/** A run of bytes: from the first to the last, both counted from 0 and included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** What is known of an upload once all of it has come. */
export interface Sealed {
  /** SHA-256 of all its bytes. */
  readonly hash: Uint8Array
  /** Its first bytes, at most `headBytes` of them. */
  readonly head: Uint8Array
}

/** How many of a file's first bytes tell what it is. */
export const headBytes = 4_096

/**
 * Where the bytes of files lie. A blob is written once, from its first byte to its last, and never
 * changes after that; its name is never used again. Everything that was answered is on disk.
 */
export interface Blobs {
  /** How many bytes of an upload are on disk; 0 for one that nothing has come of. */
  size(file: FileId): Promise<number>
  /**
   * Adds what comes to an upload that has `at` bytes, and answers how many it has then. When the source
   * breaks off, what came before is kept and the error thrown on; when it throws `Unwanted`, nothing
   * of this call is kept. Throws `BlobsFull` when there is no room. One call at a time for an upload.
   */
  append(file: FileId, at: number, source: AsyncIterable<Uint8Array>): Promise<number>
  /** Ends an upload of so many bytes: from now on it can be read. Doing it again gives the same. */
  seal(file: FileId, bytes: number): Promise<Sealed>
  /** Keeps something small as a whole; what had the name before is replaced. */
  put(name: BlobName, bytes: Uint8Array): Promise<void>
  /** Reads a sealed blob, or a run of its bytes that it has. Rejects with `BlobAbsent`. */
  read(name: BlobName, range?: ByteRange): Promise<Readable>
  /** Removes a blob or an upload with all that is kept of it. Absent is fine. */
  remove(name: BlobName): Promise<void>
}

/** Thrown by a source whose bytes must not be kept. */
export class Unwanted extends Error {
  override readonly name = 'Unwanted'
}

/** There is no blob of this name. */
export class BlobAbsent extends Error {
  override readonly name = 'BlobAbsent'
}

/** The disk, or the object store, has no room. */
export class BlobsFull extends Error {
  override readonly name = 'BlobsFull'
}
