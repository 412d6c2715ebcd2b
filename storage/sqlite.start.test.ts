import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { allThings, insertThing, thing, thingsMigration } from './contract.world.ts'
import { UnknownData } from './migrate.ts'
import type { Migration, Storage } from './port.ts'
import { databaseFile } from './sqlite.ts'
import { FolderInUse } from './sqlite.start.ts'
import { openedSqlite, temporaryFolder } from './sqlite.world.ts'

const names = (storage: Storage): Promise<string[]> =>
  storage.read(async (tx) => (await tx.all(allThings, {})).map((one) => one.name))

test('a folder that a server uses is refused by name, until that server has ended', async (t) => {
  const folder = await temporaryFolder(t)
  const first = await openedSqlite(t, { folder })
  await assert.rejects(openedSqlite(t, { folder }), (error) => {
    assert.ok(error instanceof FolderInUse)
    assert.ok(error.message.includes(folder))
    return true
  })
  assert.deepEqual(await names(first), [], 'the first goes on')
  await first.close()
  await openedSqlite(t, { folder })
})

/** Starts a process that opens the folder, writes one thing and stays. */
async function startHolder(t: TestContext, folder: string): Promise<ReturnType<typeof spawn>> {
  const program = fileURLToPath(new URL('./sqlite.holder.ts', import.meta.url))
  const holder = spawn(process.execPath, [program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  return holder
}

test('another process is refused too, and a killed one leaves nothing that is in the way', async (t) => {
  const folder = await temporaryFolder(t)
  const holder = await startHolder(t, folder)
  await assert.rejects(openedSqlite(t, { folder }), FolderInUse)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const wal = join(folder, `${databaseFile}-wal`)
  assert.ok(statSync(wal).size > 0, 'the killed process left commits in the WAL')
  const storage = await openedSqlite(t, { folder })
  assert.deepEqual(await names(storage), ['written before the kill'])
  assert.equal(statSync(wal).size, 0, 'all of it is in the database file before anything is served')
})

test('the data folder is made with all above it, and only its owner may look into it', async (t) => {
  const folder = join(await temporaryFolder(t), 'a', 'b')
  await openedSqlite(t, { folder })
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  const files = readdirSync(folder).sort()
  assert.deepEqual(
    files,
    ['people.db', 'people.db-shm', 'people.db-wal', 'server.lock'],
    'nothing else lies in the folder',
  )
})

test('a folder in which the database cannot be made is refused with the cause', async (t) => {
  const folder = await temporaryFolder(t)
  writeFileSync(join(folder, 'file'), '')
  await assert.rejects(openedSqlite(t, { folder: join(folder, 'file', 'data') }), /ENOTDIR/)
})

const second: Migration = {
  id: '0002-more',
  statements: ({ int }) => [`create table more (n ${int} not null)`],
}

test('a program that reads the database while it opens is refused, not waited for', async (t) => {
  const folder = await temporaryFolder(t)
  const holder = await startHolder(t, folder)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const reader = new DatabaseSync(join(folder, databaseFile), { readOnly: true })
  reader.exec('begin')
  reader.prepare('select count(*) from things').get()
  await assert.rejects(openedSqlite(t, { folder }), (error) => {
    assert.ok(error instanceof FolderInUse)
    assert.match(error.message, /people\.db/)
    return true
  })
  reader.close()
  const storage = await openedSqlite(t, { folder })
  assert.deepEqual(await names(storage), ['written before the kill'])
})

test('the schema of a new database is in its file before anything is served', async (t) => {
  const storage = await openedSqlite(t)
  assert.equal(storage.figures()['wal_file_bytes'], 0)
})

test('each migration runs once, in order of the ids, and new ones run at the next start', async (t) => {
  const folder = await temporaryFolder(t)
  const first = await openedSqlite(t, { folder })
  await first.write((tx) => tx.run(insertThing, thing('a')))
  await first.close()
  const later = await openedSqlite(t, { folder, migrations: [second, thingsMigration] })
  assert.deepEqual(await names(later), ['a'])
})

test('data of a newer version is refused by the name of the migration, and is not touched', async (t) => {
  const folder = await temporaryFolder(t)
  const newer = await openedSqlite(t, { folder, migrations: [thingsMigration, second] })
  await newer.close()
  await assert.rejects(openedSqlite(t, { folder }), (error) => {
    assert.ok(error instanceof UnknownData)
    assert.match(error.message, /newer version of Fermata.*0002-more/)
    return true
  })
  await openedSqlite(t, { folder, migrations: [thingsMigration, second] })
})

test('a migration whose text has changed since it ran is refused by name', async (t) => {
  const folder = await temporaryFolder(t)
  await (await openedSqlite(t, { folder })).close()
  const changed: Migration = {
    id: thingsMigration.id,
    statements: (types) => [...thingsMigration.statements(types), 'create table extra (n integer)'],
  }
  await assert.rejects(openedSqlite(t, { folder, migrations: [changed] }), (error) => {
    assert.ok(error instanceof UnknownData)
    assert.match(error.message, /0001-things/)
    return true
  })
})

test('a migration that fails leaves nothing of itself and names itself', async (t) => {
  const folder = await temporaryFolder(t)
  const broken: Migration = {
    id: '0002-more',
    statements: ({ int }) => [`create table more (n ${int})`, 'create nonsense'],
  }
  await assert.rejects(
    openedSqlite(t, { folder, migrations: [thingsMigration, broken] }),
    /the migration 0002-more failed/,
  )
  const storage = await openedSqlite(t, { folder, migrations: [thingsMigration, second] })
  assert.deepEqual(await names(storage), [])
  assert.equal(existsSync(join(folder, databaseFile)), true)
})
