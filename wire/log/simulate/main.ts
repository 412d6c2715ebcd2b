// `npm run simulate -- [--seeds N] [--seed S] [--flags rcft]`: lives of the log from seed S on, N of them
// (0: until stopped). Each draws whether there are retention (r), compaction (c), faults of the disk (f) and
// rot (t), unless it is said which of them there are.

import type { Mix } from './run.ts'
import { simulateSeeds, type SeedOutcome } from './seeds.ts'

const usage = 'usage: npm run simulate -- [--seeds N] [--seed S] [--flags rcft]\n'

/** Reads the command line; undefined where it is not understood. */
function parse(words: readonly string[]) {
  let [seeds, seed] = [2_000, 1]
  let flags: string | undefined
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1] ?? ''
    if (words[at] === '--seeds' && /^\d+$/.test(value)) seeds = Number(value)
    else if (words[at] === '--seed' && /^\d+$/.test(value)) seed = Number(value)
    else if (words[at] === '--flags' && /^[rcft]*$/.test(value)) flags = value
    else return undefined
  }
  return {
    first: seed,
    count: seeds === 0 ? Number.MAX_SAFE_INTEGER - seed : seeds,
    mix: flags === undefined ? undefined : mixOf(flags),
  }
}

function mixOf(letters: string): Mix {
  return {
    hasRetention: letters.includes('r'),
    hasCompaction: letters.includes('c'),
    hasFaults: letters.includes('f'),
    hasRot: letters.includes('t'),
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

async function run(order: NonNullable<ReturnType<typeof parse>>): Promise<number> {
  let [done, steps] = [0, 0]
  const failed: number[] = []
  const hear = (outcome: SeedOutcome): void => {
    done++
    steps += outcome.steps
    if (done % 500 === 0) say(`${done} seeds`)
    const { seed, violation } = outcome
    if (!violation) return
    failed.push(seed)
    // One history is as much as anybody reads at a time; the others are had by their seeds.
    if (failed.length === 1) say([...violation.history, violation.stack].join('\n'))
    say(`seed ${seed}: ${violation.text}`)
  }
  await simulateSeeds(order, hear)
  say(
    `${done} seeds, ${steps} steps; ${failed.length} failed${failed.length > 0 ? ':' : ''} ${failed.join(' ')}`,
  )
  return failed.length > 0 ? 1 : 0
}

const order = parse(process.argv.slice(2))
if (order) process.exitCode = await run(order)
else {
  process.stderr.write(usage)
  process.exitCode = 2
}
