import { simulateSeeds, type SeedOutcome, type SeedsOrder } from './seeds.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** Simulates seeds, tells how it goes, and answers the exit code: 1 where one of them failed. */
export async function tellSeeds(order: SeedsOrder, program?: URL): Promise<number> {
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
  await simulateSeeds(order, hear, program)
  say(
    `${done} seeds, ${steps} steps; ${failed.length} failed${failed.length > 0 ? ':' : ''} ${failed.join(' ')}`,
  )
  return failed.length > 0 ? 1 : 0
}
