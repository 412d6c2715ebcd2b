import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { limits } from '@fermata/base/limits'
import { allThings, insertThing, thing, thingsMigration } from './contract.world.ts'
import { StorageFull, type Migration, type Storage } from './port.ts'
import { openedSqlite } from './sqlite.world.ts'

const names = (storage: Storage): Promise<string[]> =>
  storage.read(async (tx) => (await tx.all(allThings, {})).map((one) => one.name))

/** Writes until the disk is full; answers the names of all that was acknowledged. */
async function fill(storage: Storage, prefix: string): Promise<string[]> {
  const kept: string[] = []
  for (let batch = 0; batch < 2_000; batch++) {
    const made = Array.from({ length: 4 }, (_, i) => `${prefix}${batch}.${i}`)
    const note = 'x'.repeat(3_000)
    const done = await Promise.allSettled(
      made.map((name) => storage.write((tx) => tx.run(insertThing, { ...thing(name), note }))),
    )
    await storage.durable()
    for (const [i, one] of done.entries()) {
      if (one.status === 'fulfilled') kept.push(made[i]!)
      else assert.ok(one.reason instanceof StorageFull, String(one.reason))
    }
    if (done.some((one) => one.status === 'rejected')) return kept
  }
  throw new Error('the disk never became full')
}

test('a statement that finds the database full takes the whole batch back, and reads go on', async (t) => {
  // The limit is a setting of the connection, so that a step of the schema can set it.
  const small: Migration = { id: '0002-small', statements: () => ['pragma max_page_count = 100'] }
  const storage = await openedSqlite(t, { migrations: [thingsMigration, small] })
  const kept = await fill(storage, 'a')
  assert.ok(kept.length > 0)
  assert.deepEqual(await names(storage), kept.toSorted())
  await assert.rejects(
    storage.write((tx) => tx.run(insertThing, { ...thing('late'), note: 'x'.repeat(500_000) })),
    StorageFull,
  )
  const goesOn = await storage.write((tx) => tx.all(allThings, {}))
  assert.equal(goesOn.length, kept.length)
})

test('an action that hides a full database is rejected all the same', async (t) => {
  const small: Migration = { id: '0002-small', statements: () => ['pragma max_page_count = 100'] }
  const storage = await openedSqlite(t, { migrations: [thingsMigration, small] })
  const hidden = storage.write(async (tx) => {
    const note = 'x'.repeat(500_000)
    await tx.run(insertThing, { ...thing('big'), note }).catch(() => {})
    return 'kept'
  })
  await assert.rejects(hidden, /transaction was lost/)
  assert.deepEqual(await names(storage), [])
})

async function fillAndFree(t: TestContext, disk: string): Promise<void> {
  const ballast = [1, 4].map((megabytes) => {
    const path = join(disk, `ballast-${megabytes}`)
    writeFileSync(path, new Uint8Array(megabytes * 1024 * 1024))
    return path
  })
  const folder = join(disk, 'data')
  const storage = await openedSqlite(t, { folder })
  const kept = await fill(storage, 'a')
  assert.ok(kept.length > 0)
  assert.deepEqual(await names(storage), kept.toSorted())
  rmSync(ballast[0]!)
  kept.push(...(await fill(storage, 'b')))
  assert.deepEqual(await names(storage), kept.toSorted())
  assert.ok(kept.some((name) => name.startsWith('b')))
  await storage.close()
  await assert.rejects(openedSqlite(t, { folder }), StorageFull)
  rmSync(ballast[1]!)
  const again = await openedSqlite(t, { folder })
  assert.deepEqual(await names(again), kept.toSorted(), 'all that was acknowledged, and no more')
  await again.close()
}

test(
  'on a full disk actions are refused, reads go on, and with room again so do actions',
  { skip: process.getuid?.() === 0 ? false : 'only root may mount a small disk' },
  async (t) => {
    const disk = await mkdtemp(join(tmpdir(), 'fermata-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=7m', 'fermata-test', disk])
    try {
      await fillAndFree(t, disk)
    } finally {
      execFileSync('umount', [disk])
      rmdirSync(disk)
    }
  },
)

test('more actions than may wait are refused, and those that wait are done', async (t) => {
  const storage = await openedSqlite(t)
  const actions = Array.from({ length: limits.writeQueueActionsMax + 1 }, (_, i) =>
    storage.write(async () => i),
  )
  await assert.rejects(actions.pop()!, (error) => {
    assert.ok(error instanceof StorageFull)
    assert.match(error.message, /writeQueueActionsMax/)
    return true
  })
  assert.equal((await Promise.all(actions)).length, limits.writeQueueActionsMax)
})
