import type { Gap } from './store.ts'

/** What may be wrong with a log's files. */
export type FindingKind =
  /** A file of checkpoints holds something that is none. */
  | 'checkpoint_damaged'
  /** There are partitions, and no checkpoint is whole: a start reads all segments. */
  | 'checkpoint_missing'
  /** What the checkpoint says of a partition contradicts itself or the files. */
  | 'checkpoint_wrong'
  /** Frames of the journal that were on disk once are not there. */
  | 'frame_damaged'
  /** A frame was begun and never acknowledged; the next start cuts it off. */
  | 'frame_torn'
  /** What the catalogue's records say cannot be read. */
  | 'catalogue_damaged'
  | 'segment_missing'
  /** The file ends before what the checkpoint says is in it. */
  | 'segment_short'
  /** No valid batch where one must be: its length, version or checksum is wrong. */
  | 'batch_damaged'
  /** A whole batch with an offset that does not follow the one before. */
  | 'offset_wrong'
  /** A producer's batch stands there twice. */
  | 'sequence_repeated'
  /** A producer's batch does not follow the one before. */
  | 'sequence_wrong'
  | 'index_missing'
  /** An entry of an index is not what was written. */
  | 'index_damaged'
  /** An entry of an index points to where no such batch begins. */
  | 'index_wrong'
  /** A file or folder that nothing names; the next start removes or adopts it. */
  | 'leftover'

/** One thing that is not as it should be. */
export interface Finding {
  readonly kind: FindingKind
  /** Below the log's folder. */
  readonly file: string
  /** In bytes, 0 where the file as a whole is meant. */
  readonly position: number
  readonly what: string
  /** Records may be lost. Everything else is derived, was never acknowledged, or is noted as a gap already. */
  readonly isLoss: boolean
}

/** What was found of one partition. */
export interface PartitionReport {
  readonly partition: number
  readonly name: string
  readonly start: number
  /** Behind the last record, the journal's among them. */
  readonly end: number
  readonly segments: number
  /** Of what its segments hold. */
  readonly bytes: number
  readonly batches: number
  readonly records: number
  /** Batches that stand in the journal alone. */
  readonly journalBatches: number
  readonly producers: number
  readonly openTransactions: number
  /** Ranges that are known to be lost. */
  readonly gaps: readonly Gap[]
}

/** Everything that a look at a log has found. Plain data. */
export interface VerifyReport {
  readonly partitions: readonly PartitionReport[]
  readonly checkpoint: number | undefined
  readonly journal: {
    readonly files: number
    /** Frames behind the checkpoint. */
    readonly frames: number
    readonly bytes: number
  }
  /** What was set aside by earlier starts and reads. */
  readonly quarantined: readonly { readonly file: string; readonly bytes: number }[]
  /** Bytes that were read of segments. */
  readonly bytes: number
  readonly findings: readonly Finding[]
}
