import { after } from 'node:test'
import { Client } from 'pg'
import { need } from '@fermata/testkit/needs'
import { startPostgres, type PostgresServer } from '@fermata/testkit/postgres'
import { failOnFatal, realClock, type Adapter } from './contract.world.ts'
import { feedContract } from './feed.contract.ts'
import { openStorage } from './open.ts'
import type { Storage } from './port.ts'
import { storageContract } from './storage.contract.ts'

const postgresql = need('postgresql')
const fatal = failOnFatal()

let server: PostgresServer | undefined
let databases = 0
after(() => server?.stop())

/** Makes an empty database and answers its address. */
async function emptyDatabase(): Promise<string> {
  server ??= await startPostgres(postgresql.path)
  const name = `test_${databases++}`
  const admin = new Client(server.url('postgres'))
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  return server.url(name)
}

const postgres: Adapter = {
  name: 'PostgreSQL',
  skip: postgresql.skip,
  async create() {
    const databaseUrl = await emptyDatabase()
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
