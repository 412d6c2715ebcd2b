import { openFileLog } from '../store.file.ts'
import { logSizes, type LogSizes } from '../sizes.ts'
import type { OpenLog } from './open.ts'

/** So small that within a few hundred steps files fill, are used again, and run out. */
export const tinySizes: LogSizes = {
  ...logSizes,
  journalFileBytes: 32_768,
  journalFilesMax: 4,
  arenaBytes: 16_384,
  arenasBytesMax: 65_536,
  waitingBytesMax: 16_384,
  checkpointBytes: 24_576,
  checkpointBytesPerPartition: 4_096,
  copyBytes: 2_048,
  indexEveryBytes: 512,
  indexesMax: 3,
  filesMax: 4,
  batchBytesMax: 16_000,
}

/** The log on a disk, as the simulator opens it. */
export const fileLog: OpenLog = async ({ disk, clock, random }) =>
  openFileLog({ disk, clock, randomU32: () => random.below(2 ** 32), sizes: tinySizes })
