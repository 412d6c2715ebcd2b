import { fileURLToPath } from 'node:url'

/** How the program under observation is started. */
export interface ProgramOrder {
  readonly folder: string
  readonly seed: number
  /** How many partitions without transactions there are. */
  readonly plain: number
  /** After how many numbers it closes the log; 0: never. */
  readonly batches: number
  /** The path of what an earlier run has left unanswered. */
  readonly unfinished?: string
}

/** The command that starts it. */
export function programCommand(order: ProgramOrder): string[] {
  const { folder, seed, plain, batches, unfinished } = order
  const program = fileURLToPath(new URL('./log.program.world.ts', import.meta.url))
  const command = [process.execPath, program, folder, `${seed}`, `${plain}`, `${batches}`]
  return unfinished === undefined ? command : [...command, unfinished]
}
