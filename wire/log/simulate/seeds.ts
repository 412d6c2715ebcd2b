import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Mix } from './run.ts'

/** Some of the seeds, for one thread. */
export interface SeedOrder {
  /** What happens in all of them; drawn for each from the seed where it is not said. */
  readonly mix?: Mix | undefined
  readonly first: number
  readonly count: number
  /** How far apart they are. */
  readonly step: number
}

/** Seeds one after the other, for all threads together. */
export type SeedsOrder = Omit<SeedOrder, 'step'>

/** What became of a seed. */
export interface SeedOutcome {
  readonly seed: number
  readonly steps: number
  readonly records: number
  /** What was violated, and all that had happened; undefined where all is well. */
  readonly violation:
    | { readonly text: string; readonly stack: string; readonly history: readonly string[] }
    | undefined
}

/**
 * Simulates seeds one after the other, from the first on, on all processors; hears of each as it ends. `program` is
 * what each thread runs.
 */
export async function simulateSeeds(
  order: SeedsOrder,
  onOutcome: (outcome: SeedOutcome) => void,
  program = new URL('./seeds.worker.ts', import.meta.url),
): Promise<void> {
  const threads = Math.min(availableParallelism(), order.count)
  const each = async (number: number): Promise<void> => {
    const own: SeedOrder = {
      ...order,
      first: order.first + number,
      count: Math.ceil((order.count - number) / threads),
      step: threads,
    }
    const worker = new Worker(program, { workerData: own })
    worker.on('message', onOutcome)
    // Rejects with whatever the thread has thrown.
    await once(worker, 'exit')
  }
  await Promise.all(Array.from({ length: threads }, async (_, number) => each(number)))
}
