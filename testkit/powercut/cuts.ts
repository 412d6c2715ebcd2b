import type { SeededRandom } from '../random.ts'
import type { Recording } from './operations.ts'

/**
 * Where to cut the power: a quarter anywhere, a quarter right after something was told to the world
 * (where a promise may turn out to be empty), a quarter around the rarer operations (names,
 * truncations, and writes to other files than the one most written to), and a quarter among the
 * lines that the caller is curious about. In order.
 */
export function drawCuts(
  recording: Recording,
  random: SeededRandom,
  { count, curious = [] }: { readonly count: number; readonly curious?: readonly number[] },
): number[] {
  const told = recording.sent.map(({ begun }) => begun + 1)
  const rare = rareLines(recording)
  const places = [[], told, rare, curious]
  const cuts = Array.from({ length: count }, (_, index) => {
    const lines = places[index % places.length] ?? []
    if (lines.length === 0) return random.below(recording.lines + 1)
    return random.pick(lines) + (lines === rare ? random.below(4) : 0)
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
