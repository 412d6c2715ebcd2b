import { parentPort, workerData } from 'node:worker_threads'
import type { SeedOrder, SeedOutcome } from '../../log/simulate/seeds.ts'
import { simulateBroker } from './run.ts'

const { first, count, step } = workerData as SeedOrder
for (let at = 0; at < count; at++) {
  const { seed, steps, violation, history } = await simulateBroker(first + at * step)
  const told = violation && { text: violation.message, stack: violation.stack ?? '', history }
  parentPort?.postMessage({ seed, steps, records: 0, violation: told } satisfies SeedOutcome)
}
