// One thread of many seeds: simulates those that it is handed, and tells of each.

import { parentPort, workerData } from 'node:worker_threads'
import { present } from '@fermata/base/assert'
import { fileLog } from './file.world.ts'
import { simulate } from './run.ts'
import type { SeedOrder, SeedOutcome } from './seeds.ts'

const port = present(parentPort, 'the thread that asked')
const { first, count, step, mix } = workerData as SeedOrder

for (let number = 0; number < count; number++) {
  const outcome = await simulate(first + number * step, { open: fileLog, ...(mix && { mix }) })
  const { seed, steps, records, violation, history } = outcome
  port.postMessage({
    seed,
    steps,
    records,
    violation: violation && { text: violation.message, stack: stackOf(violation), history },
  } satisfies SeedOutcome)
}

/** Where it was noticed, and where what it stems from was thrown. */
function stackOf(error: Error): string {
  const { cause } = error
  const own = error.stack ?? ''
  return cause instanceof Error ? `${own}\n${stackOf(cause)}` : own
}
