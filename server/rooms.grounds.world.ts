import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { Storage } from '@fermata/storage/port'
import { need } from '@fermata/testkit/needs'
import { startPostgres, type PostgresServer } from '@fermata/testkit/postgres'
import { roomsWorld, type RoomsWorld } from './rooms.world.ts'

/** Opens the rooms over an empty database; `around` may stand between them and it. */
export type OpenRooms = (around?: (storage: Storage) => Storage) => Promise<RoomsWorld>

const { skip, path } = need('postgresql')
let server: Promise<PostgresServer> | undefined
let databases = 0

after(async () => (await server)?.stop())

/** A new database in the PostgreSQL that all tests of this file share. */
async function newDatabase(): Promise<string> {
  server ??= startPostgres(path)
  const { url } = await server
  databases += 1
  const name = `rooms_${databases}`
  await promisify(execFile)(join(dirname(path), 'createdb'), [
    '--maintenance-db',
    url('postgres'),
    name,
  ])
  return url(name)
}

/** A test of the rooms that must pass over both databases. */
export function roomsTest(
  title: string,
  run: (open: OpenRooms, t: TestContext) => Promise<void>,
): void {
  test(`${title} (SQLite)`, (t) => run((around) => roomsWorld(t, undefined, around), t))
  test(`${title} (PostgreSQL)`, { skip }, async (t) => {
    const url = await newDatabase()
    await run((around) => roomsWorld(t, url, around), t)
  })
}
