import { describe, Violation, type Fact, type KnownRecord, type PartitionTruth } from './truth.ts'

/**
 * What a compacted partition may lack: what was aborted, what a newer record of its key stands for, a
 * tombstone after its grace, and markers. A tombstone goes only after all that it stands for.
 *
 * @param found The offsets of the records and markers that a reader was given.
 * @param latestMs The latest time that the log may have seen.
 */
export function mustBeCompactedRightly(
  truth: PartitionTruth,
  found: ReadonlySet<number>,
  latestMs: number,
): void {
  const settings = truth.configs.flatMap(({ compaction }) => compaction ?? [])
  const lagMs = Math.min(...settings.map((one) => one.lagMs))
  const tombstoneMs = Math.min(...settings.map((one) => one.tombstoneMs))
  const newest = newestByKey(truth)
  for (const offset of truth.offsets(truth.start)) {
    const fact = truth.at.get(offset)!
    if (found.has(offset) || fact.kind === 'marker' || fact.record.claim === 'aborted') continue
    const { record } = fact
    const what = `${truth.name}: ${describe(fact)} at ${offset} is gone`
    const heir = newest.get(keyOf(record))
    const ageMs = latestMs - record.timestamp
    if (ageMs < lagMs) throw new Violation(`${what}, ${ageMs} ms after it was written`)
    if (heir && heir.offset > offset) continue
    if (record.value !== null) throw new Violation(`${what}, and was the newest of its key`)
    if (ageMs < tombstoneMs) throw new Violation(`${what}, a tombstone of ${ageMs} ms`)
    mustBeForgotten(truth, record, found)
  }
}

/** The newest record of each key that is committed for certain. */
function newestByKey(truth: PartitionTruth): Map<string, KnownRecord> {
  const newest = new Map<string, KnownRecord>()
  for (const offset of truth.offsets()) {
    const fact: Fact = truth.at.get(offset)!
    if (fact.kind === 'record' && fact.record.claim === 'committed') {
      newest.set(keyOf(fact.record), fact.record)
    }
  }
  return newest
}

/** Once a tombstone is gone, nothing comes back that it stood for. */
function mustBeForgotten(
  truth: PartitionTruth,
  tombstone: KnownRecord,
  found: ReadonlySet<number>,
): void {
  const key = keyOf(tombstone)
  for (const offset of truth.offsets(truth.start)) {
    const fact = truth.at.get(offset)!
    if (offset >= tombstone.offset || fact.kind === 'marker') continue
    const isBack = found.has(offset) && keyOf(fact.record) === key
    if (!isBack || fact.record.claim === 'aborted') continue
    throw new Violation(
      `${truth.name}: ${describe(fact)} at ${offset} is back, its tombstone at ${tombstone.offset} gone`,
    )
  }
}

function keyOf({ key }: KnownRecord): string {
  return key === null ? '' : Buffer.from(key).toString()
}
