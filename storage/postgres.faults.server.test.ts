import assert from 'node:assert/strict'
import { setImmediate as macrotask } from 'node:timers/promises'
import { test } from 'node:test'
import { CompiledQuery } from 'kysely'
import { limits } from '@fermata/base/limits'
import { afterwards } from '@fermata/testkit/afterwards'
import { fakeClock } from '@fermata/testkit/clock'
import { startPostgres } from '@fermata/testkit/postgres'
import { need } from '@fermata/testkit/needs'
import { until } from '@fermata/testkit/until'
import {
  addToNumber,
  allThings,
  event,
  insertThing,
  newId,
  plain,
  thing,
  thingsMigration,
} from './contract.world.ts'
import { UnknownData } from './migrate.ts'
import { ReadTooLong, type Storage } from './port.ts'
import { UnsafeServer } from './postgres.connections.ts'
import { openedPostgres, openPostgresWorld } from './postgres.world.ts'

const world = openPostgresWorld()
// A test that waits for a message which never comes fails instead of waiting for ever.
const options = { skip: world.skip, timeout: 180_000 }

/** Resolves when the storage's listeners have heard of a head. */
function heard(storage: Storage, workspace: Uint8Array, head: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = storage.onHead((of, grown) => {
      if (grown < head || String(plain(of)) !== String(plain(workspace))) return
      stop()
      resolve()
    })
  })
}

/** Ends all connections to a database, as a restart of the server or a failing network would. */
async function cutConnections(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  await world.admin(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
  )
}

/** Tries until it succeeds; answers the failures in between. */
async function untilDone(action: () => Promise<unknown>): Promise<unknown[]> {
  const failures: unknown[] = []
  await until('it recovers', async () => {
    try {
      await action()
      return true
    } catch (error) {
      failures.push(error)
      return false
    }
  })
  return failures
}

test(
  'a server that skips its flushes is refused by the name of the setting',
  options,
  async (t) => {
    for (const setting of ['fsync', 'full_page_writes']) {
      const server = await startPostgres(need('postgresql').path, { [setting]: 'off' })
      afterwards(t, () => server.stop())
      await assert.rejects(openedPostgres(t, server.url('postgres')), (error) => {
        assert.ok(error instanceof UnsafeServer)
        assert.match(error.message, new RegExp(`${setting}=off`))
        return true
      })
    }
  },
)

test(
  'a session acknowledges only what is on disk, whatever the server’s default',
  options,
  async (t) => {
    const url = await world.emptyDatabase()
    await world.admin(
      `alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`,
    )
    const storage = await openedPostgres(t, url)
    const { rows } = await storage
      .kysely()
      .executeQuery<{ synchronous_commit: string }>(CompiledQuery.raw('show synchronous_commit'))
    assert.deepEqual(rows, [{ synchronous_commit: 'on' }])
  },
)

test('nodes wake each other', options, async (t) => {
  const url = await world.emptyDatabase()
  // No clock moves, so that only a message can wake the other node.
  const [here, there] = [
    await openedPostgres(t, url, { clock: fakeClock() }),
    await openedPostgres(t, url, { clock: fakeClock() }),
  ]
  const workspace = newId()
  const woken = [heard(there, workspace, 1), heard(here, workspace, 2), heard(there, workspace, 3)]
  await here.write(async (tx) => tx.emit(event(workspace)))
  await there.write(async (tx) => tx.emit(event(workspace)))
  await here.write(async (tx) => tx.emit(event(workspace)))
  await Promise.all(woken)
})

test(
  'after its connections were cut a node works again and hears what it missed',
  options,
  async (t) => {
    const url = await world.emptyDatabase()
    const clock = fakeClock()
    // The clock of the first stands still: it cannot connect again to tell of its commit later.
    const here = await openedPostgres(t, url, { clock: fakeClock() })
    const there = await openedPostgres(t, url, { clock })
    const workspace = newId()
    await there.write((tx) => tx.run(insertThing, thing('a')))
    const missed = heard(there, workspace, 1)
    await cutConnections(url)
    for (const node of [here, there]) {
      while (node.figures()['listener_lost_total'] === 0) await macrotask()
    }
    await untilDone(() => here.write(async (tx) => tx.emit(event(workspace))))
    clock.advance(limits.postgresReconnectMs)
    await missed
    await untilDone(() => there.write((tx) => tx.run(insertThing, thing('b'))))
    const things = await there.read((tx) => tx.all(allThings, {}))
    assert.deepEqual(
      things.map((one) => one.name),
      ['a', 'b'],
    )
  },
)

test(
  'a node that a message never reached reads the heads by itself after a while',
  options,
  async (t) => {
    const url = await world.emptyDatabase()
    const clock = fakeClock()
    const storage = await openedPostgres(t, url, { clock })
    const workspace = newId()
    const told = heard(storage, workspace, 7)
    // A commit whose node died before it could tell the others.
    await storage
      .kysely()
      .executeQuery(
        CompiledQuery.raw(
          `insert into feed_heads values ('${Buffer.from(workspace).toString('hex')}', 7, 0)`,
        ),
      )
    clock.advance(limits.postgresHeadsPollMs)
    await told
  },
)

test(
  'an action whose connection is cut fails with the reason, and nothing of it is kept',
  options,
  async (t) => {
    const url = await world.emptyDatabase()
    const storage = await openedPostgres(t, url)
    const cut = storage.write(async (tx) => {
      await tx.run(insertThing, thing('a'))
      await cutConnections(url)
      await tx.run(insertThing, thing('b'))
    })
    await assert.rejects(cut, /terminat|not queryable/)
    await untilDone(() => storage.write((tx) => tx.run(insertThing, thing('c'))))
    const things = await storage.read((tx) => tx.all(allThings, {}))
    assert.deepEqual(
      things.map((one) => one.name),
      ['c'],
    )
  },
)

test(
  'while the server is away every call fails with its cause, and afterwards all is well',
  options,
  async (t) => {
    const server = await startPostgres(need('postgresql').path)
    afterwards(t, () => server.stop())
    const storage = await openedPostgres(t, server.url('postgres'))
    await storage.write((tx) => tx.run(insertThing, thing('a')))
    await server.crash()
    const write = (): Promise<number> => storage.write((tx) => tx.run(insertThing, thing('b')))
    await assert.rejects(write())
    await assert.rejects(write(), (error) => {
      assert.ok(error instanceof Error)
      assert.match(error.message, /cannot be reached/)
      assert.ok(error.cause instanceof Error)
      return true
    })
    await server.start()
    await untilDone(write)
    const things = await storage.read((tx) => tx.all(allThings, {}))
    assert.deepEqual(
      things.map((one) => one.name),
      ['a', 'b'],
    )
  },
)

test('actions that deadlock run again until both are done', options, async (t) => {
  const storage = await openedPostgres(t, await world.emptyDatabase())
  await storage.write(async (tx) => {
    for (const name of ['a', 'b']) await tx.run(insertThing, thing(name))
  })
  const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const crossing = (first: string, second: string, mine: number): Promise<number | undefined> =>
    storage.write(async (tx) => {
      await tx.get(addToNumber, { name: first, by: 1 })
      both[mine]!.resolve()
      await both[1 - mine]!.promise
      return (await tx.get(addToNumber, { name: second, by: 1 }))?.number
    })
  await Promise.all([crossing('a', 'b', 0), crossing('b', 'a', 1)])
  const things = await storage.read((tx) => tx.all(allThings, {}))
  assert.deepEqual(
    things.map((one) => one.number),
    [2, 2],
  )
  assert.ok(storage.figures()['attempts_repeated_total']! >= 1)
})

test(
  'an action that hides the failure of a statement is rejected all the same',
  options,
  async (t) => {
    const storage = await openedPostgres(t, await world.emptyDatabase())
    await storage.write((tx) => tx.run(insertThing, thing('a')))
    const hidden = storage.write(async (tx) => {
      await tx.run(insertThing, thing('b'))
      await tx.run(insertThing, thing('a')).catch(() => {})
      return 'kept'
    })
    await assert.rejects(hidden, /nothing of it was kept/)
    const workspace = newId()
    const withEvents = storage.write(async (tx) => {
      tx.emit(event(workspace))
      await tx.run(insertThing, thing('a')).catch(() => {})
    })
    await assert.rejects(withEvents)
    assert.deepEqual(await storage.read((tx) => storage.bounds(tx, workspace)), {
      head: 0,
      tail: 0,
    })
  },
)

test('a read that holds its snapshot too long is cut off', options, async (t) => {
  const clock = fakeClock()
  const storage = await openedPostgres(t, await world.emptyDatabase(), { clock })
  const begun = Promise.withResolvers<void>()
  const forGood = Promise.withResolvers<void>()
  const slow = storage.read(async (tx) => {
    await tx.all(allThings, {})
    begun.resolve()
    await forGood.promise
  })
  await begun.promise
  clock.advance(limits.readTransactionMsMax)
  await assert.rejects(slow, ReadTooLong)
  forGood.resolve()
  assert.deepEqual(await storage.read((tx) => tx.all(allThings, {})), [])
})

test('nodes that start together bring the schema up to date once', options, async (t) => {
  const url = await world.emptyDatabase()
  await Promise.all([openedPostgres(t, url), openedPostgres(t, url), openedPostgres(t, url)])
})

test('data of a newer version is refused by the name of the migration', options, async (t) => {
  const url = await world.emptyDatabase()
  const newer = { id: '0002-more', statements: () => ['create table more (n bigint)'] }
  await openedPostgres(t, url, { migrations: [thingsMigration, newer] })
  await assert.rejects(openedPostgres(t, url), (error) => {
    assert.ok(error instanceof UnknownData)
    assert.match(error.message, /0002-more/)
    return true
  })
})

test('a server that cannot be reached is an error with its cause', options, async (t) => {
  const nobody = openedPostgres(t, 'postgres://fermata@127.0.0.1:1/none')
  await assert.rejects(nobody, (error) => {
    assert.ok(error instanceof Error)
    assert.match(error.message, /cannot be reached/)
    assert.ok(error.cause instanceof Error)
    return true
  })
})
