import type { Clock } from '@fermata/base/clock'

/** What a command takes from the machine that it runs on. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: (line: string) => void
  readonly error: (line: string) => void
  readonly input: AsyncIterable<Uint8Array>
  readonly clock: Clock
}

/** How a command ends: done, refused or failed, or told wrongly. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const

/** That the words on the command line are wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** That what was asked for was refused, or could not be done. */
export class Failed extends Error {
  override readonly name = 'Failed'
}
