import type { SeededRandom } from '@fermata/testkit/random'
import type { FakeDisk } from './disk.ts'
import type { Excuse } from './stage.ts'

/**
 * Something goes wrong with the disk, seldom, and some of it passes. Answers what the log may say
 * about it from now on; undefined while nothing new is wrong.
 */
export function makeTrouble(random: SeededRandom, disk: FakeDisk): Excuse | undefined {
  if (random.chance(0.02)) endTroubles(disk)
  if (!random.chance(0.006)) return undefined
  const { faults } = disk
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      faults.bytesMax = disk.bytesUsed() + random.below(6_000)
      return 'disk_full'
    case 3:
    case 4:
      faults.filesOpenMax = disk.filesOpen() + random.below(2)
      return 'files_exhausted'
    case 5:
      faults.isReadOnly = true
      return 'disk_read_only'
    case 6:
      faults.failsWrite = true
      return 'ended'
    default:
      faults.failsFlush = random.pick(['all', 'once'])
      return 'ended'
  }
}

/** Whatever passes by itself is over. */
export function endTroubles({ faults }: FakeDisk): void {
  faults.bytesMax = Number.POSITIVE_INFINITY
  faults.filesOpenMax = Number.POSITIVE_INFINITY
  faults.isReadOnly = false
}
