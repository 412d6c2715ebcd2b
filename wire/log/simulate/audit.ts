import type { SeededRandom } from '@fermata/testkit/random'
import type { LogStore, PartitionInfo } from '../store.ts'
import { mustBeCompactedRightly } from './audit.compacted.ts'
import { recordsIn } from './batches.ts'
import { boundsOf, claim, type Oracle } from './oracle.ts'
import { describe, Violation, type KnownRecord, type PartitionTruth } from './truth.ts'

/** What an audit needs. */
export interface Audited {
  readonly store: LogStore
  readonly oracle: Oracle
  readonly random: SeededRandom
}

/**
 * Holds all that a log says of itself against what is known, while nobody writes to it. What was
 * handed in before and is not there now was lost, and must never come.
 */
export async function audit(around: Audited): Promise<void> {
  const { store, oracle } = around
  const infos = store.partitions()
  for (const truth of oracle.partitions.values()) {
    const isThere = infos.some(({ partition }) => partition === truth.id)
    truth.isThere.certain(isThere, `whether ${truth.name} is there`)
  }
  for (const info of infos) await auditPartition(around, info)
  for (const record of oracle.records) if (record.offset === -1) record.mayStand = false
  auditEnds(around)
}

async function auditPartition(around: Audited, info: PartitionInfo): Promise<void> {
  const { store, oracle } = around
  const truth = oracle.partitions.get(info.partition)
  if (!truth) throw new Violation(`there is a partition ${info.partition} that nobody made`)
  if (info.name !== truth.name) throw new Violation(`${truth.name} is called ${info.name}`)
  truth.config.certain(info.config, `the configuration of ${truth.name}`)
  const cursors = store.cursors(truth.id)
  for (const [name, cursor] of truth.cursors) {
    cursor.certain(cursors.get(name), `the cursor ${name} of ${truth.name}`)
  }
  for (const name of cursors.keys()) {
    if (!truth.cursors.has(name)) throw new Violation(`nobody set the cursor ${name}`)
  }
  if (info.gaps.length > 0) {
    throw new Violation(`${truth.name} has gaps: ${JSON.stringify(info.gaps)}`)
  }
  const { start: from } = truth
  oracle.bounds(truth, info)
  const found = await readAll(around, truth, false)
  // All that stands there is known by now: nothing else was a cause.
  if (truth.start > from) oracle.mayHaveDropped(truth, { from, start: truth.start, unseen: 0 })
  mustBeInside(truth)
  settleTransactions(truth)
  if (truth.isCompacted) mustBeCompactedRightly(truth, found, oracle.latestMs)
  else mustBeComplete(truth, found)
  await readAll(around, truth, true)
  await probeBounds(around, truth)
}

/** Whoever asks for an offset that is not there is told so, and nobody else is. */
async function probeBounds(
  { store, oracle, random }: Audited,
  truth: PartitionTruth,
): Promise<void> {
  const probe = random.below(truth.high + 20)
  const asked = boundsOf(truth)
  const answer = await store.read({
    partition: truth.id,
    offset: probe,
    bytesMax: 100,
    committed: false,
  })
  const code = answer.ok ? undefined : answer.refusal.code
  if (!answer.ok && answer.refusal.code === 'offset_out_of_range') {
    oracle.boundsSince(truth, answer.refusal, asked)
  }
  const isInside = probe >= (answer.ok ? asked.start : truth.start) && probe <= truth.high
  if (code !== (isInside ? undefined : 'offset_out_of_range')) {
    throw new Violation(`${truth.name}: a read from ${probe} is ${code ?? 'taken'}`)
  }
}

/** Reads a partition from the start to the end; answers the offsets of all batches that came. */
async function readAll(
  { store, oracle, random }: Audited,
  truth: PartitionTruth,
  committed: boolean,
): Promise<Set<number>> {
  const offsets = new Set<number>()
  let offset = truth.start
  while (offset < (committed ? truth.stable : truth.high)) {
    const order = {
      partition: truth.id,
      offset,
      bytesMax: random.pick([1, 500, 3_000, 20_000]),
      committed,
    }
    const asked = boundsOf(truth)
    const answer = await store.read(order)
    if (!answer.ok) {
      // Retention may be at work; everything else is as it was.
      const { refusal } = answer
      if (refusal.code !== 'offset_out_of_range' || refusal.start <= offset) {
        throw new Violation(`${truth.name}: a read from ${offset}: ${JSON.stringify(refusal)}`)
      }
      oracle.boundsSince(truth, refusal, asked)
      offset = refusal.start
      continue
    }
    const batches = oracle.served(truth, order, answer.value, asked)
    const last = batches.at(-1)
    if (!last) break
    for (const batch of batches) for (const { offset: at } of recordsIn(batch)) offsets.add(at)
    offset = last.last + 1
  }
  return offsets
}

/** Nothing that is certain lies beyond the end. */
function mustBeInside(truth: PartitionTruth): void {
  const [beyond] = truth.offsets(truth.high)
  if (beyond === undefined) return
  const what = describe(truth.at.get(beyond)!)
  throw new Violation(`${truth.name}: ${what} at ${beyond} is beyond ${truth.high}`)
}

/** Whatever is certain is there. */
function mustBeComplete(truth: PartitionTruth, found: ReadonlySet<number>): void {
  for (const offset of truth.offsets(truth.start)) {
    if (found.has(offset)) continue
    throw new Violation(`${truth.name}: ${describe(truth.at.get(offset)!)} at ${offset} is gone`)
  }
}

/** Follows the transactions of a partition through all that stands in it: what they are, and the stable offset. */
function settleTransactions(truth: PartitionTruth): void {
  const open = new Map<number, KnownRecord[]>()
  for (const offset of truth.offsets()) {
    const fact = truth.at.get(offset)!
    if (fact.kind === 'marker') {
      for (const record of open.get(fact.end.producerId) ?? []) {
        claim(truth, record, fact.end.commit ? 'committed' : 'aborted')
      }
      open.delete(fact.end.producerId)
    } else if (fact.record.batch?.isTransactional === true) {
      const { producerId } = fact.record.batch
      open.set(producerId, [...(open.get(producerId) ?? []), fact.record])
    } else {
      claim(truth, fact.record, 'committed')
    }
  }
  // What went before anybody saw it, by retention or by compaction, may have been a marker.
  if (truth.at.size < truth.high) return
  const first = Math.min(truth.high, ...[...open.values()].map(([record]) => record!.offset))
  const stable = Math.max(first, truth.start)
  if (truth.stable !== stable) {
    throw new Violation(
      `${truth.name}: the stable offset is ${truth.stable}; it should be ${stable}`,
    )
  }
}

/** A transaction has ended on all its partitions, or on none. */
function auditEnds({ oracle }: Audited): void {
  for (const end of oracle.ends.values()) {
    const told = end.partitions.filter((id) => isMarkerSure(oracle, end.markers.get(id), id))
    const missing = told.filter((id) => !end.markers.has(id))
    if (end.markers.size > 0 && missing.length > 0) {
      const names = missing.map((id) => oracle.partitions.get(id)?.name).join()
      throw new Violation(`the end ${end.coordinatorEpoch} has markers, but not in ${names}`)
    }
    if (end.markers.size === 0) end.mayStand = false
  }
}

/** Whether a partition is there and shows all of its markers. */
function isMarkerSure(oracle: Oracle, offset: number | undefined, id: number): boolean {
  const truth = oracle.partitions.get(id)
  if (truth?.isThere.possible().includes(true) !== true) return false
  // What was dropped or compacted before anybody saw it, may have been a marker.
  return offset !== undefined || (truth.start === 0 && !truth.isCompacted)
}
