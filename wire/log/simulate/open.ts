import type { Clock } from '@fermata/base/clock'
import type { SeededRandom } from '@fermata/testkit/random'
import type { Disk } from '../disk.ts'
import type { LogStore } from '../store.ts'

/** What a log is opened in. */
export interface Surroundings {
  readonly disk: Disk
  readonly clock: Clock
  readonly random: SeededRandom
}

/** Opens the log under test. */
export type OpenLog = (around: Surroundings) => Promise<LogStore>
