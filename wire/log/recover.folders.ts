import { newEntry, type Catalogue } from './catalogue.ts'
import { defaultConfig } from './defaults.ts'
import type { ReadingDisk } from './disk.reading.ts'
import { partitionsFolder } from './partition.file.ts'

/** The folders of partitions by the numbers that their names begin with. */
export async function readFolders({
  disk,
}: {
  readonly disk: ReadingDisk
}): Promise<Map<number, string>> {
  const folders = new Map<number, string>()
  for (const { name, isFolder } of await disk.list(partitionsFolder)) {
    const id = /^(\d+)-[A-Za-z0-9._-]+$/.exec(name)?.[1]
    if (isFolder && id !== undefined) folders.set(Number(id), name)
  }
  return folders
}

/** Takes a partition into the catalogue whose entry was lost. Its folder, if there is one, knows its first name. */
export function adoptEntry(
  catalogue: Catalogue,
  folders: ReadonlyMap<number, string>,
  id: number,
): void {
  const name = folders.get(id)?.replace(/^\d+-/, '') ?? `recovered-${id}`
  catalogue.partitions.set(id, newEntry(name, defaultConfig))
  catalogue.nextPartition = Math.max(catalogue.nextPartition, id + 1)
}
