import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { seededRandom } from '@fermata/testkit/random'
import { pageBytes } from './arena.ts'
import { readBatchHeader } from './batch.ts'
import { append, made, producerOf, textsIn } from './contract.world.ts'
import { openNodeDisk } from './disk.node.ts'
import { readFrame } from './journal.frame.ts'
import { openFileLog, type FileLog } from './store.file.ts'
import { openFileWorld, smallSizes, type FileWorld } from './store.file.world.ts'

const records = 60
const texts = Array.from({ length: records }, (_, at) => `${at} ${'x'.repeat(900)}`)

/** A log of sixty batches of one record each. */
const filled = async (world: FileWorld): Promise<number> => {
  const orders = await made(world.log, { segmentBytes: 24 * 1024 })
  const producer = producerOf(world.log, 7, { isPlain: true })
  for (const text of texts) await append(world.log, orders, producer.next([text]))
  return orders
}

/** Does something to a copy of the log's folder and opens it. */
const opened = async (
  t: TestContext,
  world: FileWorld,
  hurt: (folder: string) => void,
): Promise<FileLog & { readonly folder: string }> => {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-damage-'))
  cpSync(world.folder, folder, { recursive: true })
  hurt(folder)
  const disk = await openNodeDisk(folder)
  const log = await openFileLog({
    disk,
    clock: world.clock,
    randomU32: () => 9,
    sizes: smallSizes,
  })
  t.after(async () => {
    await log.close()
    await disk.close()
    rmSync(folder, { recursive: true })
  })
  return { ...log, folder }
}

const garbage = (bytes: Buffer, at: number, length: number, seed: string): void => {
  const random = seededRandom(seed)
  for (let index = 0; index < length; index++) bytes[at + index] = random.below(256)
}

const change = (file: string, edit: (bytes: Buffer) => void): void => {
  const bytes = readFileSync(file)
  edit(bytes)
  writeFileSync(file, bytes)
}

/** Where the last frame of a journal's first file stands, and where it ends. */
const lastFrame = (bytes: Buffer): { readonly at: number; readonly end: number } => {
  let found = { at: 0, end: 0 }
  for (let at = 0; at < bytes.length; at += pageBytes) {
    const frame = readFrame(bytes, at)
    if (frame !== undefined) found = { at, end: at + frame.paddedBytes }
  }
  return found
}

const filesOf = (folder: string, ending: string): string[] => {
  const orders = join(folder, 'partitions', '1-orders')
  return readdirSync(orders)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(orders, name))
}

test('garbage behind the journal’s last frame is passed over', async (t) => {
  const world = await openFileWorld(t)
  const orders = await filled(world)
  const log = await opened(t, world, (folder) =>
    change(join(folder, 'journal', '0000.journal'), (bytes) =>
      garbage(bytes, lastFrame(bytes).end, 2 * pageBytes, t.name),
    ),
  )
  assert.deepEqual(await textsIn(log, orders), texts)
  assert.equal(log.recovered.damagedFrames, 0)
})

test('a last frame that is torn is cut off, and the start says so and keeps a copy', async (t) => {
  const world = await openFileWorld(t)
  const orders = await filled(world)
  const log = await opened(t, world, (folder) =>
    change(join(folder, 'journal', '0000.journal'), (bytes) => {
      const { at, end } = lastFrame(bytes)
      garbage(bytes, at + 512, Math.min(512, end - at - 512), t.name)
    }),
  )
  assert.deepEqual(await textsIn(log, orders), texts.slice(0, -1))
  assert.ok(log.recovered.cutBytes > 0)
  assert.deepEqual(log.partition(orders)?.gaps, [])
  assert.equal(readdirSync(join(log.folder, 'quarantine')).length, 1)
})

test('garbage in the middle of a segment is a gap; the rest is served, and a copy is kept', async (t) => {
  const world = await openFileWorld(t)
  const orders = await filled(world)
  await world.log.close()
  const log = await opened(t, world, (folder) => {
    const [first = ''] = filesOf(folder, '.log')
    change(first, (bytes) => {
      const { bytes: batchBytes } = readBatchHeader(bytes, 0)
      garbage(bytes, 3 * batchBytes + 20, 2 * batchBytes, t.name)
    })
  })
  assert.deepEqual(await textsIn(log, orders), texts.toSpliced(3, 3))
  assert.deepEqual(
    log.partition(orders)?.gaps.map(({ from, to }) => [from, to]),
    [[3, 6]],
  )
  assert.equal(readdirSync(join(log.folder, 'quarantine')).length, 1)
})

for (const [title, hurt] of [
  [
    'garbage in an index',
    (folder: string) => {
      for (const file of filesOf(folder, '.index')) {
        change(file, (bytes) => garbage(bytes, 30, bytes.length - 30, 'garbage in an index'))
      }
    },
  ],
  [
    'a lost index',
    (folder: string) => {
      for (const file of filesOf(folder, '.index')) rmSync(file)
    },
  ],
  [
    'one checkpoint of garbage',
    (folder: string) =>
      change(join(folder, 'journal', 'checkpoint-0'), (bytes) =>
        garbage(bytes, 0, bytes.length, 'one checkpoint of garbage'),
      ),
  ],
  [
    'nothing but garbage for checkpoints',
    (folder: string) => {
      for (let at = 0; at < 4; at++) {
        change(join(folder, 'journal', `checkpoint-${at}`), (bytes) =>
          garbage(bytes, 0, bytes.length, 'nothing but garbage for checkpoints'),
        )
      }
    },
  ],
  [
    'a journal of garbage',
    (folder: string) => {
      for (const name of ['0000.journal', '0001.journal']) {
        change(join(folder, 'journal', name), (bytes) =>
          garbage(bytes, 0, bytes.length, 'a journal of garbage'),
        )
      }
    },
  ],
] as const) {
  test(`${title} loses nothing of a log that was closed`, async (t) => {
    const world = await openFileWorld(t)
    const orders = await filled(world)
    await world.log.close()
    const log = await opened(t, world, hurt)
    assert.deepEqual(await textsIn(log, orders), texts)
    for (let offset = 0; offset < records; offset += 7) {
      const answer = await log.read({ partition: orders, offset, bytesMax: 1, committed: false })
      assert.ok(answer.ok && readBatchHeader(answer.value.bytes, 0).baseOffset === offset)
    }
    assert.deepEqual(log.partition(orders)?.gaps, [])
    const again = producerOf(log, 7, { isPlain: true, sequence: records - 1 })
    const repeated = await append(log, orders, again.next(texts.slice(-1)))
    assert.deepEqual(repeated, { first: records - 1, last: records - 1, duplicate: true })
  })
}
