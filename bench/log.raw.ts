import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const fileBytes = 128 * 2 ** 20
const pageBytes = 4_096

/** A file whose blocks were all written before, to be written over again and again. */
export interface RawFile {
  /** Writes and flushes groups of so many bytes, one after the other; answers how many a second. */
  groupsPerSecond(groupBytes: number, ms: number): number
  remove(): void
}

/** Makes the file beside the folders of the logs. */
export function openRawFile(): RawFile {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-raw-'))
  const file = openSync(join(folder, 'raw'), 'w')
  const bytes = Buffer.alloc(2 ** 23, 1)
  for (let at = 0; at < fileBytes; at += bytes.length) writeSync(file, bytes, 0, bytes.length, at)
  fdatasyncSync(file)
  return {
    groupsPerSecond(groupBytes, ms) {
      const size = Math.min(bytes.length, Math.ceil(groupBytes / pageBytes) * pageBytes)
      const sinceMs = performance.now()
      let [groups, at] = [0, 0]
      while (performance.now() - sinceMs < ms) {
        if (at + size > fileBytes) at = 0
        writeSync(file, bytes, 0, size, at)
        fdatasyncSync(file)
        at += size
        groups += 1
      }
      return (groups * 1_000) / (performance.now() - sinceMs)
    },
    remove() {
      closeSync(file)
      rmSync(folder, { recursive: true })
    },
  }
}
