import type { Shown } from './alone.ts'
import type { Damage } from './damage.ts'
import type { Told } from './decay.ts'
import type { PartitionId } from '../store.ts'
import type { Oracle } from './oracle.ts'
import { Violation, type KnownRecord, type PartitionTruth } from './truth.ts'

/** One partition on a sound disk and on one that went bad. */
interface Pair {
  readonly oracle: Oracle
  readonly truth: PartitionTruth
  readonly damage: Damage
  readonly sound: Shown
  readonly bad: Shown
}

/**
 * Holds what a log shows on a disk that went bad against what it shows on a sound one: whatever was not hit
 * is there, what was hit is there or named as a gap, and nothing was made up.
 */
export function mustBeSame(oracle: Oracle, damage: Damage, sound: Told, bad: Told): void {
  for (const id of bad.shown.keys()) {
    // A deleted one whose folder is there may come back where it is not known that it was deleted.
    if (sound.shown.has(id) || damage.isOwn) continue
    throw new Violation(`there is a partition ${id} that nobody made`)
  }
  for (const [id, shown] of sound.shown) {
    const truth = oracle.partitions.get(id)
    const found = bad.shown.get(id)
    if (found && truth) {
      mustBeSamePartition({ oracle, truth, damage, sound: shown, bad: found })
    } else if (!found && !(damage.isOwn && isAllHit(damage, id, shown))) {
      throw new Violation(`partition ${id} is gone`)
    }
  }
  if (damage.isOwn) return
  for (const [sent, answer] of sound.answers) {
    const other = bad.answers.get(sent)
    if (damage.ranges.has(sent.partition) || other === answer) continue
    throw new Violation(`records ${sent.records[0]?.id}: ${other} is said; it should be ${answer}`)
  }
}

function mustBeSamePartition(pair: Pair): void {
  const { truth, damage, sound, bad } = pair
  const isHit = damage.ranges.has(truth.id)
  if (!damage.isOwn) mustBeConfigured(pair)
  mustBeBounded(pair)
  for (const [offset, { text }] of sound.facts) {
    const found = bad.facts.get(offset)
    if (offset < bad.info.start || found?.text === text) continue
    if (found === undefined ? mayBeGone(pair, offset) : mayBeReplaced(pair, offset)) continue
    const what = `${truth.name}: ${text.slice(0, 40)} at ${offset}`
    const gaps = bad.info.gaps.map(({ from, to }) => `${from}–${to}`).join()
    throw new Violation(`${what} is ${found?.text.slice(0, 40) ?? 'gone'}; gaps: ${gaps}`)
  }
  if (isHit) return
  if (!damage.isOwn && bad.info.gaps.length > sound.info.gaps.length) {
    throw new Violation(`${truth.name} has gaps: ${JSON.stringify(bad.info.gaps)}`)
  }
  for (const offset of sound.facts.keys()) {
    const isSame = bad.committed.has(offset) === sound.committed.has(offset)
    if (isSame || !bad.facts.has(offset) || offset >= sound.info.stable) continue
    throw new Violation(`${truth.name}: ${offset} is shown otherwise to readers of the committed`)
  }
}

function mustBeConfigured({ truth: { name }, sound, bad }: Pair): void {
  for (const what of ['name', 'config'] as const) {
    const [was, is] = [JSON.stringify(sound.info[what]), JSON.stringify(bad.info[what])]
    if (was !== is) throw new Violation(`${name}: its ${what} is ${is}; it should be ${was}`)
  }
  const [was, is] = [sound, bad].map(({ cursors }) =>
    [...cursors]
      .map((one) => one.join())
      .toSorted()
      .join(';'),
  )
  if (was !== is) throw new Violation(`${name}: its cursors are ${is}; they should be ${was}`)
}

function mustBeBounded({ truth, damage, sound, bad }: Pair): void {
  const isDropped = truth.configs.some(
    (one) => one.retentionMs ?? one.retentionBytes ?? one.untilRead,
  )
  const { start, stable, high } = bad.info
  const isRight =
    (isDropped || start <= sound.info.start) &&
    (damage.isOwn || isDropped || start === sound.info.start) &&
    (damage.ranges.has(truth.id) || high >= sound.info.high) &&
    // A transaction whose end was dropped or lost holds back whatever follows.
    (damage.ranges.has(truth.id) || damage.isOwn || stable >= sound.info.stable)
  if (isRight) return
  const was = `${sound.info.start} ≤ ${sound.info.stable} ≤ ${sound.info.high}`
  throw new Violation(`${truth.name}: ${start} ≤ ${stable} ≤ ${high}; it should be ${was}`)
}

function isHitAt(damage: Damage, id: PartitionId, offset: number): boolean {
  return (damage.ranges.get(id) ?? []).some(([from, to]) => offset >= from && offset < to)
}

function isAllHit(damage: Damage, id: PartitionId, { facts }: Shown): boolean {
  return [...facts.keys()].every((offset) => isHitAt(damage, id, offset))
}

/** Whether what stood at an offset may be gone: it was hit, and that is said; or it was compacted away. */
function mayBeGone(pair: Pair, offset: number): boolean {
  const { oracle, truth, damage, sound, bad } = pair
  const { gaps, high } = bad.info
  const isSaid = gaps.some(({ from, to }) => offset >= from && offset < to)
  const isLost = isSaid || (damage.isJournal && offset >= high)
  if (isLost && isHitAt(damage, truth.id, offset)) return true
  if (!truth.isCompacted) return false
  const record = oracle.records[sound.facts.get(offset)!.id]
  const isAborted = offset < sound.info.stable && !sound.committed.has(offset)
  if (!record || record.value === null || isAborted) return true
  return isReplaced(pair, record, offset)
}

/** Whether a newer record of its key is known. Where a marker was hit, that may be one that was aborted. */
function isReplaced(
  { oracle, truth, damage, sound, bad }: Pair,
  { key }: KnownRecord,
  offset: number,
): boolean {
  const later = new Map<number, KnownRecord | undefined>()
  for (const [at, { id }] of [...sound.facts, ...bad.facts]) later.set(at, oracle.records[id])
  if (damage.ranges.has(truth.id)) {
    for (const [at, fact] of truth.at) if (fact.kind === 'record') later.set(at, fact.record)
  }
  const wanted = Buffer.from(key ?? [])
  for (const [at, record] of later) {
    if (at > offset && record?.key && wanted.equals(record.key)) return true
  }
  return false
}

/** What is lost at the end of the journal is not missed: other records came in its place. */
function mayBeReplaced(pair: Pair, offset: number): boolean {
  return pair.damage.isJournal && isHitAt(pair.damage, pair.truth.id, offset)
}

/** What was appended to a log that had come back stays. */
export function mustBeKept(told: Told, again: Told): void {
  for (const [id, offset, text] of told.added) {
    const found = again.shown.get(id)?.facts.get(offset)?.text
    if (found === text) continue
    throw new Violation(`partition ${id}: ${found ?? 'nothing'} is at ${offset}, and not ${text}`)
  }
}
