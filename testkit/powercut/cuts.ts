import type { SeededRandom } from '../random.ts'
import type { Recording } from './operations.ts'

/**
 * Where to cut the power: a third anywhere, a third right after something was told to the world (where
 * a promise may turn out to be empty), a third around the rarer operations: names, truncations, and
 * writes to other files than the one most written to. In order.
 */
export function drawCuts(recording: Recording, count: number, random: SeededRandom): number[] {
  const told = recording.sent.map(({ begun }) => begun + 1)
  const rare = rareLines(recording)
  const cuts = Array.from({ length: count }, (_, index) => {
    if (index % 3 === 1 && told.length > 0) return random.pick(told)
    if (index % 3 === 2 && rare.length > 0) return random.pick(rare) + random.below(4)
    return random.below(recording.lines + 1)
  })
  return cuts.toSorted((a, b) => a - b)
}

function rareLines({ operations }: Recording): number[] {
  const writes = new Map<number, number>()
  for (const { change } of operations) {
    if (change.kind === 'write') writes.set(change.file, (writes.get(change.file) ?? 0) + 1)
  }
  const most = [...writes].toSorted(([, a], [, b]) => b - a)[0]?.[0]
  return operations
    .filter(({ change }) => change.kind !== 'write' || change.file !== most)
    .map(({ begun }) => begun)
}
