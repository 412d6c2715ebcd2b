import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { append, batchOf, made, pass, producerOf, taken } from './contract.world.ts'
import { batchField, readBatchHeader, sealBatch } from './batch.ts'
import { putInt32 } from './integers.ts'
import { LogInUse } from './lock.ts'
import { indexEntryBytes } from './segment.index.ts'
import { openFileWorld, smallSizes, type FileWorld } from './store.file.world.ts'
import { openFileLog } from './store.file.ts'
import { openNodeDisk } from './disk.node.ts'
import type { FindingKind } from './verify.findings.ts'
import { verifyFolder } from './verify.folder.ts'
import { verifyText } from './verify.text.ts'

const segmentBytes = 16 * 1024

/** A log with a bit of everything: producers, transactions, retention, compaction, deletions. */
const fill = async (world: FileWorld): Promise<number> => {
  const { log } = world
  const orders = await made(log, { segmentBytes })
  const producer = producerOf(log, 7, { isPlain: true })
  for (let at = 0; at < 40; at++)
    await append(log, orders, producer.next([`${at} ${'x'.repeat(900)}`]))
  const ledger = await made(log, {}, 'ledger')
  for (const commit of [true, false]) {
    const writer = producerOf(log, commit ? 8 : 9)
    await append(log, orders, writer.next(['in a transaction']))
    await append(log, ledger, writer.next(['in a transaction, too']))
    await writer.end(commit, orders, ledger)
  }
  const compaction = { lagMs: 0, tombstoneMs: 0, dirtyShare: 0 }
  const keyed = await made(log, { segmentBytes: 2_000, compaction }, 'keyed')
  for (let at = 0; at < 60; at++) await append(log, keyed, [`key${at % 5}=${'y'.repeat(200)}`])
  const short = await made(log, { segmentBytes: 2_000, retentionBytes: 5_000 }, 'short')
  for (let at = 0; at < 60; at++) await append(log, short, ['z'.repeat(200)])
  const gone = await made(log, {}, 'gone')
  await append(log, gone, ['a'])
  taken(await log.deletePartition(gone))
  await pass(world)
  return orders
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .toSorted()

/** A copy of a log that was closed, to be damaged, and the files of its partition `orders`. */
const copyOf = async (t: TestContext, world: FileWorld) => {
  const copy = mkdtempSync(join(tmpdir(), 'fermata-verify-'))
  t.after(() => rmSync(copy, { recursive: true }))
  await world.log.close()
  cpSync(world.folder, copy, { recursive: true })
  const files = filesIn(copy).filter((path) => path.includes('-orders/'))
  return {
    copy,
    segments: files.filter((path) => path.endsWith('.log')),
    indexes: files.filter((path) => path.endsWith('.index')),
  }
}

const change = (folder: string, file: string, edit: (bytes: Buffer) => Uint8Array | void): void => {
  const bytes = readFileSync(join(folder, file))
  writeFileSync(join(folder, file), edit(bytes) ?? bytes)
}

/** Where the batches of a segment begin. */
const positionsIn = (bytes: Buffer): number[] => {
  const positions: number[] = []
  for (let at = 0; at < bytes.length; at += readBatchHeader(bytes, at).bytes) positions.push(at)
  return positions
}

/** Gives one of a segment's batches another sequence, and the checksum that belongs to it. */
const renumber = (bytes: Buffer, number: number, sequence: number): void => {
  const at = positionsIn(bytes)[number]!
  const batch = bytes.subarray(at, at + readBatchHeader(bytes, at).bytes)
  putInt32(batch, batchField.baseSequence, sequence)
  sealBatch(batch)
}

test('of a whole log there is nothing to say, and the look changes nothing', async (t) => {
  const world = await openFileWorld(t)
  await fill(world)
  const { copy } = await copyOf(t, world)
  const stateOf = () =>
    filesIn(copy).map((path) => {
      const hash = createHash('sha256')
        .update(readFileSync(join(copy, path)))
        .digest('hex')
      return [path, hash, statSync(join(copy, path)).mtimeMs]
    })
  const before = stateOf()
  const report = await verifyFolder(copy, smallSizes)
  assert.deepEqual(stateOf(), before)
  assert.deepEqual(report.findings, [])
  assert.equal(report.journal.frames, 0)
  const named = new Map(report.partitions.map((one) => [one.name, one]))
  assert.deepEqual([...named.keys()], ['log', 'orders', 'ledger', 'keyed', 'short'])
  const orders = named.get('orders')!
  assert.deepEqual([orders.start, orders.end, orders.batches, orders.records], [0, 44, 44, 44])
  assert.ok(orders.segments > 2)
  assert.equal(orders.producers, 3)
  assert.ok(named.get('keyed')!.records < 60)
  assert.ok(named.get('short')!.start > 0)
  const text = verifyText(report)
  assert.match(
    text,
    /^1 orders: offsets 0 to 43, 44 records in 44 batches, \d+ bytes in 3 segments$/m,
  )
  assert.match(text, /^nothing is lost$/m)
})

test('what stands in the journal alone is counted, and is no finding', async (t) => {
  const world = await openFileWorld(t)
  const orders = await made(world.log)
  await append(world.log, orders, ['a', 'b'])
  // As a kill leaves it: what is in memory never comes into a segment.
  const copy = mkdtempSync(join(tmpdir(), 'fermata-verify-'))
  t.after(() => rmSync(copy, { recursive: true }))
  cpSync(world.folder, copy, { recursive: true })
  const report = await verifyFolder(copy, smallSizes)
  assert.deepEqual(report.findings, [])
  const found = report.partitions.find(({ name }) => name === 'orders')
  assert.deepEqual([found?.end, found?.batches, found?.journalBatches], [2, 0, 1])
  assert.match(verifyText(report), /1 batches in the journal alone/)
})

test('while a log is open nobody looks at it', async (t) => {
  const world = await openFileWorld(t)
  await assert.rejects(verifyFolder(world.folder, smallSizes), LogInUse)
})

test('each kind of damage has its finding', async (t) => {
  const world = await openFileWorld(t)
  await fill(world)
  const { copy, segments, indexes } = await copyOf(t, world)
  const whole = mkdtempSync(join(tmpdir(), 'fermata-verify-'))
  t.after(() => rmSync(whole, { recursive: true }))
  cpSync(copy, whole, { recursive: true })
  const [first = '', second = ''] = segments
  const [index = ''] = indexes
  const damages: [string, FindingKind, boolean, () => void, file?: string][] = [
    [
      'a flipped bit in a batch',
      'batch_damaged',
      true,
      () => change(copy, first, (bytes) => void (bytes[positionsIn(bytes)[2]! + 300]! ^= 4)),
      first,
    ],
    [
      'a batch with another offset',
      'offset_wrong',
      true,
      () => change(copy, first, (bytes) => void (bytes[positionsIn(bytes)[2]! + 7]! += 1)),
      first,
    ],
    ['a lost segment', 'segment_missing', true, () => rmSync(join(copy, first)), first],
    [
      'a segment that is cut',
      'segment_short',
      true,
      () => change(copy, second, (bytes) => bytes.subarray(0, bytes.length - 500)),
      second,
    ],
    ['a lost index', 'index_missing', false, () => rmSync(join(copy, index)), index],
    [
      'a flipped bit in an index',
      'index_damaged',
      false,
      () => change(copy, index, (bytes) => void (bytes[indexEntryBytes + 9]! ^= 1)),
      index,
    ],
    [
      'an index of another segment’s batches',
      'index_wrong',
      false,
      () => {
        // Both begin at the base of the first, so the checks are right and the places are not.
        const bytes = readFileSync(join(copy, first))
        const [, third = 0] = positionsIn(bytes)
        writeFileSync(join(copy, first), bytes.subarray(third))
      },
      index,
    ],
    [
      'a batch that stands there twice, under another offset',
      'sequence_repeated',
      false,
      () => change(copy, first, (bytes) => renumber(bytes, 4, 3)),
      first,
    ],
    [
      'a batch in front of which one was left out',
      'sequence_wrong',
      true,
      () => change(copy, first, (bytes) => renumber(bytes, 4, 9)),
      first,
    ],
    [
      'a checkpoint that is damaged',
      'checkpoint_damaged',
      false,
      () => change(copy, 'journal/checkpoint-0', (bytes) => void (bytes[40]! ^= 1)),
      'journal/checkpoint-0',
    ],
    [
      'no checkpoint',
      'checkpoint_missing',
      false,
      () => {
        for (let at = 0; at < 4; at++) rmSync(join(copy, `journal/checkpoint-${at}`))
      },
    ],
    [
      'a file that nothing names',
      'leftover',
      false,
      () => writeFileSync(join(copy, first.replace('.log', '.7.log.next')), 'rest'),
      first.replace('.log', '.7.log.next'),
    ],
  ]
  for (const [title, kind, isLoss, hurt, file] of damages) {
    rmSync(copy, { recursive: true })
    cpSync(whole, copy, { recursive: true })
    hurt()
    const report = await verifyFolder(copy, smallSizes)
    const found = report.findings.find((finding) => finding.kind === kind)
    assert.ok(found !== undefined, `${title}: ${verifyText(report)}`)
    assert.equal(found.isLoss, isLoss, title)
    if (file !== undefined) assert.equal(found.file, file, title)
    assert.match(verifyText(report), new RegExp(`^${isLoss ? 'LOSS' : 'note'} ${kind} `, 'm'))
  }
})

test('damage in the journal is told: a frame that was on disk, and one that never was', async (t) => {
  const world = await openFileWorld(t)
  const orders = await made(world.log)
  for (const text of ['a', 'b', 'c']) await append(world.log, orders, [text])
  const copy = mkdtempSync(join(tmpdir(), 'fermata-verify-'))
  t.after(() => rmSync(copy, { recursive: true }))
  const kinds = async (edit: (bytes: Buffer) => void): Promise<FindingKind[]> => {
    cpSync(world.folder, copy, { recursive: true })
    change(copy, 'journal/0000.journal', edit)
    const { findings } = await verifyFolder(copy, smallSizes)
    return findings.map(({ kind }) => kind)
  }
  // Each frame stands on a page of its own: the partition's making, and three appends.
  const page = 4_096
  assert.deepEqual(await kinds(() => undefined), [])
  assert.deepEqual(await kinds((bytes) => void (bytes[3 * page + 60]! ^= 1)), ['frame_torn'])
  const lost = await kinds((bytes) => void (bytes[2 * page + 60]! ^= 1))
  assert.deepEqual(lost, ['frame_damaged', 'offset_wrong'])
})

test('what a start has set aside and noted is no loss any more', async (t) => {
  const world = await openFileWorld(t)
  await fill(world)
  const { copy, segments } = await copyOf(t, world)
  const [first = ''] = segments
  change(copy, first, (bytes) => void (bytes[positionsIn(bytes)[2]! + 300]! ^= 4))
  const disk = await openNodeDisk(copy)
  const { clock } = world
  const log = await openFileLog({ disk, clock, randomU32: () => 7, sizes: smallSizes })
  const order = { partition: 1, bytesMax: 4_000, committed: false }
  for (let offset = 0; offset < 5; offset++) taken(await log.read({ ...order, offset }))
  await append(log, 1, batchOf(['after']))
  await log.close()
  await disk.close()
  const report = await verifyFolder(copy, smallSizes)
  assert.deepEqual(
    report.findings.map(({ kind, isLoss }) => [kind, isLoss]),
    [['batch_damaged', false]],
  )
  assert.equal(report.quarantined.length, 1)
  assert.deepEqual(
    report.partitions.map(({ gaps }) => gaps.length),
    [0, 1, 0, 0, 0],
  )
  assert.match(verifyText(report), /gap 2 to 2: .*\n[^]*nothing is lost; 1 things/)
})
