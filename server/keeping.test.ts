import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { openStorage } from '@fermata/storage/open'
import { fakeClock } from '@fermata/testkit/clock'
import { openKeeping } from './keeping.ts'

test('old events are let go now and then, until the server stops', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-keeping-'))
  const clock = fakeClock()
  const fatal = (error: Error) => assert.fail(error)
  const storage = await openStorage({ folder, clock, migrations: [], fatal })
  t.after(async () => {
    await storage.close()
    rmSync(folder, { recursive: true })
  })
  const workspace = new Uint8Array(16).fill(7)
  const empty = { place: null, conversation: null, contact: null, only: null, actor: null }
  const emit = (events: number) =>
    storage.write(async (tx) => {
      for (let i = 0; i < events; i++) {
        tx.emit({ ...empty, workspace, at: clock.now(), type: 'mine.changed', body: {} })
      }
    })
  const tail = async () => (await storage.read((tx) => storage.bounds(tx, workspace))).tail

  const failed = (error: unknown) => assert.fail(String(error))
  let asked = 0
  const forget = [async (): Promise<number> => ++asked]
  const keeping = openKeeping({ storage, clock, eventsKept: 5, forget, failed })
  await emit(12)
  assert.equal(await keeping.keep(), 7)
  assert.equal(await tail(), 7)

  await emit(4)
  clock.advance(limits.keepingMs)
  while ((await tail()) !== 11) await new Promise((resolve) => setImmediate(resolve))
  // Files that were never sent are forgotten at the same times.
  while (asked !== 2) await new Promise((resolve) => setImmediate(resolve))
  keeping.stop()
})
