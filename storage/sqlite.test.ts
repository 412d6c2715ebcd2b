import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { failOnFatal, realClock, type Adapter } from './contract.world.ts'
import { feedContract } from './feed.contract.ts'
import { openStorage } from './open.ts'
import type { Storage } from './port.ts'
import { storageContract } from './storage.contract.ts'

const fatal = failOnFatal()

const sqlite: Adapter = {
  name: 'SQLite',
  async create() {
    const folder = await mkdtemp(join(tmpdir(), 'fermata-'))
    const opened: Storage[] = []
    return {
      async open(migrations) {
        const storage = await openStorage({ folder, clock: realClock, migrations, fatal })
        opened.push(storage)
        return storage
      },
      async remove() {
        for (const storage of opened) await storage.close()
        await rm(folder, { recursive: true })
      },
    }
  },
}

storageContract(sqlite)
feedContract(sqlite)
