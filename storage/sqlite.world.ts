import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { afterwards } from '@fermata/testkit/afterwards'
import { thingsMigration, realClock } from './contract.world.ts'
import type { Flusher } from './flush.ts'
import type { Storage } from './port.ts'
import { openSqlite, type SqliteOptions } from './sqlite.ts'

/** Makes a folder that is removed when the test ends, after the databases in it were closed. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fermata-'))
  afterwards(t, () => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Opens an embedded database that is closed when the test ends; a fatal error fails the test. */
export async function openedSqlite(
  t: TestContext,
  options: Partial<SqliteOptions> = {},
): Promise<Storage> {
  const storage = await openSqlite({
    folder: options.folder ?? (await temporaryFolder(t)),
    clock: realClock,
    migrations: [thingsMigration],
    fatal(error) {
      // Not for whoever calls it: closing the storage must still be possible.
      queueMicrotask(() => {
        throw error
      })
    },
    ...options,
  })
  afterwards(t, () => storage.close())
  return storage
}

/** A flusher whose flushes end by hand. */
export interface FlusherByHand extends Flusher {
  /** The flushes that have started and not ended, at most one. */
  readonly started: PromiseWithResolvers<void>[]
  /** From now on every flush ends at once, those that wait too. */
  letAll(): void
}

/** Makes a flusher whose flushes end by hand until the test ends; made before its database and its folder. */
export function flusherByHand(t: TestContext): FlusherByHand {
  const started: PromiseWithResolvers<void>[] = []
  let all = false
  const letAll = (): void => {
    all = true
    for (const flush of started.splice(0)) flush.resolve()
  }
  // Otherwise a failed test would wait for ever at the gate of its database.
  t.after(letAll)
  return {
    started,
    letAll,
    flush() {
      if (all) return Promise.resolve()
      const flush = Promise.withResolvers<void>()
      started.push(flush)
      return flush.promise
    },
    close: () => Promise.resolve(),
  }
}
