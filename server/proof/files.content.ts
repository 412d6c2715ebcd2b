import type { FileId } from '@fermata/base/ids'

/** What a file of a test holds: every byte tells which file and which place it is of. */
export function contentOf(file: FileId, bytes: number): Buffer {
  const seed = Buffer.from(file).reduce((sum, letter) => (sum * 31 + letter) >>> 0, 7)
  const content = Buffer.alloc(bytes)
  for (let at = 0; at < bytes; at++) content[at] = (seed + Math.imul(at, 40_503) + (at >> 9)) & 0xff
  return content
}
