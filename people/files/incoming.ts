import { createHash } from 'node:crypto'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { Unwanted } from './blobs.ts'

/** What comes of an upload in one request. */
export interface Incoming {
  /** How many bytes its sender believes to have come before. */
  readonly at: number
  /** The bytes; absent when there are none to come. */
  readonly source?: AsyncIterable<Uint8Array>
  /** What the bytes of this request must come to. */
  readonly checksum?: Checksum
}

/** A checksum that came with the bytes. */
export interface Checksum {
  readonly algorithm: (typeof checksumAlgorithms)[number]
  readonly digest: Uint8Array
}

/** The algorithms that are checked, as the tus protocol names them. */
export const checksumAlgorithms = ['sha1', 'sha256'] as const

/** The bytes are not what was announced; nothing of them is kept. */
export class Excess extends Unwanted {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

/** Passes on what comes, and throws `Excess` when it is more than was announced, or not the same. */
export async function* bounded(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
  checksum: Checksum | undefined,
): AsyncGenerator<Uint8Array> {
  const digest = checksum === undefined ? undefined : createHash(checksum.algorithm)
  let left = bytesMax
  for await (const chunk of source) {
    if (chunk.length > left) {
      const message = 'More bytes came than were announced.'
      throw new Excess(refusal('too_large', { message, field: 'body', limit: bytesMax }))
    }
    left -= chunk.length
    digest?.update(chunk)
    yield chunk
  }
  if (digest !== undefined && checksum !== undefined && !digest.digest().equals(checksum.digest)) {
    throw new Excess(refusal('checksum_mismatch', { field: 'headers.upload-checksum' }))
  }
}
