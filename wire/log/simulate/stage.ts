import type { Result } from '@fermata/base/result'
import type { FakeClock } from '@fermata/testkit/clock'
import type { SeededRandom } from '@fermata/testkit/random'
import type { Appended, AppendRefusal, LogStore, PartitionId } from '../store.ts'
import type { Oracle } from './oracle.ts'
import type { Steps } from './steps.ts'
import { Violation, type KnownRecord, type PartitionTruth, type Sent } from './truth.ts'

/** Why the log may refuse what is asked of it, though nothing is wrong with that. */
export type Excuse = 'disk_full' | 'files_exhausted' | 'disk_read_only' | 'ended'

/** One life of a log, from its start to its crash, as those see it who use it. */
export interface Stage {
  readonly random: SeededRandom
  readonly steps: Steps
  readonly clock: FakeClock
  readonly store: LogStore
  readonly oracle: Oracle
  /** What was wrong with the disk at some time of this life. */
  readonly excuses: ReadonlySet<Excuse>
  /** Nothing new is to be begun. */
  isQuiet(): boolean
  /** Asks something of the log; never resolves once this life is over. Question and answer are noted. */
  ask<T>(what: string, call: () => Promise<T>): Promise<T>
}

/** Somebody who uses the log, through all its lives. */
export interface Player {
  readonly name: string
  /** Does one thing. After a crash it is as if it had never returned. */
  play(stage: Stage): Promise<void>
}

/** The partitions that are there as far as anybody knows. */
export function knownPartitions({ oracle }: Stage): PartitionTruth[] {
  return [...oracle.partitions.values()].filter((truth) => truth.isThere.possible().every(Boolean))
}

/** Whether a refusal says only that something is wrong with the disk, or too much under way, and may say so. */
export function isExcused(stage: Stage, refusal: { readonly code: string }): boolean {
  if (refusal.code === 'too_much_waiting') return true
  return stage.excuses.has(refusal.code as Excuse)
}

/** Whether a partition may be unknown: somebody has deleted it, or is about to. */
export function mayBeGone(stage: Stage, partition: PartitionId): boolean {
  return stage.oracle.partitions.get(partition)?.isThere.possible().includes(false) ?? true
}

/**
 * Hands in a batch and holds the answer against what is known.
 *
 * @param expected The refusals that are right here besides those that are always possible.
 */
export async function send(
  stage: Stage,
  sent: Sent,
  expected: readonly AppendRefusal['code'][] = [],
): Promise<Result<Appended, AppendRefusal>> {
  const { oracle, store } = stage
  const wasFirst = sent.tries++ === 0
  const stoodBefore = sent.records[0]?.mayStand === true
  oracle.handedIn(sent.records)
  const numbers = `${sent.producerId}/${sent.producerEpoch}/${sent.baseSequence}`
  const answer = await stage.ask(
    `append ${sent.partition} records ${sent.records[0]?.id}+${sent.records.length} by ${numbers}`,
    async () => {
      const { partition, leaderEpoch } = sent
      const batch = Uint8Array.from(sent.bytes)
      const answered = store.append({ partition, batch, leaderEpoch })
      // The log has its own copy by now.
      batch.fill(0xee)
      return answered
    },
  )
  if (!answer.ok) {
    mustBeExpected(stage, sent, answer.refusal, expected)
    if (answer.refusal.code !== 'ended') oracle.refused(sent.records, !stoodBefore)
    return answer
  }
  const text = `records ${sent.records[0]?.id}+${sent.records.length}`
  const { duplicate } = answer.value
  if (duplicate && wasFirst) throw new Violation(`${text} are a duplicate, and came once`)
  const truth = oracle.partitions.get(sent.partition)
  if (!truth) throw new Violation(`${text} were taken by a partition that nobody made`)
  if (!duplicate && isKnown(sent.records)) throw new Violation(`${text} were taken a second time`)
  oracle.taken(truth, sent.records, answer.value)
  mustBeReadable(stage, truth, answer.value.last)
  return answer
}

/** What is acknowledged may be read, at once. */
export function mustBeReadable(stage: Stage, truth: PartitionTruth, last: number): void {
  const info = stage.store.partition(truth.id)
  if (info && info.high <= last) {
    throw new Violation(`${truth.name}: ${last} is acknowledged, and readable is ${info.high}`)
  }
}

function isKnown(records: readonly KnownRecord[]): boolean {
  return records.some(({ offset }) => offset !== -1)
}

function mustBeExpected(
  stage: Stage,
  sent: Sent,
  refusal: AppendRefusal,
  expected: readonly AppendRefusal['code'][],
): void {
  if (isExcused(stage, refusal) || expected.includes(refusal.code)) return
  if (refusal.code === 'unknown_partition' && mayBeGone(stage, sent.partition)) return
  const what = `records ${sent.records[0]?.id}+${sent.records.length}`
  throw new Violation(`${what} were refused: ${JSON.stringify(refusal)}`)
}
