import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as macrotask } from 'node:timers/promises'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { fakeClock, type FakeClock } from '@fermata/testkit/clock'
import { until } from '@fermata/testkit/until'
import { openCheckpoints, type Checkpoints } from './checkpoints.ts'
import {
  openCheckpointThread,
  type CheckpointAnswer,
  type CheckpointRequest,
} from './checkpoint.thread.ts'
import { allThings, insertThing, thing } from './contract.world.ts'
import { StorageFull } from './port.ts'
import { openedSqlite, temporaryFolder } from './sqlite.world.ts'

const full = { message: 'database or disk is full', code: 13 }

/** Checkpoints over a WAL and a thread that the test moves by hand. */
interface World {
  readonly checkpoints: Checkpoints
  readonly clock: FakeClock
  readonly wal: { bytes: number; fileBytes: number }
  /** What was asked of the thread, and `pause` and `resume` of the writer, in order. */
  readonly asked: string[]
  readonly fatal: Error[]
  /** Answers the request that runs. */
  answer(answer: CheckpointAnswer): Promise<void>
  readonly requests: CheckpointRequest[]
}

function world(): World {
  const clock = fakeClock()
  const wal = { bytes: 0, fileBytes: 0 }
  const asked: string[] = []
  const requests: CheckpointRequest[] = []
  const fatal: Error[] = []
  let running: PromiseWithResolvers<CheckpointAnswer> | undefined
  const checkpoints = openCheckpoints({
    clock,
    thread: {
      wake: () => undefined,
      checkpoint(request) {
        asked.push(request.mode)
        requests.push(request)
        running = Promise.withResolvers<CheckpointAnswer>()
        return running.promise
      },
      close: () => Promise.resolve(),
    },
    walBytes: () => wal.bytes,
    walFileBytes: () => wal.fileBytes,
    takeTurn() {
      asked.push('pause')
      return Promise.resolve(() => asked.push('resume'))
    },
    fatal: (error) => fatal.push(error),
  })
  const answer = async (given: CheckpointAnswer): Promise<void> => {
    running!.resolve(given)
    await macrotask()
  }
  return { checkpoints, clock, wal, asked, requests, fatal, answer }
}

test('a short WAL is left alone', () => {
  const { checkpoints, wal, asked } = world()
  wal.bytes = limits.walBytesSoftMax - 1
  checkpoints.look()
  assert.deepEqual(asked, [])
})

test('a long WAL is copied beside the writer, which pauses only for what is left', async () => {
  const { checkpoints, wal, asked, answer } = world()
  wal.bytes = limits.walBytesSoftMax
  checkpoints.look()
  checkpoints.look()
  assert.deepEqual(asked, ['passive'])
  await answer({ done: true })
  assert.deepEqual(asked, ['passive', 'pause', 'restart'])
  await answer({ done: true })
  assert.deepEqual(asked, ['passive', 'pause', 'restart', 'resume'])
})

test('a WAL file that became very long is cut, an ordinary one is kept', async () => {
  const { checkpoints, wal, asked, answer } = world()
  wal.bytes = limits.walBytesSoftMax
  wal.fileBytes = limits.walFileBytesKeptMax + 1
  checkpoints.look()
  await answer({ done: true })
  assert.equal(asked.at(-1), 'truncate')
})

test('when a reader is in the way, the writer goes on and the next try comes later', async () => {
  const { checkpoints, clock, wal, asked, answer } = world()
  wal.bytes = limits.walBytesSoftMax
  checkpoints.look()
  await answer({ done: true })
  await answer({ done: false })
  assert.equal(asked.at(-1), 'resume')
  checkpoints.look()
  assert.equal(asked.length, 4, 'not at once')
  clock.advance(limits.walRetryMs)
  checkpoints.look()
  assert.equal(asked.length, 5)
  assert.equal(checkpoints.refusal(), undefined)
})

test('at the hard limit the writer stands still at once, until the checkpoint has ended', async () => {
  const { checkpoints, wal, asked, requests, answer } = world()
  wal.bytes = limits.walBytesSoftMax
  checkpoints.look()
  wal.bytes = limits.walBytesHardMax
  checkpoints.look()
  checkpoints.look()
  assert.deepEqual(asked, ['passive', 'pause'])
  await answer({ done: true })
  assert.equal(requests.at(-1)!.waitMs, limits.readTransactionMsMax, 'every read ends by then')
  await answer({ done: true })
  assert.deepEqual(asked, ['passive', 'pause', 'restart', 'resume'])
})

test('a WAL at the hard limit that cannot be shortened refuses actions until it can', async () => {
  const { checkpoints, clock, wal, asked, answer } = world()
  wal.bytes = limits.walBytesHardMax
  checkpoints.look()
  assert.deepEqual(asked, ['passive', 'pause'])
  await answer({ done: false, error: full })
  assert.equal(asked.at(-1), 'resume', 'nobody waits for ever')
  const refusal = checkpoints.refusal()
  assert.ok(refusal instanceof StorageFull)
  assert.match(refusal.message, /walBytesHardMax.*disk is full/)
  clock.advance(limits.walRetryMs)
  assert.equal(asked.at(-1), 'passive', 'it tries again although nobody commits')
  await answer({ done: true })
  await answer({ done: true })
  assert.equal(checkpoints.refusal(), undefined)
  assert.equal(clock.timers(), 0)
})

test('a checkpoint whose flush failed ends the process', async () => {
  for (const code of [1034, 1290]) {
    const { checkpoints, wal, fatal, answer } = world()
    wal.bytes = limits.walBytesSoftMax
    checkpoints.look()
    await answer({ done: false, error: { message: 'disk I/O error', code } })
    assert.match(fatal[0]!.message, /could not be flushed/)
  }
})

test('a thread that could not start tries again with the next checkpoint', async (t) => {
  const folder = join(await temporaryFolder(t), 'later')
  const thread = openCheckpointThread(join(folder, 'some.db'))
  thread.wake()
  const request = { mode: 'passive', waitMs: 0 } as const
  const failed = await thread.checkpoint(request)
  assert.equal(failed.done, false)
  assert.match(failed.error?.message ?? '', /unable to open/)
  mkdirSync(folder)
  assert.deepEqual(await thread.checkpoint(request), { done: true })
  await thread.close()
})

/** Writes rows of 100 kB from eight writers that never rest, `count` in all. */
async function writeSteadily(
  write: (name: string) => Promise<unknown>,
  count: number,
): Promise<void> {
  let made = 0
  const writer = async (): Promise<void> => {
    while (made < count) await write(`t${made++}`)
  }
  await Promise.all(Array.from({ length: 8 }, writer))
}

test('under steady writes the WAL file stays short and is written over', async (t) => {
  const storage = await openedSqlite(t)
  const note = 'x'.repeat(100_000)
  const bytes = 1.5 * limits.walBytesHardMax
  const walBytes = () => storage.figures()['wal_bytes']!
  let longest = 0
  const write = async (name: string): Promise<void> => {
    await storage.write((tx) => tx.run(insertThing, { ...thing(name), note }))
    await storage.durable()
    longest = Math.max(longest, storage.figures()['wal_file_bytes']!)
  }
  // The first checkpoint also waits for its thread to start, and meanwhile nothing is written here.
  for (let i = 0; walBytes() < limits.walBytesSoftMax; i++) await write(`first ${i}`)
  const done = (count: number) => storage.figures()['checkpoints_total']! >= count
  await until('it was copied', () => done(1))
  await writeSteadily(write, bytes / note.length)
  await until('it was copied again', () => done(2))
  // A busy machine lets the other thread wait for a while, but never until the writer stands still.
  assert.ok(longest < limits.walBytesHardMax, `the WAL grew to ${longest} bytes`)
})

test('a long read lets the WAL grow to its hard limit and no further', async (t) => {
  // The clock stands still, so that nothing but the end of the read lets the writer go on.
  const storage = await openedSqlite(t, { clock: fakeClock() })
  const reading = Promise.withResolvers<void>()
  const held = storage.read(async (tx) => {
    await tx.all(allThings, {})
    await reading.promise
  })
  const note = 'x'.repeat(100_000)
  let done = 0
  const count = Math.ceil((1.2 * limits.walBytesHardMax) / note.length)
  const writing = writeSteadily(async (name) => {
    await storage.write((tx) => tx.run(insertThing, { ...thing(name), note }))
    done += 1
  }, count)
  try {
    while (storage.figures()['wal_bytes']! < limits.walBytesHardMax) await macrotask()
    for (let i = 0; i < 1_000; i++) await macrotask()
    assert.ok(done < count, 'the writer stands still')
    assert.ok(storage.figures()['wal_bytes']! < limits.walBytesHardMax + limits.walBytesSoftMax)
  } finally {
    // A failed assertion ends the read, too: closing the storage waits for it.
    reading.resolve()
  }
  await Promise.all([held, writing])
  assert.equal(done, count)
  assert.ok(storage.figures()['wal_file_bytes']! < limits.walBytesHardMax, 'the file was cut')
})
