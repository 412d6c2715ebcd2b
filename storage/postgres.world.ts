import { after, type TestContext } from 'node:test'
import { Client } from 'pg'
import { afterwards } from '@fermata/testkit/afterwards'
import { need } from '@fermata/testkit/needs'
import { startPostgres, type PostgresServer } from '@fermata/testkit/postgres'
import { realClock, thingsMigration } from './contract.world.ts'
import type { Storage } from './port.ts'
import { openPostgres, type PostgresOptions } from './postgres.ts'

/** A PostgreSQL server for the tests of one file. */
export interface PostgresWorld {
  /** Why tests that need it are skipped, or false. */
  readonly skip: string | false
  /** The server; started when it is first asked for. */
  server(): Promise<PostgresServer>
  /** Makes an empty database and answers its address. */
  emptyDatabase(): Promise<string>
  /** Runs one statement as an administrator of the server. */
  admin(statement: string): Promise<void>
}

/** Makes the world; the server ends with the file's last test. */
export function openPostgresWorld(): PostgresWorld {
  const { skip, path } = need('postgresql')
  let started: Promise<PostgresServer> | undefined
  let databases = 0
  after(async () => (await started)?.stop())

  const server = (): Promise<PostgresServer> => (started ??= startPostgres(path))
  const admin = async (statement: string): Promise<void> => {
    const client = new Client((await server()).url('postgres'))
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  return {
    skip,
    server,
    admin,
    async emptyDatabase() {
      const name = `test_${databases++}`
      await admin(`create database ${name}`)
      return (await server()).url(name)
    },
  }
}

/** Opens a database on PostgreSQL that is closed when the test ends. */
export async function openedPostgres(
  t: TestContext,
  url: string,
  options: Partial<PostgresOptions> = {},
): Promise<Storage> {
  const storage = await openPostgres({
    url,
    clock: realClock,
    migrations: [thingsMigration],
    ...options,
  })
  afterwards(t, () => storage.close())
  return storage
}
