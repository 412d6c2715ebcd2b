import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { checkBatch, type BatchHeader } from './batch.ts'
import { walkRecords } from './records.ts'
import type { AppendRefusal, PartitionConfig } from './store.ts'

/**
 * Looks at a batch by itself, before `decideAppend` looks at it within its partition: whether it is whole, not
 * too large, and has a key on every record where compaction needs one, for which it must be decompressed.
 */
export function admitBatch(
  batch: Uint8Array,
  config: PartitionConfig,
): Result<BatchHeader, AppendRefusal> {
  const { batchBytesMax: bytesMax } = config
  if (batch.length > bytesMax) return refused({ code: 'batch_too_large', bytesMax })
  const checked = checkBatch(batch)
  if (!checked.ok || config.compaction === undefined || checked.value.control) return checked
  const records: number[] = []
  let place = 0
  const walked = walkRecords(batch, 0, ({ keyBytes }) => {
    if (keyBytes < 0) records.push(place)
    place++
    return records.length < limits.batchFaultsNamedMax
  })
  if (!walked.ok) return walked
  return records.length === 0 ? ok(checked.value) : refused({ ...keyless, records })
}

/** A record without a key, where compaction needs one. */
export const keyless = {
  code: 'invalid_record',
  reason: 'a record without a key cannot be compacted',
} as const satisfies AppendRefusal
