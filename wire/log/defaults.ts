import { limits } from '@fermata/base/limits'
import type { PartitionConfig } from './store.ts'

/** How a partition is kept of which nothing else is known: nothing is ever dropped. */
export const defaultConfig: PartitionConfig = {
  segmentBytes: limits.wireSegmentBytes,
  segmentMs: limits.wireSegmentMs,
  batchBytesMax: limits.wireBatchBytesDefault,
}
