// `npm run fuzz -- [--runs N] [--seed S]`: damages N batches (1,000,000 unless it is said) from seed S on, in
// pieces, one seed a piece, so that a failure names a seed that is short to repeat.

import { fuzzBatches, type FuzzCounts } from './batch.fuzz.ts'

const usage = 'usage: npm run fuzz -- [--runs N] [--seed S]\n'
const pieceRuns = 50_000

/** Reads the command line; undefined where it is not understood. */
function parse(words: readonly string[]) {
  let [runs, seed] = [1_000_000, 1]
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1] ?? ''
    if (words[at] === '--runs' && /^\d+$/.test(value)) runs = Number(value)
    else if (words[at] === '--seed' && /^\d+$/.test(value)) seed = Number(value)
    else return undefined
  }
  return { runs, seed }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

function run({ runs, seed }: NonNullable<ReturnType<typeof parse>>): void {
  const all: FuzzCounts = { refused: 0, damaged: 0, decoded: 0 }
  for (let done = 0, piece = seed; done < runs; done += pieceRuns, piece++) {
    const counts = fuzzBatches(piece, Math.min(pieceRuns, runs - done))
    all.refused += counts.refused
    all.damaged += counts.damaged
    all.decoded += counts.decoded
    say(`seed ${piece}: ${JSON.stringify(counts)}`)
  }
  say(`${runs} frames: ${all.refused} refused, ${all.damaged} damaged, ${all.decoded} decoded`)
}

const order = parse(process.argv.slice(2))
if (order === undefined) {
  process.stderr.write(usage)
  process.exitCode = 2
} else {
  run(order)
}
