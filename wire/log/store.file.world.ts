import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fakeClock, type FakeClock } from '@fermata/testkit/clock'
import type { World } from './contract.world.ts'
import type { Disk } from './disk.ts'
import { openNodeDisk, type NodeDisk } from './disk.node.ts'
import { logSizes, type LogSizes } from './sizes.ts'
import { openFileLog, type FileLog } from './store.file.ts'

/** So small that files fill, roll and are used again within a test. */
export const smallSizes: LogSizes = {
  ...logSizes,
  journalFileBytes: 256 * 1024,
  journalFilesMax: 6,
  arenaBytes: 128 * 1024,
  arenasBytesMax: 512 * 1024,
  checkpointBytes: 128 * 1024,
  checkpointBytesPerPartition: 0,
  copyBytes: 64 * 1024,
  indexEveryBytes: 1024,
  indexesMax: 4,
  filesMax: 8,
  batchBytesMax: 128 * 1024 - 64,
}

/** A log in a temporary folder. */
export interface FileWorld extends World {
  readonly log: FileLog
  readonly folder: string
  readonly clock: FakeClock
  /** Closes the log and opens it again. */
  reopen(): Promise<FileLog>
}

/** Random enough for a test: nobody guesses there. */
function randomU32(): number {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1))
  return number
}

/** A disk whose flushes can be held. */
function holding(disk: Disk, held: () => Promise<void> | undefined): Disk {
  return {
    ...disk,
    async openFlushed(path) {
      const file = await disk.openFlushed(path)
      return {
        close: () => file.close(),
        async put(position, parts) {
          await held()
          await file.put(position, parts)
        },
      }
    },
  }
}

/** Opens a log of small parts in a folder that is removed after the test. */
export async function openFileWorld(
  t: TestContext,
  sizes: LogSizes = smallSizes,
): Promise<FileWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'fermata-log-'))
  const clock = fakeClock()
  let held: Promise<void> | undefined
  let disk: NodeDisk | undefined
  let log: FileLog | undefined
  const open = async (): Promise<FileLog> => {
    disk = await openNodeDisk(folder)
    log = await openFileLog({ disk: holding(disk, () => held), clock, randomU32, sizes })
    return log
  }
  const close = async (): Promise<void> => {
    await log?.close()
    await disk?.close()
  }
  t.after(async () => {
    await close()
    await rm(folder, { recursive: true })
  })
  return {
    log: await open(),
    folder,
    clock,
    async reopen() {
      await close()
      return open()
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return () => {
        held = undefined
        resolve()
      }
    },
  }
}
