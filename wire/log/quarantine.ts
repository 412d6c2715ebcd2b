import type { Disk } from './disk.ts'
import { DiskFailure } from './disk.ts'

/** The folder of what was damaged: nothing in it is read by the log, and nothing is ever removed from it. */
export const quarantineFolder = 'quarantine'

/** Part of a file. */
export interface Range {
  readonly at: number
  readonly bytes: number
}

/** Copies part of a file into a side file that is named after it, once. It is a copy, so it is not flushed. */
export async function setAside(disk: Disk, path: string, { at, bytes }: Range): Promise<void> {
  if (bytes <= 0) return
  await disk.makeFolder(quarantineFolder)
  const name = `${quarantineFolder}/${path.replaceAll('/', '_')}-${at}`
  try {
    const source = await disk.open(path)
    try {
      const copied = await source.read(at, bytes)
      if (copied.length === 0) return
      const file = await disk.open(name, { create: true })
      try {
        await file.write(0, [copied])
        await file.flush()
      } finally {
        await file.close()
      }
    } finally {
      await source.close()
    }
    await disk.flushFolder(quarantineFolder)
  } catch (error) {
    // On a full disk the log must start nevertheless; what would be copied stays where it is until it is written over.
    if (error instanceof DiskFailure && error.code !== 'failed') return
    throw error
  }
}
