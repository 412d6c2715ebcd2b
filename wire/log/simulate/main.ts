// `npm run simulate -- [--seeds N] [--seed S] [--flags rcft]`: lives of the log from seed S on, N of them
// (0: until stopped). Each draws whether there are retention (r), compaction (c), faults of the disk (f) and
// rot (t), unless it is said which of them there are.

import type { Mix } from './run.ts'
import { tellSeeds } from './seeds.told.ts'

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

const order = parse(process.argv.slice(2))
if (order) process.exitCode = await tellSeeds(order)
else {
  process.stderr.write(usage)
  process.exitCode = 2
}
