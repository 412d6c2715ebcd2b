import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { bytesOf, idText } from '@fermata/base/ids'
import { openStorage } from '@fermata/storage/open'
import { queriesOver } from '@fermata/storage/query'
import type { Migration, Storage } from '@fermata/storage/port'
import { fakeClock } from '@fermata/testkit/clock'
import { schedule, scheduleMigrations, setTimer, type TimerHandler } from './index.ts'

const query = queriesOver<{ effects: { slot: string; at: number } }>()
const addEffect = query<{ slot: string; at: number }>()((db, p) =>
  db.insertInto('effects').values({ slot: p.slot, at: p.at }),
)
const allEffects = query()<{ slot: string; at: number }>((db) =>
  db.selectFrom('effects').selectAll().orderBy('at').orderBy('slot'),
)
const effects: Migration = {
  id: '9000-effects',
  statements: ({ text, int }) => [
    `create table effects (slot ${text} not null, at ${int} not null)`,
  ],
}

const workspace = bytesOf(idText('wsp', new Uint8Array(16)))
const start = 1_700_000_000_000

async function world(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'fermata-schedule-'))
  const clock = fakeClock(start)
  const failures: unknown[] = []
  const migrations = [...scheduleMigrations, effects]
  const fatal = (error: Error) => assert.fail(error)
  const storage = await openStorage({ folder, clock, migrations, fatal })
  t.after(async () => {
    await storage.close()
    await rm(folder, { recursive: true })
  })
  const write: TimerHandler = async (tx, { slot, at }) => {
    await tx.run(addEffect, { slot, at })
    if (slot === 'poison' && failures.length === 0) throw new Error('the handler failed')
  }
  const open = () =>
    schedule({
      storage,
      clock,
      handlers: { pause: write, snooze: write, lease: write, send: write },
      failed: (error) => failures.push(error),
    })
  return { clock, storage, failures, open }
}

function set(storage: Storage, slot: string, at: number | null): Promise<void> {
  return storage.write((tx) =>
    setTimer(tx, { kind: 'pause', subject: workspace, slot, workspace, at }),
  )
}

function ran(storage: Storage) {
  return storage.read((tx) => tx.all(allEffects, {}))
}

test('what came due while the server was stopped runs late, once, in order', async (t) => {
  const { clock, storage, open } = await world(t)
  await set(storage, 'b', start + 2_000)
  await set(storage, 'a', start + 1_000)
  await set(storage, 'later', start + 90_000)
  clock.advance(60_000)
  const timetable = open()
  assert.equal(await timetable.runDue(), 2)
  assert.equal(await open().runDue(), 0)
  const expected = [
    { slot: 'a', at: start + 1_000 },
    { slot: 'b', at: start + 2_000 },
  ]
  assert.deepEqual(await ran(storage), expected)
})

test('a timer that is moved or cancelled runs at its new time or never', async (t) => {
  const { clock, storage, open } = await world(t)
  await set(storage, 'moved', start + 1_000)
  await set(storage, 'cancelled', start + 1_000)
  await set(storage, 'moved', start + 5_000)
  await set(storage, 'cancelled', null)
  const timetable = open()
  clock.advance(2_000)
  assert.equal(await timetable.runDue(), 0)
  clock.advance(4_000)
  assert.equal(await timetable.runDue(), 1)
  assert.deepEqual(await ran(storage), [{ slot: 'moved', at: start + 5_000 }])
})

test('a timer that is moved while those before it run is left alone', async (t) => {
  const { clock, storage } = await world(t)
  await set(storage, 'first', start + 1)
  await set(storage, 'second', start + 2)
  const ran: string[] = []
  const timetable = schedule({
    storage,
    clock,
    handlers: {
      pause: async (tx, { kind, subject, slot }) => {
        ran.push(slot)
        const later = { kind, subject, slot: 'second', workspace, at: start + 60_000 }
        if (slot === 'first') await setTimer(tx, later)
      },
      snooze: () => assert.fail('no snooze was set'),
      lease: () => assert.fail('nothing was leased'),
      send: () => assert.fail('nothing was to be sent'),
    },
    failed: (error) => assert.fail(String(error)),
  })
  clock.advance(1_000)
  await timetable.runDue()
  assert.deepEqual(ran, ['first'])
})

test('two servers that look at the same time run a timer once', async (t) => {
  const { clock, storage, open } = await world(t)
  for (let n = 0; n < 50; n++) await set(storage, `t${n}`, start + n)
  clock.advance(1_000)
  const [one, other] = await Promise.all([open().runDue(), open().runDue()])
  assert.equal(one + other, 50)
  assert.equal((await ran(storage)).length, 50)
})

test('a timer that fails keeps nothing of what it did, holds up nobody, and is tried again', async (t) => {
  const { clock, storage, failures, open } = await world(t)
  await set(storage, 'poison', start + 1_000)
  await set(storage, 'next', start + 2_000)
  clock.advance(3_000)
  const timetable = open()
  assert.equal(await timetable.runDue(), 1)
  assert.equal(failures.length, 1)
  assert.deepEqual(await ran(storage), [{ slot: 'next', at: start + 2_000 }])
  clock.advance(60_000)
  assert.equal(await timetable.runDue(), 1)
  assert.equal((await ran(storage)).length, 2)
})

test('a running timetable wakes for the next timer, also for one set meanwhile', async (t) => {
  const { clock, storage } = await world(t)
  const woken: string[] = []
  const timetable = schedule({
    storage,
    clock,
    handlers: {
      pause: async (_, { slot }) => void woken.push(slot),
      snooze: () => assert.fail('no snooze was set'),
      lease: () => assert.fail('nothing was leased'),
      send: () => assert.fail('nothing was to be sent'),
    },
    failed: (error) => assert.fail(String(error)),
  })
  /** Lets the timers that are armed run, and what they began come to its end. */
  const pass = async (ms: number) => {
    for (let turn = 0; turn < 20; turn++) {
      clock.advance(turn === 0 ? ms : 0)
      await storage.write(async () => undefined)
    }
  }
  await set(storage, 'far', start + 3_600_000)
  timetable.start()
  t.after(() => timetable.stop())
  await pass(100)
  await set(storage, 'soon', start + 500)
  timetable.wake(start + 500)
  await pass(400)
  assert.deepEqual(woken, ['soon'])
  // An hour in steps of the longest wait, with a wall clock that is set back in between.
  clock.setWall(start - 60_000)
  for (let step = 0; step < 125; step++) await pass(30_000)
  assert.deepEqual(woken, ['soon', 'far'])
})
