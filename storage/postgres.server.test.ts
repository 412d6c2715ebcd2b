import { openPostgresWorld } from './postgres.world.ts'
import { failOnFatal, realClock, type Adapter } from './contract.world.ts'
import { feedContract } from './feed.contract.ts'
import { openStorage } from './open.ts'
import type { Storage } from './port.ts'
import { storageContract } from './storage.contract.ts'

const fatal = failOnFatal()
const world = openPostgresWorld()

const postgres: Adapter = {
  name: 'PostgreSQL',
  skip: world.skip,
  async create() {
    const databaseUrl = await world.emptyDatabase()
    const opened: Storage[] = []
    return {
      async open(migrations) {
        const options = { folder: '', databaseUrl, clock: realClock, migrations, fatal }
        const storage = await openStorage(options)
        opened.push(storage)
        return storage
      },
      async remove() {
        for (const storage of opened) await storage.close()
      },
    }
  },
}

storageContract(postgres)
feedContract(postgres)
