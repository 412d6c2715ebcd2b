import type { Keeper } from './keeper.ts'
import type { FilePartition, LogParts } from './partition.file.ts'
import type { Settler } from './settler.ts'

/** Rewrites closed segments so that of each key the newest record is left. */
export interface Compactor {
  compact(partition: FilePartition): Promise<void>
  stop(): void
}

/** Makes the compactor of a log. */
export function openCompactor(options: {
  readonly parts: LogParts
  readonly keeper: Keeper
  readonly settler: Settler
}): Compactor {
  void options
  return { compact: () => Promise.resolve(), stop: () => undefined }
}
