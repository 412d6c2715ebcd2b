import type { TimedOffset } from '../store.ts'
import { boundsOf } from './oracle.ts'
import { mustBeRightlyRefused } from './reading.ts'
import { knownPartitions, type Player, type Stage } from './stage.ts'
import { Violation, type PartitionTruth } from './truth.ts'

/** Looks for the first record at or after a time, and holds what comes against what is known. */
export class TimeReader implements Player {
  readonly name = 'a reader by time'

  async play(stage: Stage): Promise<void> {
    const { random, store, clock } = stage
    const known = knownPartitions(stage)
    if (known.length === 0) return
    const truth = random.pick(known)
    const timestamp = clock.now() - random.below(random.pick([1, 500, 5_000]))
    const asked = boundsOf(truth)
    const answer = await stage.ask(`find ${timestamp} in ${truth.id}`, async () =>
      store.findTime({ partition: truth.id, timestamp, committed: false }),
    )
    const info = store.partition(truth.id)
    // What was dropped meanwhile is not found.
    if (info) stage.oracle.bounds(truth, info)
    if (answer.ok) mustBeFirst(truth, timestamp, asked.high, answer.value)
    // It goes on from wherever the partition begins now.
    else if (answer.refusal.code === 'offset_out_of_range') {
      throw new Violation(`${truth.name}: no time is out of range`)
    } else mustBeRightlyRefused(stage, truth, { offset: truth.start, asked }, answer.refusal)
  }
}

/** What was found is what it is said to be, and nothing that was there when it was asked lies before it. */
function mustBeFirst(
  truth: PartitionTruth,
  timestamp: number,
  highBefore: number,
  found: TimedOffset | undefined,
): void {
  const what = `${truth.name}: of ${timestamp}, ${JSON.stringify(found)} was found`
  const fact = found && truth.at.get(found.offset)
  if (found && found.timestamp < timestamp) throw new Violation(`${what}, and is older`)
  if (fact && (fact.kind === 'marker' || fact.record.timestamp !== found.timestamp)) {
    throw new Violation(`${what}, and does not stand there`)
  }
  // What compaction has left is not known here.
  if (truth.isCompacted) return
  const end = Math.min(highBefore, found?.offset ?? highBefore)
  for (const offset of truth.offsets(truth.start)) {
    if (offset >= end) return
    const before = truth.at.get(offset)!
    if (before.kind === 'marker' || before.record.timestamp < timestamp) continue
    throw new Violation(`${what}, and not ${offset} of ${before.record.timestamp}`)
  }
}
