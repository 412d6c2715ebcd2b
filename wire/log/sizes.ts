import { limits } from '@fermata/base/limits'

/** How large the parts of a log are. What runs has those of `limits`; tests have small ones. */
export interface LogSizes {
  /** Each file of the journal. */
  readonly journalFileBytes: number
  readonly journalFilesMax: number
  /** What a group is built in; with padding, the largest group. */
  readonly arenaBytes: number
  /** All arenas together: what was acknowledged and does not stand in a segment yet. */
  readonly arenasBytesMax: number
  /** Copies of batches that wait for an arena. */
  readonly waitingBytesMax: number
  /** A checkpoint is made after so many bytes of journal, and so many more for each partition that was written to. */
  readonly checkpointBytes: number
  readonly checkpointBytesPerPartition: number
  /** One piece of a file that is read or written at once. */
  readonly copyBytes: number
  /** How far apart the entries of an index stand. */
  readonly indexEveryBytes: number
  /** Segments whose index is kept in memory. */
  readonly indexesMax: number
  /** Files that are kept open while nobody uses them. */
  readonly filesMax: number
  /** The largest batch, whatever a partition allows. */
  readonly batchBytesMax: number
}

/** The sizes of a log that runs. */
export const logSizes: LogSizes = {
  journalFileBytes: limits.wireJournalFileBytes,
  journalFilesMax: limits.wireJournalFilesMax,
  arenaBytes: limits.wireArenaBytes,
  arenasBytesMax: limits.wireArenasBytesMax,
  waitingBytesMax: limits.wireWaitingBytesMax,
  checkpointBytes: limits.wireCheckpointBytes,
  checkpointBytesPerPartition: limits.wireCheckpointBytesPerPartition,
  copyBytes: limits.wireCopyBytes,
  indexEveryBytes: limits.wireIndexEveryBytes,
  indexesMax: limits.wireIndexesMax,
  filesMax: limits.wireFilesMax,
  batchBytesMax: limits.wireBatchBytesMax,
}
